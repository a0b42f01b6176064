/** A graded attempt question by question, from `quiz_review`. PURE. */

import { number } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { questionOf } from "./sitting.js";

/**
 * One entry for each question: `{question, mark, points, options, given, right, explanation}`. `mark` is `right`, `partly`
 * or `wrong`; `options` are those of a choice, each `{text, isChosen, isRight, explanation}` (isRight null while it is not
 * told), else null; `given` and `right` are lists of texts, empty for no answer, `right` null while it is not told.
 */
export function reviewed(review) {
  return review.questions?.map(reviewedQuestion) ?? null;
}

function reviewedQuestion(row) {
  const question = questionOf(row);
  const isTold = "right_answer" in row;
  return {
    question,
    mark: row.is_correct === true ? "right" : row.points_earned > 0 ? "partly" : "wrong",
    points: row.points_earned ?? null,
    options: optionsOf(question, row, isTold),
    given: givenOf(question, row.given ?? {}),
    right: isTold ? rightOf(question, row.right_answer ?? []) : null,
    explanation: row.explanation ?? null,
  };
}

function optionsOf(question, row, isTold) {
  if (!["multiple_choice", "true_false", "multi_select"].includes(question.type)) return null;
  const chosen = [row.given?.selected_answer_id, ...(row.given?.selected_answer_ids ?? [])];
  return question.answers.map(({ id, text }) => ({
    text,
    isChosen: chosen.includes(id),
    isRight: isTold ? (row.right_answer ?? []).includes(id) : null,
    explanation: row.answer_explanations?.[id] ?? null,
  }));
}

function givenOf(question, given) {
  if (question.type === "ordering") return textsOf(question, given.ordered_answer_ids ?? []);
  if (given.text !== undefined && given.text !== null) return [given.text];
  return textsOf(question, [given.selected_answer_id, ...(given.selected_answer_ids ?? [])]);
}

function rightOf(question, right) {
  if (question.type === "short_text") return right;
  if (question.type !== "numeric") return textsOf(question, right);
  const [value, tolerance] = right.map(Number);
  const shown = number(value, 12);
  return [tolerance > 0 ? t("{value}, give or take {tolerance}", { value: shown, tolerance: number(tolerance, 12) }) : shown];
}

function textsOf(question, ids) {
  const texts = new Map(question.answers.map((answer) => [answer.id, answer.text]));
  return ids.map((id) => texts.get(id)).filter((text) => text !== undefined);
}
