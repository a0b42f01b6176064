import assert from "node:assert/strict";
import { test } from "node:test";

import { readAs } from "../../static/js/lib/format.js";
import { reviewed } from "../../static/js/quiz/review.js";
import { factsOf, stateOf, whyHidden } from "../../static/js/quiz/standing.js";
import { inWords, TimeLeft } from "../../static/js/quiz/time_left.js";

const NOW = "2026-11-24T10:00:00Z";
const RESULT = {
  now: NOW, question_count: 6, attempts: 0, attempts_left: null, next_attempt_at: null, open_sitting_id: null, deadline_at: null,
  time_limit_seconds: null, passing_grade: 80, counts: "best", review: null, passed: false,
};
const QUIZ = { drawCount: null, timeLimitMinutes: null, coolDownMinutes: null };

test("what can be done now follows from where one stands", () => {
  const states = [
    [{}, "start"],
    [{ question_count: 0 }, "empty"],
    [{ attempts_left: 0 }, "none_left"],
    [{ attempts_left: 1, next_attempt_at: "2026-11-24T10:00:01Z" }, "wait"],
    [{ next_attempt_at: NOW }, "start"],
    [{ open_sitting_id: "s", attempts_left: 0 }, "continue"],
    [{ open_sitting_id: "s", deadline_at: "2026-11-24T10:00:01Z" }, "continue"],
    [{ open_sitting_id: "s", deadline_at: NOW }, "time_is_up"],
  ];
  for (const [change, expected] of states) assert.equal(stateOf({ ...RESULT, ...change }), expected, JSON.stringify(change));
});

const said = (quiz, result) => factsOf({ ...QUIZ, ...quiz }, { ...RESULT, ...result }).map(({ value, note }) => [value, note].filter(Boolean).join(" | "));

test("the start page says what one has to know", () => {
  assert.deepEqual(said({}, {}), ["6", "No limit", "As many as you like", "80 % | your best attempt counts", "Your score, and what was right and wrong"]);
  const limited = { timeLimitMinutes: 10, coolDownMinutes: 90, drawCount: 6 };
  const result = { time_limit_seconds: 900, attempts: 1, attempts_left: 2, counts: "first", review: "after_last_attempt" };
  assert.deepEqual(said(limited, result), [
    "6 | drawn anew for each attempt",
    "15 minutes | with your extra time of 5 minutes",
    "2 left | 1 made so far · 1 hour 30 minutes between two",
    "80 % | your first attempt counts",
    "Your score; the right answers after your last attempt",
  ]);
  assert.equal(said({ timeLimitMinutes: 10 }, {})[1], "No limit | for you, as agreed with your manager");
  assert.equal(said({ timeLimitMinutes: 10 }, { time_limit_seconds: 600 })[1], "10 minutes");
});

test("what is not shown has its reason", () => {
  const policies = ["never", "after_pass", "after_last_attempt", "after_attempt"];
  for (const review of policies) assert.ok(whyHidden({ review, is_open: false }));
  assert.equal(whyHidden({ review: null, is_open: false }), null);
  assert.equal(whyHidden({ review: "never", is_open: true }), null);
});

test("times are said in words, and never as nothing", () => {
  const words = { 0: "0 seconds", 1: "1 second", 59_001: "1 minute", 61_000: "1 minute 1 second", 3_600_000: "1 hour", 5_461_000: "1 hour 31 minutes" };
  for (const [ms, expected] of Object.entries(words)) assert.equal(inWords(Number(ms)), expected);
});

test("the time runs by the server's clock and a clock that only runs on", () => {
  const time = new TimeLeft();
  assert.equal(time.isLimited, false);
  assert.equal(time.follow({ now: NOW, deadline_at: "2026-11-24T10:02:00Z" }, 5_000), false);
  assert.equal(time.leftMs(5_000), 120_000);
  assert.equal(time.leftMs(65_000), 60_000);
  assert.equal(time.isOver(124_999), false);
  assert.equal(time.isOver(125_000), true);
  assert.equal(time.leftMs(999_999), 0);
});

test("who comes late is told only what is still ahead, and each thing once", () => {
  const time = new TimeLeft();
  time.follow({ now: NOW, deadline_at: "2026-11-24T10:00:45Z" }, 0);
  assert.equal(time.news(0), null);
  assert.equal(time.news(14_900), null);
  assert.equal(time.news(15_000), "30 seconds left");
  assert.equal(time.news(15_250), null);
  time.follow({ now: "2026-11-24T10:00:20Z", deadline_at: "2026-11-24T10:00:45Z" }, 20_000);
  assert.equal(time.news(20_250), null);
  assert.equal(time.news(35_100), "10 seconds left");
  assert.equal(time.news(45_100), null);
});

const option = (id, text) => ({ id, answer_text: text, order_index: 0 });
const asked = (type, answers, more) => ({ id: type, question_text: "?", question_type: type, points: 2, answers, ...more });

test("a review shows what was given and, when it is told, what was right", () => {
  readAs({ locale: "de" });
  const answers = [option("a", "A"), option("b", "B"), option("c", "C")];
  const questions = [
    asked("multi_select", answers, { given: { selected_answer_ids: ["a", "b"] }, is_correct: false, points_earned: 1, right_answer: ["a", "c"], explanation: "So.", answer_explanations: { b: "No." } }),
    asked("ordering", answers, { given: { ordered_answer_ids: ["c", "a", "b"] }, is_correct: false, points_earned: 0, right_answer: ["a", "b", "c"] }),
    asked("numeric", [], { given: { text: "2,5" }, is_correct: true, points_earned: 2, right_answer: [2.5, 0.25] }),
    asked("short_text", [], { given: null, is_correct: false, points_earned: 0, right_answer: ["Refund", "A refund"] }),
  ];
  const [many, order, number, text] = reviewed({ questions });
  assert.deepEqual(many.options.map(({ isChosen, isRight, explanation }) => [isChosen, isRight, explanation]), [[true, true, null], [true, false, "No."], [false, true, null]]);
  assert.deepEqual([many.mark, many.explanation, many.points], ["partly", "So.", 1]);
  assert.deepEqual([order.mark, order.given, order.right], ["wrong", ["C", "A", "B"], ["A", "B", "C"]]);
  assert.deepEqual([number.mark, number.given, number.right], ["right", ["2,5"], ["2,5, give or take 0,25"]]);
  assert.deepEqual([text.given, text.right, text.options], [[], ["Refund", "A refund"], null]);
  readAs({});
});

test("a review that is not open tells no right answers, and before that nothing", () => {
  const questions = [asked("true_false", [option("a", "True"), option("b", "False")], { given: { selected_answer_id: "a" }, is_correct: true, points_earned: 1 })];
  const [item] = reviewed({ questions });
  assert.deepEqual(item.options.map(({ isChosen, isRight }) => [isChosen, isRight]), [[true, null], [false, null]]);
  assert.deepEqual([item.mark, item.right], ["right", null]);
  assert.equal(reviewed({ questions: null }), null);
});
