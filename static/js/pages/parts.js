/** Pieces of markup that several pages share. */

import { due } from "../lib/format.js";
import { html } from "../lib/html.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

export function progressBar({ done, total, percent }, label) {
  return html`<div class="progress">
    <div class="progress__track" role="progressbar" aria-label="${t("Progress: {label}", { label })}" aria-valuemin="0" aria-valuemax="${total}" aria-valuenow="${done}" aria-valuetext="${tn("{done} of {n} lesson", "{done} of {n} lessons", total, { done })}">
      <svg class="progress__svg" preserveAspectRatio="none" viewBox="0 0 100 1" aria-hidden="true" focusable="false"><rect class="progress__bar" width="${percent}" height="1" /></svg>
    </div>
    <span class="progress__text">${t("{done} of {total}", { done, total })}</span>
  </div>`;
}

/** A ring that says a percentage; `size` "small" or "large". */
export function progressRing(percent, label) {
  const around = 2 * Math.PI * 20;
  return html`<div class="ring" role="img" aria-label="${label}">
    <svg viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <circle class="ring__ground" cx="24" cy="24" r="20" />
      ${percent > 0 && html`<circle class="ring__value" cx="24" cy="24" r="20" stroke-dasharray="${((around * percent) / 100).toFixed(2)} ${around.toFixed(2)}" transform="rotate(-90 24 24)" />`}
    </svg>
    <span class="ring__text">${percent}<small>%</small></span>
  </div>`;
}

export function breadcrumb(steps) {
  return html`<nav class="breadcrumb" aria-label="${t("Breadcrumb")}"><ol>
    ${steps.map((step) => html`<li>${step.href ? html`<a href="${step.href}">${step.text}</a>` : html`<span aria-current="page">${step.text}</span>`}</li>`)}
  </ol></nav>`;
}

export function passChip(passed) {
  return passed
    ? html`<span class="chip chip--good">${icon("check")}${t("Passed")}</span>`
    : html`<span class="chip chip--bad">${icon("cross")}${t("Not passed")}</span>`;
}

const STATUSES = {
  "Not started": { tone: "", icon: null, word: () => t("Not started") },
  "In progress": { tone: "chip--brand", icon: null, word: () => t("In progress") },
  Completed: { tone: "chip--good", icon: "check", word: () => t("Completed") },
  "Past due": { tone: "chip--bad", icon: "clock", word: () => t("Past due") },
  "Did not pass": { tone: "chip--bad", icon: "cross", word: () => t("Did not pass") },
  Certified: { tone: "chip--good", icon: "medal", word: () => t("Certified") },
};

/** One of the five states of a course, or `Certified`, as the server calls them. */
export function statusChip(status) {
  const known = STATUSES[status] ?? { tone: "", icon: null, word: () => status };
  return html`<span class="chip ${known.tone}">${known.icon ? icon(known.icon) : null}${known.word()}</span>`;
}

export function statusWord(status) {
  return STATUSES[status]?.word() ?? status;
}

/** A due date with what it means today. */
export function dueChip(iso, nowMs) {
  const { text, tone } = due(iso, nowMs);
  return html`<span class="chip ${tone === "none" ? "" : `chip--${tone}`}">${icon(tone === "bad" ? "alert" : "clock")}${text}</span>`;
}

/** The bar and the number of a percentage. */
export function percentBar(percent, label) {
  return html`<div class="progress">
    <div class="progress__track" role="progressbar" aria-label="${label}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="${percent}">
      <svg class="progress__svg" preserveAspectRatio="none" viewBox="0 0 100 1" aria-hidden="true" focusable="false"><rect class="progress__bar" width="${percent}" height="1" /></svg>
    </div>
    <span class="progress__text">${t("{n} %", { n: percent })}</span>
  </div>`;
}
