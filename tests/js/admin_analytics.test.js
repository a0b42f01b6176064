import assert from "node:assert/strict";
import { test } from "node:test";

import { barLabel, histogram, itemPoints, percentOf, spanOf } from "../../static/js/pages/admin/analytics_model.js";

test("a period is a time to begin, or none", () => {
  assert.deepEqual(spanOf("30", Date.parse("2026-11-24T00:00:00Z")), { since: "2026-10-25T00:00:00.000Z" });
  assert.deepEqual(spanOf("all", 0), {});
});

test("a share of nothing is no per cent", () => {
  assert.equal(percentOf({ count: 2, of: 3 }), 67);
  assert.equal(percentOf({ count: 0, of: 0 }), null);
});

test("the highest bar fills the box, and none is drawn of nothing", () => {
  const bars = histogram([{ low: 0, high: 10, count: 2 }, { low: 10, high: 20, count: 4 }], 100, 50);
  assert.deepEqual(bars.map((bar) => [bar.x, bar.width, bar.height]), [[2, 46, 25], [52, 46, 50]]);
  assert.equal(histogram([{ low: 0, high: 1, count: 0 }], 10, 50)[0].height, 0);
  assert.deepEqual(histogram([], 10, 50), []);
});

test("a bar is named by what is in it", () => {
  assert.deepEqual([{ low: 40, high: 50 }, { low: 90, high: 100 }, { low: 3, high: 4 }, { low: 6, high: null }].map(barLabel), ["40–49", "90–100", "3", "6 and more"]);
});

test("an easy question that tells apart stands at the top right", () => {
  const items = [{ place: 1, facility: 1, discrimination: 1, flags: [] }, { place: 2, facility: 0.5, discrimination: -1, flags: ["check_the_key"] }, { place: 3, facility: null, discrimination: null, flags: [] }];
  assert.deepEqual(itemPoints(items, 400, 200), [{ place: 1, x: 400, y: 0, isFlagged: false }, { place: 2, x: 200, y: 200, isFlagged: true }]);
});
