import { one } from "../api.js";
import * as learning from "../learning.js";
import { endText } from "../call/call_state.js";
import { html, render } from "../lib/html.js";
import { clock, dateTime, initials } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { passChip } from "./parts.js";
import { noticeRunningCall } from "./running_call.js";
import { emptyPanel } from "./states.js";

export async function show(main, { app, signal }) {
  document.title = `${t("My calls")} · CallX`;
  const calls = await learning.myCalls(app.api, { signal });
  render(
    main,
    html`<div class="page">
      <header class="page-head"><h1>${t("My calls")}</h1><p class="lead">${t("Every call you made, with its report card and recording.")}</p></header>
      ${calls.length ? html`<ul class="call-list">${calls.map(callItem)}</ul>` : nothing()}
    </div>`,
  );
  noticeRunningCall(main.querySelector(".page"), { app, signal });
}

function callItem(call) {
  const scenario = one(one(call.simulations)?.simulation_scenarios);
  const attempt = one(call.simulation_attempts);
  return html`<li class="call-item">
    <span class="avatar avatar--customer" aria-hidden="true">${initials(scenario?.customer_name)}</span>
    <div class="call-item__text">
      <h2><a class="stretched" href="/calls/${call.id}">${scenario?.title ?? t("Practice call")}</a></h2>
      <p>${scenario?.customer_name} · <time datetime="${call.created_at}">${dateTime(call.created_at)}</time>${call.duration_ms >= 1000 ? ` · ${clock(call.duration_ms)}` : null}</p>
    </div>
    <div class="call-item__result">${attempt ? html`<strong class="call-item__score">${attempt.overall_score}</strong>${passChip(attempt.passed)}` : stateChip(call, scenario)}</div>
  </li>`;
}

function stateChip(call, scenario) {
  const state = one(call.evaluations)?.state;
  if (call.state !== "ended") return html`<span class="chip chip--brand">${icon("phone")}${t("Still open")}</span>`;
  if (state === "failed") return html`<span class="chip chip--warn">${icon("alert")}${t("Scoring is delayed")}</span>`;
  if (state === "not_assessable" || !state) return html`<span class="chip">${endText(call.end_reason, scenario?.customer_name)}</span>`;
  return html`<span class="chip">${icon("sparkle")}${t("Being scored")}</span>`;
}

function nothing() {
  return emptyPanel({
    symbol: "phone",
    title: t("No calls yet"),
    text: t("Your first customer is waiting in one of your courses."),
    action: html`<a class="button" href="/courses">${t("To my courses")}</a>`,
  });
}
