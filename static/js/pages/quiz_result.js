/** A graded attempt: the score, and of each question what the quiz's policy shows. */

import { html, render } from "../lib/html.js";
import { dateTime, number } from "../lib/format.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { reviewed } from "../quiz/review.js";
import { stateOf, whyHidden } from "../quiz/standing.js";
import { inWords } from "../quiz/time_left.js";
import { scoreDial } from "./charts.js";
import { attemptList, listen } from "./quiz_start.js";

const MARKS = {
  right: { symbol: "check", tone: "good", word: () => t("Right") },
  partly: { symbol: "half", tone: "warn", word: () => t("Partly right") },
  wrong: { symbol: "cross", tone: "bad", word: () => t("Not right") },
};

/** `isNew` when it has just been handed in. */
export function showResult(target, { review, attempt, isNew, quiz, result, attempts, onAgain, onBack, onOpen }) {
  const items = reviewed(review);
  render(
    target,
    html`<div class="quiz">
      ${hero({ review, attempt, items, quiz, result, isNew })}
      ${review.is_late ? late() : null}
      ${items ? html`<section aria-labelledby="quiz-review"><h3 class="section-title" id="quiz-review">${isNew ? t("Your answers") : t("The answers of this attempt")}</h3>
        ${hidden(review)}<ol class="graded">${items.map(reviewItem)}</ol></section>` : hidden(review)}
      ${attemptList(attempts, review.attempt_id)}
    </div>`,
  );
  const heading = target.querySelector("h2");
  heading.focus({ preventScroll: true });
  target.scrollIntoView({ block: "start" });
  target.querySelector("[data-again]")?.addEventListener("click", (event) => {
    event.currentTarget.disabled = true;
    onAgain();
  });
  target.querySelector("[data-back]").addEventListener("click", onBack);
  listen(target, onOpen);
}

function hero({ review, attempt, items, quiz, result, isNew }) {
  const passed = review.passed;
  return html`<section class="hero ${passed ? "hero--passed" : "hero--failed"}" aria-labelledby="quiz-result">
    ${scoreDial(review.score, quiz.passingGrade, passed)}
    <div class="hero__text">
      <h2 id="quiz-result" tabindex="-1">${passed ? t("Passed") : t("Not passed yet")}</h2>
      <p class="hero__mark">${marks(review, attempt, items, quiz)}</p>
      <p class="hero__summary">${isNew ? whatNow(passed, result, items) : counting(result)}</p>
      <div class="row">${wayOn(passed, result)}<button class="button button--quiet" type="button" data-back>${t("To the quiz")}</button></div>
    </div>
  </section>`;
}

function marks(review, attempt, items, quiz) {
  const right = items && t("{n} of {count} right", { n: number(items.filter((item) => item.mark === "right").length), count: number(items.length) });
  const took = attempt?.started_at && !review.is_late ? t("in {time}", { time: inWords(Math.max(1000, Date.parse(attempt.attempted_at) - Date.parse(attempt.started_at))) }) : null;
  return [right, took, t("pass mark {n} %", { n: number(quiz.passingGrade) }), dateTime(review.attempted_at)].filter(Boolean).join(" · ");
}

function whatNow(passed, result, items) {
  if (passed) return t("Well done. This lesson is complete.");
  if (result.passed) return t("You have passed this quiz before; that stays so.");
  if (result.attempts_left === 0) return t("No attempts are left. Ask your manager: they can give you another one.");
  return items ? t("Look at what was not right, read it up if you like, and try again.") : t("Read it up if you like, and try again.");
}

function counting(result) {
  if (result.score === null) return "";
  return result.passed ? t("Your result in this quiz: {n} %, passed.", { n: number(result.score) }) : t("Your result in this quiz: {n} %, not passed yet.", { n: number(result.score) });
}

function wayOn(passed, result) {
  const state = stateOf(result);
  if (state === "wait") return html`<p class="hero__wait">${icon("clock")}${t("Next attempt from {time}", { time: dateTime(result.next_attempt_at) })}</p>`;
  if (state !== "start") return null;
  return html`<button class="button ${passed ? "button--quiet" : ""}" type="button" data-again>${passed ? t("Take it once more") : t("Try again")}</button>`;
}

function late() {
  return html`<div class="notice notice--warn" role="note">${icon("clock")}<div><p><strong>${t("The time was up.")}</strong> ${t("What had been saved until then was graded.")}</p></div></div>`;
}

function hidden(review) {
  const why = whyHidden(review);
  return why && html`<div class="notice notice--info" role="note">${icon("info")}<div><p>${why}</p></div></div>`;
}

function reviewItem({ question, mark, points, options, given, right, explanation }, place) {
  const { symbol, tone, word } = MARKS[mark];
  return html`<li class="graded__item graded__item--${mark}">
    <span class="criterion__mark criterion__mark--${tone}">${icon(symbol)}</span>
    <div class="graded__body">
      <p class="graded__question">${number(place + 1)}. ${question.text}</p>
      <p class="graded__mark graded__mark--${tone}">${word()}${points === null ? null : html`<span class="muted"> · ${t("{n} of {points}", { n: number(points, 2), points: tn("{n} point", "{n} points", question.points) })}</span>`}</p>
      ${options ? optionList(options, given) : answerLines(question, given, right, mark)}
      ${explanation ? html`<p class="graded__why"><strong>${t("Why:")}</strong> ${explanation}</p>` : null}
    </div>
  </li>`;
}

function optionList(options, given) {
  return html`<ul class="graded__options">${options.map(optionItem)}</ul>${given.length ? null : noAnswer()}`;
}

function optionItem({ text, isChosen, isRight, explanation }) {
  const tags = [isChosen && html`<span class="chip ${isRight === null ? "" : isRight ? "chip--good" : "chip--bad"}">${t("your choice")}</span>`, isRight && html`<span class="chip chip--good">${icon("check")}${t("right")}</span>`];
  return html`<li class="graded__option ${isChosen ? "graded__option--chosen" : ""}"><span>${text}</span> ${tags.filter(Boolean)}
    ${explanation ? html`<small>${explanation}</small>` : null}</li>`;
}

function answerLines(question, given, right, mark) {
  const list = (texts) => (question.type === "ordering" ? html`<ol class="graded__order">${texts.map((text) => html`<li>${text}</li>`)}</ol>` : html`<span>${texts.join(` ${t("or")} `)}</span>`);
  return html`<dl class="graded__lines">
    <div><dt>${t("Your answer")}</dt><dd>${given.length ? list(given) : noAnswer()}</dd></div>
    ${right && mark !== "right" ? html`<div><dt>${t("Right")}</dt><dd>${list(right)}</dd></div>` : null}
  </dl>`;
}

function noAnswer() {
  return html`<p class="muted">${t("No answer")}</p>`;
}
