import assert from "node:assert/strict";
import { test } from "node:test";

import { HeardReports, LONGEST_LATENCY_MS, outputLatencyMs } from "../../static/js/call/heard_reports.js";

test("the output latency is what the browser tells of both its parts", () => {
  assert.equal(outputLatencyMs({ baseLatency: 0.01, outputLatency: 0.032 }), 42);
  assert.equal(outputLatencyMs({ baseLatency: 0.01 }), 10);
  assert.equal(outputLatencyMs({}), 0);
  assert.equal(outputLatencyMs({ baseLatency: NaN, outputLatency: -1 }), 0);
  assert.equal(outputLatencyMs({ baseLatency: 0, outputLatency: 9 }), LONGEST_LATENCY_MS);
});

test("a report waits until what it says has reached the ear", () => {
  const heard = new HeardReports(24_000);
  heard.setLatency(50);
  heard.add({ type: "started", epoch: 1, playedMs: 0 }, 1_000);
  heard.add({ type: "progress", epoch: 1, playedMs: 200 }, 5_800);
  assert.deepEqual(heard.due(2_199), []);
  assert.deepEqual(heard.due(2_200), [{ type: "started", epoch: 1, playedMs: 0, contextFrame: 2_200 }]);
  assert.deepEqual(heard.due(7_000).map((report) => report.playedMs), [200]);
  assert.deepEqual(heard.due(99_000), []);
});

test("without a known latency a report is due at once", () => {
  const heard = new HeardReports(24_000);
  heard.add({ type: "ended", epoch: 2, playedMs: 900 }, 480);
  assert.deepEqual(heard.due(480).map((report) => report.contextFrame), [480]);
});

test("what waits about a reply that was thrown away is dropped", () => {
  const heard = new HeardReports(24_000);
  heard.setLatency(100);
  heard.add({ type: "progress", epoch: 1, playedMs: 200 }, 0);
  heard.add({ type: "started", epoch: 2, playedMs: 0 }, 100);
  heard.clear(1);
  assert.deepEqual(heard.due(10_000).map((report) => report.epoch), [2]);
});

test("a latency that shrinks does not turn the order round", () => {
  const heard = new HeardReports(1_000);
  heard.setLatency(300);
  heard.add({ type: "started", epoch: 1, playedMs: 0 }, 0);
  heard.setLatency(10);
  heard.add({ type: "ended", epoch: 1, playedMs: 50 }, 50);
  assert.deepEqual(heard.due(200), []);
  assert.deepEqual(heard.due(300).map((report) => report.type), ["started", "ended"]);
});
