import assert from "node:assert/strict";
import { test } from "node:test";

import { answersOf, firstUnanswered, quizOf, quizOfLesson, reviewOf, standing } from "../../static/js/quiz_model.js";

const ROW = {
  id: "quiz",
  passing_grade: 75,
  quiz_questions: [
    { id: "q2", question_text: "Two?", question_type: "true_false", order_index: 2, quiz_answers: [{ id: "c", answer_text: "C", order_index: 1 }] },
    {
      id: "q1",
      question_text: "One?",
      question_type: "multiple_choice",
      order_index: 1,
      quiz_answers: [
        { id: "b", answer_text: "B", order_index: 2 },
        { id: "a", answer_text: "A", order_index: 1 },
      ],
    },
  ],
};

test("questions and answers stand in their order", () => {
  const quiz = quizOf(ROW);
  assert.deepEqual(quiz.questions.map((question) => question.id), ["q1", "q2"]);
  assert.deepEqual(quiz.questions[0].answers, [{ id: "a", text: "A" }, { id: "b", text: "B" }]);
  assert.deepEqual([quiz.passingGrade, quiz.maxAttempts, quiz.coolDownMinutes, quiz.isPlain], [75, null, null, true]);
});

test("with any rule, and with any question of another type, a quiz is no plain page", () => {
  const rules = [{ max_attempts: 1 }, { cool_down_minutes: 5 }, { needs_start: true }, { shuffle_questions: true }];
  const more = [{ shuffle_answers: true }, { review: "never" }, { counts: "last" }];
  for (const rule of [...rules, ...more]) assert.equal(quizOf({ ...ROW, ...rule }).isPlain, false, JSON.stringify(rule));
  const [first, ...rest] = ROW.quiz_questions;
  for (const type of ["multi_select", "short_text", "numeric", "ordering"]) {
    assert.equal(quizOf({ ...ROW, quiz_questions: [{ ...first, question_type: type }, ...rest] }).isPlain, false, type);
  }
});

test("a lesson without a quiz, or with one that has no questions, has none to take", () => {
  assert.equal(quizOfLesson(null), null);
  assert.equal(quizOfLesson([]), null);
  assert.equal(quizOfLesson({ ...ROW, quiz_questions: [] }), null);
  assert.equal(quizOfLesson([ROW]).id, "quiz");
});

test("a quiz that has to be started shows no questions before, and is there all the same", () => {
  const quiz = quizOfLesson({ ...ROW, needs_start: true, time_limit_minutes: 5, draw_count: 3, quiz_questions: [] });
  assert.deepEqual([quiz.needsStart, quiz.timeLimitMinutes, quiz.drawCount], [true, 5, 3]);
});

test("the first question without an answer is found, and only choices are sent", () => {
  const quiz = quizOf(ROW);
  assert.equal(firstUnanswered(quiz, new Map()), 0);
  assert.equal(firstUnanswered(quiz, new Map([["q1", "a"]])), 1);
  assert.equal(firstUnanswered(quiz, new Map([["q2", "c"], ["q1", "a"]])), -1);
  assert.deepEqual(answersOf(quiz, new Map([["q2", "c"], ["q1", "a"]])), [
    { question_id: "q1", selected_answer_id: "a" },
    { question_id: "q2", selected_answer_id: "c" },
  ]);
});

test("a graded attempt is read question by question, also where an answer is gone", () => {
  const attempt = {
    answers: [
      { question_id: "q1", selected_answer_id: "b", is_correct: true },
      { question_id: "q2", selected_answer_id: "removed", is_correct: false },
    ],
  };
  assert.deepEqual(reviewOf(quizOf(ROW), attempt), [
    { text: "One?", chosen: "B", right: true },
    { text: "Two?", chosen: null, right: false },
  ]);
});

test("where one stands: attempts made, the best one, and whether one has passed", () => {
  assert.deepEqual(standing([]), { made: 0, best: null, passed: false });
  assert.deepEqual(standing([{ score: 50, passed: false }, { score: 80, passed: true }]), { made: 2, best: 80, passed: true });
});
