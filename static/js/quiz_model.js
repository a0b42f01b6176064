/** A quiz as its lesson has it, and one without rules as it is answered on one page. PURE. */

import { inOrder, one } from "./api.js";

const PLAIN_TYPES = ["multiple_choice", "true_false"];

/**
 * `{id, passingGrade, maxAttempts, coolDownMinutes, drawCount, timeLimitMinutes, needsStart, isPlain, questions: [{id,
 * text, type, answers: [{id, text}]}]}` of a row of /rest/v1. A quiz that needs a start shows no questions before it.
 */
export function quizOf(row) {
  const questions = inOrder(row.quiz_questions).map((question) => ({
    id: question.id,
    text: question.question_text,
    type: question.question_type ?? "multiple_choice",
    answers: inOrder(question.quiz_answers).map((answer) => ({ id: answer.id, text: answer.answer_text })),
  }));
  return {
    id: row.id,
    passingGrade: row.passing_grade,
    maxAttempts: row.max_attempts ?? null,
    coolDownMinutes: row.cool_down_minutes ?? null,
    drawCount: row.draw_count ?? null,
    timeLimitMinutes: row.time_limit_minutes ?? null,
    needsStart: Boolean(row.needs_start),
    isPlain: isPlain(row, questions),
    questions,
  };
}

/** Without any rule, and with single choices only: all questions stand on one page, and nothing has to be started. */
function isPlain(row, questions) {
  const rules = [row.needs_start, row.max_attempts, row.cool_down_minutes, row.shuffle_questions, row.shuffle_answers, row.review];
  const counts = row.counts ?? "best";
  return !rules.some(Boolean) && counts === "best" && questions.every((question) => PLAIN_TYPES.includes(question.type));
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

/** `{made, best, passed}` of own attempts; `best` is null before any. */
export function standing(attempts) {
  return {
    made: attempts.length,
    best: attempts.length ? Math.max(...attempts.map((attempt) => attempt.score)) : null,
    passed: attempts.some((attempt) => attempt.passed),
  };
}

/** The quiz of a lesson, in whatever shape the embed comes; null while it has none, or no questions. */
export function quizOfLesson(embedded) {
  const row = one(embedded);
  const quiz = row && quizOf(row);
  return quiz?.needsStart || quiz?.questions.length ? quiz : null;
}
