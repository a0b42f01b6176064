/** One question of each type: drawn with what is answered, and read back. */

import { html } from "../lib/html.js";
import { number } from "../lib/format.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { numberReadings } from "../quiz/numbers.js";
import { orderItems } from "./quiz_ordering.js";

const LONGEST_TEXT = 500;

/** The fields of a question; `value` as in answers.js. The legend has an id for what describes the fields. */
export function questionField(question, value, place) {
  return html`<fieldset class="question" data-question="${question.id}">
    <legend tabindex="-1"><span class="question__number" aria-hidden="true">${number(place + 1)}</span><span><span class="visually-hidden">${t("Question {n}:", { n: number(place + 1) })} </span>${question.text}</span></legend>
    <p class="question__hint">${hintOf(question)}${question.points > 1 ? html`<span class="chip">${tn("{n} point", "{n} points", question.points)}</span>` : null}</p>
    ${fields(question, value)}
  </fieldset>`;
}

function hintOf({ type, partialCredit }) {
  switch (type) {
    case "multi_select":
      return partialCredit ? t("Choose all that are right. A wrong one takes one off.") : t("Choose all that are right, and no other.");
    case "ordering":
      return t("Put these in order, the first on top: drag them, use the arrows, or take the handle and press ↑ and ↓.");
    case "short_text":
      return t("Answer in a word or a few.");
    case "numeric":
      return t("Answer with a number, such as {example}.", { example: number(12.5, 1) });
    default:
      return t("Choose one.");
  }
}

function fields(question, value) {
  switch (question.type) {
    case "multi_select":
      return choices(question, "checkbox", value ?? []);
    case "ordering":
      return orderItems(question, value);
    case "short_text":
    case "numeric":
      return textField(question, value ?? "");
    default:
      return choices(question, "radio", [value]);
  }
}

function choices(question, type, chosen) {
  return html`<div class="choices">${question.answers.map(
    ({ id, text }) => html`<label class="choice"><input type="${type}" name="${question.id}" value="${id}" ${chosen.includes(id) && html`checked`}><span>${text}</span></label>`,
  )}</div>`;
}

function textField(question, value) {
  const isNumber = question.type === "numeric";
  return html`<div class="field question__text">
    <label for="answer-${question.id}">${isNumber ? t("Your number") : t("Your answer")}</label>
    <input id="answer-${question.id}" name="${question.id}" value="${value}" maxlength="${LONGEST_TEXT}" autocomplete="off" autocapitalize="off" spellcheck="false" ${isNumber && html`inputmode="decimal" dir="ltr"`} aria-describedby="read-${question.id}">
    <p class="question__read" id="read-${question.id}" data-read>${isNumber ? readAsNumber(value) : ""}</p>
  </div>`;
}

/** The value that stands in the fields of a question that is no ordering. */
export function readAnswer(form, question) {
  if (question.type === "multi_select") {
    return [...form.querySelectorAll("input:checked")].map((input) => input.value);
  }
  if (question.type === "short_text" || question.type === "numeric") return form.querySelector("input").value;
  return form.querySelector("input:checked")?.value ?? null;
}

/** Under a number what it is taken for, so that nobody is wrong by a comma. */
export function readAsNumber(text) {
  if (!text.trim()) return "";
  const readings = [...new Set(numberReadings(text))].map((reading) => number(reading, 12));
  if (!readings.length) return t("This is not a number yet.");
  if (readings.length === 1) return t("Read as {number}.", { number: readings[0] });
  return t("Read as {first} or {second}, whichever is right.", { first: readings[0], second: readings[1] });
}

/** The beginning of a question's text, for lists of questions. */
export function shortText(text, longest = 80) {
  return text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…` : text;
}

/** Says of a map entry what a screen reader should hear. */
export function entryLabel({ place, isAnswered, isFlagged }) {
  const words = [t("Question {n}", { n: number(place + 1) }), isAnswered ? t("answered") : t("not answered"), isFlagged && t("flagged")];
  return words.filter(Boolean).join(", ");
}

/** The small pictures in an entry of the map. */
export function entryMarks({ isFlagged }) {
  return isFlagged ? html`<span class="map__flag">${icon("flag")}</span>` : null;
}
