import assert from "node:assert/strict";
import { test } from "node:test";

import { askedFor, detailLines, queryOf, viewOf } from "../../static/js/pages/admin/audit_model.js";

test("what was chosen goes into the address and comes back", () => {
  const view = { actor: "a", action: "role.", from: "2026-11-01", to: "" };
  assert.deepEqual(viewOf(queryOf(view)), view);
  assert.equal(viewOf(new URLSearchParams("from=yesterday")).from, "");
});

test("both days belong to the time, and an action may be given by its beginning", () => {
  const asked = askedFor({ actor: "a", action: "role.", from: "2026-11-01", to: "2026-11-01" }, 7);
  assert.deepEqual([asked.actor_id, asked.action], ["eq.a", "like.role.*"]);
  const [, from, to] = /^\(at\.gte\.(.+),at\.lt\.(.+),id\.lt\.7\)$/.exec(asked.and);
  assert.equal(Date.parse(from), new Date("2026-11-01T00:00:00").getTime());
  assert.equal(Date.parse(to), new Date("2026-11-02T00:00:00").getTime());
});

test("without a choice everything is asked for, and a pattern is no way round the choice", () => {
  const asked = askedFor(viewOf(new URLSearchParams()));
  assert.deepEqual([asked.actor_id, asked.action, asked.and], [undefined, undefined, undefined]);
  assert.equal(askedFor({ actor: "", action: '*%,)"x', from: "", to: "" }).action, "like.x*");
});

test("changes are told with before and after, and the rest as it is", () => {
  assert.deepEqual(detailLines({ changed: { title: ["A", "B"], text: { length: 3 } }, rows: 2, query: null }), [
    { name: "title", before: "A", after: "B" },
    { name: "text", before: null, after: '{"length":3}' },
    { name: "rows", before: null, after: "2" },
    { name: "query", before: null, after: "–" },
  ]);
  assert.deepEqual(detailLines(null), []);
});
