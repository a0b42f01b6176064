import assert from "node:assert/strict";
import { test } from "node:test";

import { captionOf, turnAt, withTurn } from "../../static/js/call/transcript.js";
import { problemOf, PROBLEMS, VoiceTest } from "../../static/js/call/microphone_problems.js";
import { clock, duration, initials, measure } from "../../static/js/lib/format.js";
import { processingState } from "../../static/js/pages/processing.js";
import { rowsOf } from "../../static/js/pages/customer_card.js";
import { pollUntil, waitBefore } from "../../static/js/polling.js";
import { lessonsOf, lockReason, neighbours, nextLesson, progressOf, unlocked, withLocks } from "../../static/js/progress.js";
import { match } from "../../static/js/router.js";

test("an address finds its route and its parameters", () => {
  const routes = [{ path: "/" }, { path: "/calls/:id" }, { path: "/calls/:id/live" }];
  assert.deepEqual(match("/calls/a%20b/live", routes), { route: routes[2], params: { id: "a b" } });
  assert.deepEqual(match("/", routes), { route: routes[0], params: {} });
  assert.deepEqual(match("/calls/%E0%A4%A", routes).params, { id: "%E0%A4%A" });
  assert.equal(match("/nowhere", routes), null);
});

const MODULES = [
  { id: "m2", title: "Two", order_index: 2, lessons: [{ id: "c", order_index: 1 }] },
  { id: "m1", title: "One", order_index: 1, lessons: [{ id: "b", order_index: 2 }, { id: "a", order_index: 1 }] },
];
const COUNTS = [
  { module_id: "m1", is_locked: false, total_lessons: 2, completed_lessons: 1 },
  { module_id: "m2", is_locked: false, total_lessons: 1, completed_lessons: 0 },
];

test("progress counts lessons in their order", () => {
  const course = withLocks({ modules: MODULES }, COUNTS);
  const lessons = lessonsOf(course);
  assert.deepEqual(lessons.map((lesson) => lesson.id), ["a", "b", "c"]);
  assert.deepEqual(progressOf(course.modules), { done: 1, total: 3, percent: 33 });
  assert.equal(nextLesson(lessons, new Set(["a"])).id, "b");
  assert.equal(nextLesson(lessons, new Set(["a", "b", "c"])), null);
  const { before, after, blockedBy } = neighbours(course, "b");
  assert.deepEqual([before.id, after.id, blockedBy], ["a", "c", null]);
  assert.deepEqual(neighbours(course, "zz"), { before: null, after: null, blockedBy: null });
  assert.deepEqual(progressOf([]), { done: 0, total: 0, percent: 0 });
});

test("a locked module counts, names what opens it, and is where the way on ends", () => {
  const hidden = [{ ...MODULES[0], lessons: [] }, MODULES[1], { id: "m3", title: "Three", order_index: 3, lessons: [] }];
  const locks = [COUNTS[0], { ...COUNTS[1], is_locked: true, total_lessons: 4 }, { ...COUNTS[1], module_id: "m3", is_locked: true }];
  const course = withLocks({ modules: hidden }, locks);
  assert.deepEqual(course.modules.map((module) => [module.locked, module.waitsFor]), [[false, null], [true, "One"], [true, "One"]]);
  assert.equal(lockReason(course.modules[2]), "Complete “One” first");
  assert.deepEqual(progressOf(course.modules), { done: 1, total: 7, percent: 14 });
  assert.equal(neighbours(course, "a").blockedBy, null);
  assert.deepEqual([neighbours(course, "b").after, neighbours(course, "b").blockedBy.title], [null, "Two"]);
  assert.deepEqual(unlocked(course, withLocks({ modules: MODULES }, COUNTS)), ["Two"]);
  assert.deepEqual(unlocked(course, course), []);
});

test("a caption shows what was heard of an interrupted turn", () => {
  assert.equal(captionOf({ text: "I have been waiting", heardText: "I have been,", cutOff: true }), "I have been —");
  assert.equal(captionOf({ text: "Yes", heardText: "", cutOff: true }), "(interrupted)");
  assert.equal(captionOf({ text: "Hello.", heardText: null, cutOff: false }), "Hello.");
});

test("a turn without words says so and stays where it was said", () => {
  const [turn] = withTurn([], { turn_id: "t1", number: 1, speaker: "user", text: "", start_ms: 900, end_ms: 4_000, not_transcribed: "failed", final: true });
  assert.equal(captionOf(turn), "(could not be transcribed)");
  assert.deepEqual([turn.startMs, turn.endMs, turn.final], [900, 4_000, true]);
});

test("captions stand in the order in which turns began, whatever their clocks say", () => {
  const answer = { turn_id: "t2", number: 2, speaker: "ai", text: "Well,", start_ms: 980 };
  const question = { turn_id: "t1", number: 1, speaker: "user", text: "How?", start_ms: 1_000, final: true };
  const unnumbered = { turn_id: "t0", speaker: "ai", text: "Hello", start_ms: 0 };
  const turns = [answer, question, unnumbered, { ...answer, text: "Well, badly." }].reduce(withTurn, []);
  assert.deepEqual(turns.map((turn) => turn.text), ["Hello", "How?", "Well, badly."]);
});

test("the turn at a time is the one that began last", () => {
  const turns = [{ start_ms: 100 }, { start_ms: 900 }];
  assert.equal(turnAt(turns, 50), null);
  assert.equal(turnAt(turns, 899), turns[0]);
  assert.equal(turnAt(turns, 5_000), turns[1]);
});

test("every microphone problem has words", () => {
  for (const name of ["NotAllowedError", "NotFoundError", "NotReadableError", "UnsupportedError", "Other"]) {
    assert.ok(PROBLEMS[problemOf({ name })].title, name);
  }
  assert.equal(problemOf({ name: "NotAllowedError" }), "blocked");
  assert.equal(problemOf(undefined), "unknown");
});

test("the voice test hears speech, misses silence and notices clipping", () => {
  const quiet = new VoiceTest();
  for (let index = 0; index < 82; index += 1) quiet.add(0.001, 50);
  assert.equal(quiet.verdict, "too_quiet");
  const clear = new VoiceTest();
  for (let index = 0; index < 8; index += 1) clear.add(0.1, 50);
  assert.equal(clear.verdict, "heard");
  const loud = new VoiceTest();
  for (let index = 0; index < 20; index += 1) loud.add(0.9, 50);
  assert.equal(loud.verdict, "clipping");
});

test("the steps of a call that ended follow recording and evaluation", () => {
  const steps = (call, evaluation, recording) => processingState({ call: { state: call }, evaluation: { state: evaluation }, recording }).steps.map((step) => step.state);
  assert.deepEqual(steps("live", "waiting", "recording"), ["waiting", "active", "waiting"]);
  assert.deepEqual(steps("ended", "queued", "encoding"), ["active", "done", "active"]);
  assert.deepEqual(steps("ended", "failed", "ready"), ["done", "done", "failed"]);
});

test("asking again grows rarer, survives errors and stops when told", async () => {
  assert.ok(waitBefore(0) < waitBefore(3));
  assert.equal(waitBefore(50), 10_000);
  const abort = new AbortController();
  let asked = 0;
  const ask = async () => {
    asked += 1;
    if (asked === 2) throw Object.assign(new Error("gone"), { status: 503 });
    return asked === 4;
  };
  await pollUntil(ask, { signal: abort.signal, pause: async () => {} });
  assert.equal(asked, 4);
  const denied = async () => {
    throw Object.assign(new Error("no"), { status: 404 });
  };
  await assert.rejects(pollUntil(denied, { signal: abort.signal, pause: async () => {} }), { status: 404 });
});

test("numbers are written for people", () => {
  assert.deepEqual([clock(0), clock(65_400), clock(3_725_000), clock(null)], ["0:00", "1:05", "1:02:05", "0:00"]);
  assert.deepEqual([duration(49_000), duration(252_000), duration(120_000)], ["49 s", "4 min 12 s", "2 min"]);
  assert.deepEqual([measure(640, "ms"), measure(54, "percent"), measure(null, "wpm"), measure(2.44, "per_minute")], ["0.6 s", "54 %", "–", "2.4 per min"]);
  assert.deepEqual([initials("Dana Ortiz"), initials("x@y"), initials(""), initials("Ana María de la Cruz")], ["DO", "X", "?", "AC"]);
});

test("a customer card becomes rows, whatever is on it", () => {
  const card = { facts: [{ label: "Plan", value: "Family" }], account: { last_invoice: 84.2 }, note: "VIP", empty: null };
  assert.deepEqual(rowsOf(card), [{ label: "Plan", value: "Family" }, { label: "Last invoice", value: "84.2" }, { label: "Note", value: "VIP" }]);
});
