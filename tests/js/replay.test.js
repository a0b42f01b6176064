import assert from "node:assert/strict";
import { test } from "node:test";

import { workerUrl } from "../../static/js/lib/html.js";
import { countsOf, rightsIn, rightsOn, threadsOf } from "../../static/js/replay/comments_model.js";
import { lanePath, loudestOf, peaksOf } from "../../static/js/replay/peaks.js";
import { actionOf, afterSilence, marksOf, nextMark, silencesOf, speedFrom, startOf, turnFrom, wordAt } from "../../static/js/replay/replay_model.js";
import { changesOf, choicesOf, chosenCalls, overridesOf, placesOf, reasonCounts } from "../../static/js/replay/review_model.js";
import { standingOf } from "../../static/js/replay/standing.js";

const TURNS = [
  { turn_id: "t1", start_ms: 1_000, end_ms: 3_000, text: "Hello there." },
  { turn_id: "t2", start_ms: 2_500, end_ms: 4_000, text: "Hi, you." },
  { turn_id: "t3", start_ms: 9_000, end_ms: 10_000, text: "Bye." },
];

test("silences lie between turns, are longer than a breath, and turns may overlap", () => {
  assert.deepEqual(silencesOf(TURNS, 13_000), [{ from: 4_350, to: 8_650 }, { from: 10_350, to: 12_650 }]);
  assert.deepEqual(silencesOf([], 1_000), []);
  const silences = silencesOf(TURNS, 13_000);
  assert.deepEqual([4_000, 5_000, 8_640, 9_500].map((ms) => afterSilence(silences, ms)), [null, 8_650, null, null]);
});

test("each moment of a turn has one word, in their order", () => {
  const turn = { text: "Good morning, Brightline.", start_ms: 0, end_ms: 1_000 };
  const said = [...Array(100).keys()].map((step) => wordAt(turn, step * 10)).map(([from, to]) => turn.text.slice(from, to));
  assert.deepEqual([...new Set(said)], ["Good", "morning,", "Brightline."]);
  assert.equal(wordAt(turn, 1_000), null);
  assert.equal(wordAt({ text: "", start_ms: 0, end_ms: 10 }, 5), null);
});

test("turns are stepped through; the one that has just begun is left behind", () => {
  assert.deepEqual([turnFrom(TURNS, 1_000, 1), turnFrom(TURNS, 9_500, 1)], [2_500, null]);
  assert.deepEqual([turnFrom(TURNS, 9_500, -1), turnFrom(TURNS, 500, -1), turnFrom([], 5, -1)], [2_500, 1_000, null]);
});

test("marks come from feedback, from comments with a time, and from what failed the call", () => {
  const turns = [{ ...TURNS[0], feedback: { rating: "good" } }, { ...TURNS[2], feedback: { rating: "poor" } }];
  const comments = [{ at_ms: 5_000 }, { at_ms: null }, { at_ms: 6_000, reply_to: "c1" }, { at_ms: 7_000, deleted_at: "2026-11-24" }];
  const marks = marksOf({ turns, comments, autoFail: { at_ms: 8_000 } });
  assert.deepEqual(marks.map((mark) => [mark.at_ms, mark.kind, mark.tone]), [[1_000, "feedback", "good"], [5_000, "comment", "none"], [8_000, "auto_fail", "bad"], [9_000, "feedback", "bad"]]);
  assert.deepEqual([nextMark(marks, 5_000).at_ms, nextMark(marks, 9_500).at_ms, nextMark([], 0)], [8_000, 1_000, null]);
});

test("a link stands at its moment, within the call", () => {
  assert.deepEqual(["?t=83000", "?t=99999999", "?t=-1", "?t=1e3", ""].map((search) => startOf(search, 90_000)), [83_000, 90_000, null, null, null]);
});

test("keys act in the replay, but not in fields, on buttons, or with others", () => {
  const press = (key, tagName = "DIV", more = {}) => actionOf({ key, target: { tagName, ...more } });
  assert.deepEqual([" ", "K", "j", ".", "f", "?"].map((key) => press(key)), ["play", "play", "back", "turn_ahead", "next_mark", "help"]);
  assert.deepEqual([press(" ", "BUTTON"), press("k", "BUTTON"), press("k", "TEXTAREA"), press("k", "INPUT", { type: "text" }), press("k", "INPUT", { type: "range" })], [null, "play", null, null, "play"]);
  assert.equal(actionOf({ key: "f", ctrlKey: true, target: { tagName: "DIV" } }), null);
  assert.equal(press("toString"), null);
});

test("speeds stay within what there is", () => {
  assert.deepEqual([speedFrom(1, 1), speedFrom(2, 1), speedFrom(0.75, -1)], [1.25, 2, 0.75]);
});

test("peaks are the loudest of each piece, and every sample belongs to one", () => {
  const samples = Float32Array.from([0, 0.5, -1, 0.25, 0.1, -0.2, 0]);
  assert.deepEqual([...peaksOf(samples, 3)].map((value) => Math.round(value * 100)), [50, 100, 20]);
  assert.deepEqual([...peaksOf(new Float32Array(0), 2)], [0, 0]);
  assert.equal(loudestOf(peaksOf(samples, 3), Float32Array.from([0.3])), 1);
});

test("a lane is drawn about its middle, silence as a thin line", () => {
  assert.equal(lanePath([0, 1], { middle: 10, half: 8, loudest: 1 }), "M250.0 9.6V10.4M750.0 2.0V18.0");
  assert.equal(lanePath([0], { middle: 10, half: 8, loudest: 0 }), "M500.0 9.6V10.4");
});

test("workers are scripts of this application", () => {
  assert.equal(workerUrl("/static/js/replay/peaks.worker.js"), "/static/js/replay/peaks.worker.js");
  for (const path of ["https://else.where/static/js/a.js", "/static/js/../../rest/v1/x.js", "/rest/v1/x.js"]) assert.throws(() => workerUrl(path), TypeError);
});

const COMMENTS = [
  { id: "late", at_ms: 9_000, created_at: "2026-11-24T10:00:00Z" },
  { id: "whole", at_ms: null, created_at: "2026-11-24T11:00:00Z", resolved_at: "2026-11-24T12:00:00Z" },
  { id: "answer2", reply_to: "late", created_at: "2026-11-24T10:03:00Z" },
  { id: "answer1", reply_to: "late", created_at: "2026-11-24T10:02:00Z" },
  { id: "gone", at_ms: 1, created_at: "2026-11-24T09:00:00Z", deleted_at: "2026-11-24T09:01:00Z" },
];

test("threads stand by their place in the call, answers by their time", () => {
  const threads = threadsOf(COMMENTS);
  assert.deepEqual(threads.map((thread) => [thread.id, thread.replies.map((reply) => reply.id)]), [["whole", []], ["late", ["answer1", "answer2"]]]);
  assert.deepEqual(countsOf(threads), { open: 1, resolved: 1 });
  assert.equal(threadsOf([...COMMENTS, { id: "a", reply_to: "gone", created_at: "2026-11-24T09:02:00Z" }]).length, 3);
});

test("managers and admins comment on calls of others; authors change their own words", () => {
  const [mira, tess, ada] = [{ id: "mira", roles: ["manager"] }, { id: "tess", roles: ["trainee"] }, { id: "ada", roles: ["admin"] }];
  assert.deepEqual([mira, tess, ada].map((me) => rightsIn(me, "tess").write), [true, false, true]);
  assert.equal(rightsIn(mira, "mira").write, false);
  const comment = { author_id: "mira" };
  assert.deepEqual([mira, tess, ada].map((me) => rightsOn(comment, me)), [{ edit: true, remove: true }, { edit: false, remove: false }, { edit: false, remove: true }]);
});

test("an attempt is compared with those before it, not with those after", () => {
  const attempts = [60, 90, 70, 99].map((overall_score, place) => ({ id: String(place), call_id: `c${place}`, overall_score }));
  const { number, delta, best, previous } = standingOf(attempts, "c2");
  assert.deepEqual([number, delta, best, previous.id], [3, -20, 90, "1"]);
  assert.deepEqual([standingOf(attempts, "c0").previous, standingOf(attempts, "c0").delta, standingOf(attempts, "none")], [null, null, null]);
});

const check = (key, verdict, more = {}) => ({ key, text: key, verdict, ...more });
const REPORT = {
  sections: [
    {
      title: "Opening",
      criteria: [
        { key: "greet", kind: "checks", checks: [check("hello", "met"), check("name", "met", { machine: { verdict: "not_met" }, overridden_because: "Heard it." })] },
        { key: "pace", kind: "metric", title: "Pace", verdict: "not_met", checks: [] },
      ],
    },
  ],
};

test("a review goes on from the draft, else from what the last review has changed", () => {
  const places = placesOf(REPORT);
  assert.deepEqual(places.map(({ place, judged, effective }) => [place, judged, effective]), [["greet/hello", "met", "met"], ["greet/name", "not_met", "met"], ["pace", "not_met", "not_met"]]);
  assert.deepEqual([...choicesOf(places, null)], [["greet/name", { verdict: "met", reason: "Heard it." }]]);
  const draft = { overrides: [{ criterion: "pace", check: null, verdict: "not_applicable" }] };
  assert.deepEqual([...choicesOf(places, draft)], [["pace", { verdict: "not_applicable", reason: "" }]]);
});

test("what says the same as the judge overrules nothing", () => {
  const places = placesOf(REPORT);
  const choices = new Map([["greet/hello", { verdict: "met", reason: "" }], ["pace", { verdict: "met", reason: "Fine." }]]);
  assert.deepEqual(overridesOf(places, choices), [{ criterion: "pace", check: null, verdict: "met", reason: "Fine." }]);
  assert.deepEqual(changesOf({ before: { overall_score: 55, passed: false }, after: { overall_score: 81, passed: false } }), [{ key: "overall_score", before: 55, after: 81 }]);
});

test("the queue stands by urgency and counts each reason", () => {
  const row = (id, reasons, priority, more) => ({ id, reasons, priority, waiting_since: "2026-11-24T10:00:00Z", claimed_by: null, ...more });
  const rows = [row("a", ["sample"], 5), row("b", ["dispute", "near_pass_mark"], 1), row("c", ["sample"], 5, { waiting_since: "2026-11-20T10:00:00Z", claimed_by: "me" })];
  assert.deepEqual(chosenCalls(rows, { reason: null, mine: false }, "me").map((one) => one.id), ["b", "c", "a"]);
  assert.deepEqual(chosenCalls(rows, { reason: "sample", mine: false }, "me").map((one) => one.id), ["c", "a"]);
  assert.deepEqual(chosenCalls(rows, { reason: null, mine: true }, "me").map((one) => one.id), ["c"]);
  assert.deepEqual(reasonCounts(rows), [["dispute", 1], ["near_pass_mark", 1], ["sample", 2]]);
});
