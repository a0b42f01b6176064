import assert from "node:assert/strict";
import { test } from "node:test";

import { answersOf, firstUnanswered, quizOf, quizOfLesson, reviewOf, standing } from "../../static/js/quiz_model.js";

const ROW = {
  id: "quiz",
  passing_grade: 75,
  quiz_questions: [
    { id: "q2", question_text: "Two?", order_index: 2, quiz_answers: [{ id: "c", answer_text: "C", order_index: 1 }] },
    {
      id: "q1",
      question_text: "One?",
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
  assert.deepEqual([quiz.passingGrade, quiz.maxAttempts, quiz.coolDownMinutes], [75, null, null]);
});

test("a lesson without a quiz, or with one that has no questions, has none to take", () => {
  assert.equal(quizOfLesson(null), null);
  assert.equal(quizOfLesson([]), null);
  assert.equal(quizOfLesson({ ...ROW, quiz_questions: [] }), null);
  assert.equal(quizOfLesson([ROW]).id, "quiz");
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

test("where one stands: attempts made, the best one, and what is left", () => {
  const attempts = [{ score: 50, passed: false }, { score: 80, passed: true }];
  assert.deepEqual(standing(quizOf(ROW), []), { made: 0, best: null, passed: false, left: null });
  assert.deepEqual(standing(quizOf({ ...ROW, max_attempts: 3 }), attempts), { made: 2, best: 80, passed: true, left: 1 });
  assert.equal(standing(quizOf({ ...ROW, max_attempts: 1 }), attempts).left, 0);
});
