/** A quiz and what was answered. PURE. */

import { inOrder, one } from "./api.js";

/** `{id, passingGrade, maxAttempts, coolDownMinutes, questions: [{id, text, answers: [{id, text}]}]}` of a row of /rest/v1. */
export function quizOf(row) {
  return {
    id: row.id,
    passingGrade: row.passing_grade,
    maxAttempts: row.max_attempts ?? null,
    coolDownMinutes: row.cool_down_minutes ?? null,
    questions: inOrder(row.quiz_questions).map((question) => ({
      id: question.id,
      text: question.question_text,
      answers: inOrder(question.quiz_answers).map((answer) => ({ id: answer.id, text: answer.answer_text })),
    })),
  };
}

/** The place of the first question without a choice; -1 when all have one. `choices` is question id → answer id. */
export function firstUnanswered(quiz, choices) {
  return quiz.questions.findIndex((question) => !choices.has(question.id));
}

/** What is sent: the server grades it, so it says nothing of right and wrong. */
export function answersOf(quiz, choices) {
  return quiz.questions
    .filter((question) => choices.has(question.id))
    .map((question) => ({ question_id: question.id, selected_answer_id: choices.get(question.id) }));
}

/** Each question with what was chosen and whether it was right, from a graded attempt. */
export function reviewOf(quiz, attempt) {
  const graded = new Map((attempt.answers ?? []).map((answer) => [answer.question_id, answer]));
  return quiz.questions.map((question) => {
    const given = graded.get(question.id);
    const answer = question.answers.find((known) => known.id === given?.selected_answer_id);
    return { text: question.text, chosen: answer?.text ?? null, right: Boolean(given?.is_correct) };
  });
}

/** `{made, best, passed, left}` of own attempts; `left` is null where there is no limit. */
export function standing(quiz, attempts) {
  const made = attempts.length;
  return {
    made,
    best: made ? Math.max(...attempts.map((attempt) => attempt.score)) : null,
    passed: attempts.some((attempt) => attempt.passed),
    left: quiz.maxAttempts === null ? null : Math.max(0, quiz.maxAttempts - made),
  };
}

/** The quiz of a lesson, in whatever shape the embed comes; null while it has none, or no questions. */
export function quizOfLesson(embedded) {
  const row = one(embedded);
  const quiz = row && quizOf(row);
  return quiz?.questions.length ? quiz : null;
}
