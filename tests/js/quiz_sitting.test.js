import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { isAnswered, moved, orderOf, sentAnswers, valuesOf } from "../../static/js/quiz/answers.js";
import { Drafts } from "../../static/js/quiz/drafts.js";
import { numberReadings } from "../../static/js/quiz/numbers.js";
import { Sitting } from "../../static/js/quiz/sitting.js";

const options = (...ids) => ids.map((id, index) => ({ id, answer_text: id.toUpperCase(), order_index: index }));
const STARTED = {
  sitting_id: "s",
  quiz_id: "quiz",
  answers: [],
  questions: [
    { id: "choice", question_text: "?", question_type: "multiple_choice", points: 1, answers: options("a", "b") },
    { id: "many", question_text: "?", question_type: "multi_select", points: 2, answers: options("c", "d") },
    { id: "text", question_text: "?", question_type: "short_text", points: 1, answers: [] },
    { id: "number", question_text: "?", question_type: "numeric", points: 1, answers: [] },
    { id: "order", question_text: "?", question_type: "ordering", points: 1, answers: options("e", "f", "g") },
  ],
};
const SENT = [
  { question_id: "choice", selected_answer_id: "b" },
  { question_id: "many", selected_answer_ids: ["c", "d"] },
  { question_id: "text", text: "Refund" },
  { question_id: "number", text: "2,5" },
  { question_id: "order", ordered_answer_ids: ["g", "e", "f"] },
];
const QUESTIONS = new Sitting(STARTED).questions;

test("answers are read from what was saved and sent as they were", () => {
  const values = valuesOf(QUESTIONS, SENT);
  assert.equal(values.get("choice"), "b");
  assert.deepEqual(values.get("order"), ["g", "e", "f"]);
  assert.deepEqual(sentAnswers(QUESTIONS, values), SENT);
});

test("what belongs to no question or has another shape is left out", () => {
  const strange = [null, 7, {}, { question_id: "other", text: "x" }, { question_id: "choice", selected_answer_id: "z" }];
  const more = [{ question_id: "number", text: 5 }, { question_id: "many", selected_answer_ids: ["z"] }, { question_id: "text", text: "  " }];
  assert.equal(valuesOf(QUESTIONS, [...strange, ...more]).size, 0);
  assert.equal(valuesOf(QUESTIONS, "nonsense").size, 0);
});

test("nothing chosen and blanks are no answer", () => {
  for (const value of [undefined, null, "", " \n", []]) assert.equal(isAnswered(value), false);
  for (const value of ["a", ["a"]]) assert.equal(isAnswered(value), true);
});

test("items stand as they were answered, and those that the answer lacks behind", () => {
  const order = QUESTIONS.at(-1);
  assert.deepEqual(orderOf(order, undefined), ["e", "f", "g"]);
  assert.deepEqual(orderOf(order, ["g", "gone"]), ["g", "e", "f"]);
});

test("an item is moved to a place, and no further than the ends", () => {
  assert.deepEqual(moved(["a", "b", "c"], 0, 2), ["b", "c", "a"]);
  assert.deepEqual(moved(["a", "b", "c"], 2, 0), ["c", "a", "b"]);
  assert.deepEqual(moved(["a", "b", "c"], 1, 1), ["a", "b", "c"]);
  assert.deepEqual(moved(["a", "b", "c"], 1, -5), ["b", "a", "c"]);
  assert.deepEqual(moved(["a", "b", "c"], 1, 9), ["a", "c", "b"]);
});

test("numbers are read as the database reads them", () => {
  const readings = JSON.parse(readFileSync(new URL("../support/number_readings.json", import.meta.url)));
  for (const [text, expected] of Object.entries(readings)) assert.deepEqual(numberReadings(text), expected, text);
});

test("an attempt knows what is answered, flagged, shown and not saved", () => {
  const sitting = new Sitting({ ...STARTED, answers: SENT.slice(0, 1) });
  assert.equal(sitting.answeredCount, 1);
  sitting.answer("text", "Refund");
  sitting.answer("choice", "");
  assert.equal(sitting.toggleFlag("order"), true);
  sitting.go(99);
  assert.deepEqual(sitting.map.map(({ isAnswered, isFlagged, isCurrent }) => [isAnswered, isFlagged, isCurrent]), [
    [false, false, false], [false, false, false], [true, false, false], [false, false, false], [false, true, true],
  ]);
  assert.deepEqual([...sitting.unsaved], ["text", "choice"]);
  assert.equal(sitting.toggleFlag("order"), false);
});

test("what is changed while it is being saved stays unsaved", () => {
  const sitting = new Sitting(STARTED);
  sitting.answer("text", "Refun");
  sitting.answer("choice", "a");
  const taken = sitting.takeForSaving();
  sitting.answer("text", "Refund");
  taken.saved();
  assert.deepEqual(taken.answers, [{ question_id: "choice", selected_answer_id: "a" }, { question_id: "text", text: "Refun" }]);
  assert.deepEqual([...sitting.unsaved], ["text"]);
});

test("after a reload what never reached the server goes before what it has, question by question", () => {
  const before = new Sitting(STARTED);
  before.answer("text", "from here");
  before.answer("choice", "a");
  before.takeForSaving().saved();
  before.answer("text", "newer here");
  before.answer("many", ["c"]);
  before.answer("many", []);
  before.toggleFlag("number");
  before.go(3);
  const saved = [{ question_id: "text", text: "from here" }, { question_id: "choice", selected_answer_id: "b" }, { question_id: "many", selected_answer_ids: ["d"] }];
  const after = new Sitting({ ...STARTED, answers: saved }, JSON.parse(JSON.stringify(before.draft)));
  assert.equal(after.values.get("text"), "newer here");
  assert.equal(after.values.get("choice"), "b", "the server's is newer: it was saved from elsewhere");
  assert.equal(after.values.has("many"), false);
  assert.deepEqual([...after.unsaved], ["many", "text"]);
  assert.deepEqual([after.place, [...after.flags]], [3, ["number"]]);
});

class Shelf extends Map {
  get length() { return this.size; }
  key(index) { return [...this.keys()][index]; }
  getItem(key) { return this.get(key) ?? null; }
  setItem(key, value) {
    if (this.isFull) throw new DOMException("full", "QuotaExceededError");
    this.set(key, value);
  }
  removeItem(key) { this.delete(key); }
}

test("drafts are kept, forgotten, and thrown away after a month", () => {
  const shelf = new Shelf([["callx.login", "x"], ["callx.quiz.broken", "{"]]);
  let now = 0;
  const drafts = new Drafts(shelf, () => now);
  assert.equal(drafts.keep("old", { place: 1 }), true);
  now = 40 * 24 * 3600 * 1000;
  drafts.keep("new", { place: 2 });
  drafts.tidy();
  assert.deepEqual([...shelf.keys()].sort(), ["callx.login", "callx.quiz.new"]);
  assert.equal(drafts.of("new").place, 2);
  assert.equal(drafts.of("old"), null);
  drafts.forget("new");
  assert.equal(drafts.of("new"), null);
  shelf.isFull = true;
  assert.equal(drafts.keep("more", {}), false);
});
