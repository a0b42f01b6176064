/** What is being done with a call that ended: recording, transcript, report. */

import { endText } from "../call/call_state.js";
import { html, render } from "../lib/html.js";
import { clock } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

/** `{steps: [{key, title, state}], outcome}`; a step is `done`, `active`, `waiting` or `failed`. PURE. */
export function processingState({ call, evaluation, recording }) {
  const ended = call.state === "ended";
  const recordingState = { ready: "done", failed: "failed" }[recording] ?? (ended ? "active" : "waiting");
  const scored = { queued: "active", running: "active", failed: "failed", not_assessable: "failed" }[evaluation.state];
  return {
    outcome: ended ? evaluation.state : "open",
    steps: [
      { key: "recording", title: t("Recording saved"), state: recordingState },
      { key: "transcript", title: t("Transcript finished"), state: ended ? "done" : "active" },
      { key: "report", title: t("Report card"), state: scored ?? (ended ? "active" : "waiting") },
    ],
  };
}

export function drawProcessing(main, { steps, outcome }, { call, simulation, viewer }) {
  const title = titleOf(outcome);
  document.title = `${title} · CallX`;
  render(
    main,
    html`<div class="page processing">
      <section class="card processing__card">
        <p class="eyebrow">${simulation?.title ?? t("Practice call")}</p>
        <h1>${title}</h1>
        <p class="lead">${textOf(outcome, call, simulation)}</p>
        ${outcome === "not_assessable" ? null : html`<ol class="steps">${steps.map(stepItem)}</ol>`}
        <p class="muted" data-network role="status"></p>
        <div class="row">
          ${outcome === "not_assessable" && simulation?.lesson_id ? html`<a class="button" href="/lessons/${simulation.lesson_id}">${t("Try the call again")}</a>` : null}
          ${viewer?.isOwn === false ? html`<a class="button button--quiet" href="/team/${viewer.ownerId}">${viewer.name}</a>` : html`<a class="button button--quiet" href="/calls">${t("My calls")}</a>`}
        </div>
      </section>
      <div data-transcript></div>
    </div>`,
  );
}

const STEP_ICONS = { done: "check", failed: "alert", active: null, waiting: null };
const STEP_WORDS = { done: () => t("Done"), failed: () => t("Delayed"), active: () => t("Working on it…"), waiting: () => t("Waiting") };

function stepItem({ title, state }) {
  return html`<li class="step step--${state}">
    <span class="step__mark">${STEP_ICONS[state] ? icon(STEP_ICONS[state]) : null}</span>
    <span class="step__title">${title}</span><span class="step__state">${STEP_WORDS[state]()}</span>
  </li>`;
}

function titleOf(outcome) {
  if (outcome === "failed") return t("Your call is safe. Scoring is delayed");
  if (outcome === "not_assessable") return t("This call was too short to score");
  return outcome === "open" ? t("The call is still open") : t("Listening to your call again");
}

function textOf(outcome, call, simulation) {
  if (outcome === "failed") return t("The recording and the transcript are stored. We try again by ourselves; nothing is lost.");
  if (outcome === "not_assessable") return t("There is too little in it to be fair to you. It does not count as an attempt.");
  if (outcome === "open") return t("As soon as it has ended, it is scored. If you closed the tab, that takes about a minute.");
  const ended = endText(call.end_reason, simulation?.customer_name);
  return t("{ended} after {time}. This takes a few seconds; you may leave this page, your report card will be under My calls.", { ended, time: clock(call.duration_ms) });
}
