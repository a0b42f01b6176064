/** Where somebody stands in a quiz, in sentences: from `quiz_result`. PURE. */

import { number } from "../lib/format.js";
import { t, tn } from "../lib/i18n.js";
import { inWords } from "./time_left.js";

/** What can be done now: `start`, `continue`, `wait` (cool-down), `time_is_up`, `none_left` or `empty`. */
export function stateOf(result, nowMs = Date.parse(result.now)) {
  if (result.open_sitting_id) return isOver(result, nowMs) ? "time_is_up" : "continue";
  if (!result.question_count) return "empty";
  if (result.attempts_left === 0) return "none_left";
  return result.next_attempt_at && Date.parse(result.next_attempt_at) > nowMs ? "wait" : "start";
}

function isOver(result, nowMs) {
  return result.deadline_at !== null && Date.parse(result.deadline_at) <= nowMs;
}

/** What one has to know before: `[{name, value, note}]`. `quiz` is as quizOf gives it. */
export function factsOf(quiz, result) {
  return [
    { name: t("Questions"), value: number(result.question_count), note: quiz.drawCount ? t("drawn anew for each attempt") : null },
    { name: t("Time"), ...timeOf(quiz, result) },
    { name: t("Attempts"), ...attemptsOf(quiz, result) },
    { name: t("Pass mark"), value: t("{n} %", { n: number(result.passing_grade) }), note: countsNote(result) },
    { name: t("Afterwards you see"), value: afterwards(result.review), note: null },
  ];
}

function timeOf(quiz, { time_limit_seconds: seconds }) {
  if (seconds === null) return { value: t("No limit"), note: quiz.timeLimitMinutes ? t("for you, as agreed with your manager") : null };
  const extra = seconds - (quiz.timeLimitMinutes ?? 0) * 60;
  return { value: inWords(seconds * 1000), note: extra > 0 ? t("with your extra time of {time}", { time: inWords(extra * 1000) }) : null };
}

function attemptsOf(quiz, { attempts, attempts_left: left }) {
  const wait = quiz.coolDownMinutes && t("{time} between two", { time: inWords(quiz.coolDownMinutes * 60_000) });
  const made = attempts ? tn("{n} made so far", "{n} made so far", attempts) : null;
  const note = [made, wait].filter(Boolean).join(" · ") || null;
  return { value: left === null ? t("As many as you like") : tn("{n} left", "{n} left", left), note };
}

function countsNote({ counts }) {
  return { last: t("your last attempt counts"), first: t("your first attempt counts"), average: t("the average of your attempts counts") }[counts] ?? t("your best attempt counts");
}

function afterwards(review) {
  switch (review) {
    case "never": return t("Your score");
    case "after_attempt": return t("Your score, the right answers and why");
    case "after_pass": return t("Your score; the right answers once you have passed");
    case "after_last_attempt": return t("Your score; the right answers after your last attempt");
    default: return t("Your score, and what was right and wrong");
  }
}

/** Why an attempt shows no right answers; null when it shows all that there is. */
export function whyHidden(review) {
  if (review.is_open) return null;
  switch (review.review) {
    case "never": return t("This quiz does not show which answers were right.");
    case "after_pass": return t("Which answers were right is shown once you have passed.");
    case "after_last_attempt": return t("Which answers were right is shown after your last attempt.");
    case "after_attempt": return t("Which answers were right is shown when no attempt is open.");
    default: return null;
  }
}
