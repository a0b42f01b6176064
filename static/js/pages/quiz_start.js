/** What is drawn round an attempt: the start page, handing in, open elsewhere, what went wrong. */

import { html, render } from "../lib/html.js";
import { dateTime, number } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { factsOf, stateOf } from "../quiz/standing.js";
import { inWords, leftInWords } from "../quiz/time_left.js";
import { passChip } from "./parts.js";
import { errorCard } from "./states.js";

const SECOND_MS = 1_000;

/** Draws the start page; `onOver()` is called when the time of the open attempt runs out while one looks at it. */
export function showStart(target, { quiz, result, attempts, problem, signal, onStart, onOpen, onOver }) {
  const offsetMs = Date.parse(result.now) - Date.now();
  const nowMs = () => Date.now() + offsetMs;
  const state = stateOf(result, nowMs());
  render(target, startPage({ quiz, result, attempts, problem, state, nowMs: nowMs() }));
  const button = target.querySelector("[data-start]");
  button?.addEventListener("click", () => {
    button.disabled = true;
    onStart();
  });
  listen(target, onOpen);
  if (problem) target.querySelector("[role=alert]")?.scrollIntoView({ block: "nearest" });
  if (!["wait", "continue"].includes(state)) return;
  const timer = setInterval(() => {
    const line = target.querySelector("[data-countdown]");
    if (!line || signal.aborted) return clearInterval(timer);
    if (stateOf(result, nowMs()) === state) {
      line.textContent = countdown(result, nowMs());
      return undefined;
    }
    clearInterval(timer);
    if (state === "continue") return onOver();
    return showStart(target, { quiz, result: { ...result, now: new Date(nowMs()).toISOString() }, attempts, problem: null, signal, onStart, onOpen, onOver });
  }, SECOND_MS);
}

function startPage({ quiz, result, attempts, problem, state, nowMs }) {
  return html`<div class="quiz">
    ${problem ? refusal(problem) : null}
    <section class="card quiz-start" aria-labelledby="quiz-start">
      <h2 id="quiz-start">${state === "continue" ? t("Your attempt is open") : t("Before you start")}</h2>
      <dl class="quiz-facts">${factsOf(quiz, result).map(
        ({ name, value, note }) => html`<div><dt>${name}</dt><dd>${value}${note ? html`<small>${note}</small>` : null}</dd></div>`,
      )}</dl>
      ${result.passed ? html`<p class="done">${icon("check")}${t("You have passed this quiz already.")}</p>` : null}
      ${wayOn(state, result, nowMs)}
    </section>
    ${attemptList(attempts)}
  </div>`;
}

function wayOn(state, result, nowMs) {
  switch (state) {
    case "none_left":
      return notice("lock", t("No attempts are left."), t("Ask your manager: they can give you another attempt, or more time."));
    case "empty":
      return notice("info", t("This quiz is still being prepared"), t("Come back soon: its questions are being written."));
    case "wait":
      return html`<div class="quiz-start__way">${notice("clock", t("The next attempt is possible at {time}.", { time: dateTime(result.next_attempt_at) }), html`<span data-countdown>${countdown(result, nowMs)}</span>`)}
        <button class="button button--large" type="button" disabled>${t("Start")}</button></div>`;
    case "continue":
      return html`<div class="quiz-start__way">
        <p class="muted">${result.saved_at ? t("Begun {started}, last saved {saved}.", { started: dateTime(result.started_at), saved: dateTime(result.saved_at) }) : t("Begun {started}.", { started: dateTime(result.started_at) })}
          <span data-countdown>${countdown(result, nowMs)}</span></p>
        <button class="button button--large" type="button" data-start>${icon("play")}${t("Go on with it")}</button></div>`;
    default:
      return html`<div class="quiz-start__way">
        <p class="muted">${rules(result)}</p>
        <button class="button button--large" type="button" data-start>${icon("play")}${result.attempts ? t("Start another attempt") : t("Start")}</button></div>`;
  }
}

function rules(result) {
  const kept = t("Each answer is saved as you give it. You can close the page and go on later.");
  return result.time_limit_seconds === null ? kept : t("Each answer is saved as you give it. The time runs on when you close the page; at its end what you have is handed in.");
}

function countdown(result, nowMs) {
  const until = result.open_sitting_id ? result.deadline_at : result.next_attempt_at;
  if (!until) return "";
  const waitMs = Math.max(0, Date.parse(until) - nowMs);
  return result.open_sitting_id ? leftInWords(waitMs) : t("In {time}.", { time: inWords(waitMs) });
}

function notice(symbol, title, text) {
  return html`<div class="notice notice--info">${icon(symbol)}<div><p><strong>${title}</strong></p><p>${text}</p></div></div>`;
}

const REFUSALS = {
  no_attempts_left: () => t("No attempts are left."),
  cool_down: () => t("You have to wait before the next attempt."),
  too_many_attempts: () => t("That were too many attempts in an hour. Come back later."),
  no_questions: () => t("This quiz has no questions yet."),
  time_is_up: () => t("The time of your attempt is over."),
};

function refusal(error) {
  const text = REFUSALS[error.reason]?.() ?? error.message;
  return html`<div class="notice notice--bad" role="alert">${icon("alert")}<div><p><strong>${t("It did not start.")}</strong></p><p>${text}</p></div></div>`;
}

/** All attempts, the newest first, each with a button that opens it. */
export function attemptList(attempts, openId = null) {
  if (!attempts.length) return null;
  return html`<section aria-labelledby="quiz-attempts">
    <h3 class="section-title" id="quiz-attempts">${t("Your attempts")}</h3>
    <ol class="attempts">${attempts.map((attempt, index) => attemptLine(attempt, attempts.length - index, attempt.id === openId))}</ol>
  </section>`;
}

function attemptLine(attempt, place, isOpen) {
  const name = t("Attempt {n}", { n: number(place) });
  return html`<li class="attempt" ${isOpen ? html`aria-current="true"` : null}>
    <span class="attempt__score">${t("{n} %", { n: number(attempt.score) })}</span>
    <span class="attempt__when"><strong>${name}</strong><small>${dateTime(attempt.attempted_at)}${attempt.is_late ? ` · ${t("time was up")}` : null}</small></span>
    ${passChip(attempt.passed)}
    ${isOpen ? null : html`<button class="button button--small button--quiet" type="button" data-open="${attempt.id}" aria-label="${t("Look at it: {name}", { name })}">${t("Look at it")}</button>`}
  </li>`;
}

/** Joins the buttons of `attemptList`. */
export function listen(target, onOpen) {
  for (const button of target.querySelectorAll("[data-open]")) button.addEventListener("click", () => onOpen(button.dataset.open));
}

/** While it is handed in, or waits for the line. */
export function showHandingIn(target, { isWaiting, isTimeUp, app }) {
  const title = isTimeUp ? t("The time is up") : t("Handing in…");
  const text = isWaiting
    ? t("There is no connection. Your answers are kept here, and are handed in as soon as it is back. Leave this page open.")
    : t("Your answers are on their way.");
  render(target, panel(isWaiting ? "wifiOff" : "send", title, text));
  app.announce(`${title}. ${text}`, { urgent: isWaiting || isTimeUp });
  focusPanel(target);
}

/** The attempt is open in another window; `isFound` before anything was begun here. */
export function showElsewhere(target, { isFound, app, onContinue }) {
  const title = t("This attempt is open in another window");
  const text = isFound
    ? t("You can go on there, or continue here: then it ends there, and nothing is lost.")
    : t("You went on with it there. What you answered here until then is saved.");
  const action = html`<button class="button" type="button" data-continue>${isFound ? t("Continue here") : t("Continue here instead")}</button>`;
  render(target, panel("copy", title, text, action));
  target.querySelector("[data-continue]").addEventListener("click", onContinue);
  app.announce(title, { urgent: true });
  focusPanel(target);
}

/** What went wrong, with a way to try again. */
export function showProblem(target, { error, onRetry }) {
  render(target, html`<div class="quiz">${errorCard(error)}</div>`);
  target.querySelector("[data-retry]").addEventListener("click", onRetry);
}

function panel(symbol, title, text, action = null) {
  return html`<section class="blank quiz-panel"><span class="blank__symbol">${icon(symbol)}</span><h2 tabindex="-1">${title}</h2><p>${text}</p>${action}</section>`;
}

function focusPanel(target) {
  target.querySelector("h2").focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}
