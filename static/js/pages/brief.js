/** The brief of a practice call: what it is about, who calls, is the microphone fine, earlier attempts, Start. */

import { keepCall } from "../call/kept_call.js";
import "../elements/mic_check.js";
import * as learning from "../learning.js";
import { html, render } from "../lib/html.js";
import { clock, dateTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { richText } from "../lib/sanitise.js";
import { attemptSummary } from "../progress.js";
import { customerCard, goalList } from "./customer_card.js";
import { passChip } from "./parts.js";

/** Loads what the brief needs; the answer draws it into its place. */
export async function prepare({ app, lesson, signal }) {
  const { simulation } = lesson;
  const [attempts, about] = await Promise.all([
    learning.attempts(app.api, simulation.id, { signal }),
    app.api.about().catch(() => null),
  ]);
  return (target) => draw(target, { app, lesson, attempts, about });
}

function draw(target, { app, lesson, attempts, about }) {
  render(target, page(lesson, attempts, about));
  const check = target.querySelector("mic-check");
  const call = (typing) => startCall({ app, lesson, check, typing, target });
  target.addEventListener("click", (event) => {
    if (event.target.closest("[data-start]")) call(false);
    else if (event.target.closest("[data-start-typing]")) call(true);
  });
}

function page({ simulation }, attempts, about) {
  const scenario = simulation.scenario ?? {};
  return html`<div class="brief">
    <div class="brief__story">
      <section><h2>${t("The situation")}</h2><div class="prose">${richText(simulation.scenario_description)}</div></section>
      ${scenario.goals?.length ? html`<section><h2>${t("Your goals")}</h2>${goalList(scenario.goals)}</section>` : null}
      ${customerCard(scenario)}
    </div>
    <aside class="brief__side" aria-label="${t("Get ready")}">
      <section class="card ready">
        <h2>${t("Get ready")}</h2>
        <p class="ready__mark">${icon("target")}<span>${emphasised(t("You pass with {points} of 100 points"), { points: simulation.passing_grade })}</span></p>
        <mic-check></mic-check>
        ${startButton()}
        <p class="form-error" role="alert" data-error hidden></p>
        <p class="fine-print">${t("The call is recorded, so that you can hear it again. Your manager can hear it too.")}
          ${about?.offline_customer ? emphasised(t("Today the {customer} answers: a computer voice that runs on this server, without an AI model."), { customer: t("offline customer") }) : null}
          <button class="link-button" type="button" data-start-typing>${t("Start without a microphone")}</button></p>
      </section>
    </aside>
    ${attemptsSection(attempts, simulation.passing_grade)}
  </div>
  <div class="action-bar">${startButton()}</div>`;
}

/** Where the brief is one column, the one in the card gives way to the one in the bar, which is always in reach. */
function startButton() {
  return html`<button class="button button--large button--wide button--call" type="button" data-start>${icon("phone")}<span>${t("Start call")}</span></button>`;
}

function attemptsSection(attempts, passingGrade) {
  const { best } = attemptSummary(attempts);
  if (!attempts.length) return html`<section class="brief__attempts"><h2>${t("Earlier attempts")}</h2><p class="muted">${t("This is your first time with this customer. Nobody is perfect at it.")}</p></section>`;
  return html`<section class="brief__attempts">
    <h2>${t("Earlier attempts")}</h2>
    <p class="muted">${emphasised(t("Best score {best}, pass mark {mark}."), { best, mark: passingGrade })}</p>
    <ul class="attempts">${attempts.map(attemptItem)}</ul>
  </section>`;
}

/** A text with its values in bold; they stand where the language puts them. */
function emphasised(text, values) {
  return html`${text.split(/\{(\w+)\}/).map((part, index) => (index % 2 ? html`<strong>${values[part]}</strong>` : part))}`;
}

function attemptItem(attempt) {
  const when = html`<time datetime="${attempt.attempted_at}">${dateTime(attempt.attempted_at)}</time>`;
  return html`<li class="attempt">
    <strong class="attempt__score">${attempt.overall_score}</strong>
    <span class="attempt__when">${attempt.call_id ? html`<a class="stretched" href="/calls/${attempt.call_id}">${when}</a>` : when}
      <small>${attempt.duration_ms ? clock(attempt.duration_ms) : null} ${attempt.empathy_score ? html`· ${t("Empathy: {level}", { level: attempt.empathy_score })}` : null}</small></span>
    ${passChip(attempt.passed)}
  </li>`;
}

/** Runs inside a click, which is what lets the browser open a microphone and play sound. */
async function startCall({ app, lesson, check, typing, target }) {
  const line = target.querySelector("[data-error]");
  line.hidden = true;
  check.context; // made now, while the click counts
  setBusy(target, true);
  try {
    if (!typing && !check.stream && !(await check.open())) return check.scrollIntoView({ block: "center" });
    const call = await app.api.startCall(lesson.simulation.id);
    const scenario = lesson.simulation.scenario ?? {};
    const brief = { ...scenario, lesson_id: lesson.id, description: lesson.simulation.scenario_description };
    keepCall({ call, brief, readyAt: null });
    const { stream, context } = check.take();
    app.handover = { call, brief, context, stream: typing ? null : stream };
    app.router.go(`/calls/${call.call_id}/live`);
  } catch (error) {
    line.hidden = false;
    render(line, explained(error));
    line.scrollIntoView({ block: "center" });
  } finally {
    setBusy(target, false);
  }
}

function setBusy(target, busy) {
  for (const button of target.querySelectorAll("[data-start]")) {
    button.disabled = busy;
    button.querySelector("span").textContent = busy ? t("Dialling…") : t("Start call");
  }
}

function explained(error) {
  const running = error.code === "call_already_running" && error.details.call_id;
  if (running) return html`${error.message} <a href="/calls/${running}/live">${t("Return to your call")}</a>`;
  if (error.status === 429 || error.status === 503) return html`${error.message}`;
  return html`${t("The call could not be started. {why}", { why: error.message })}`;
}
