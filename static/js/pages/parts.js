/** Pieces of markup that several pages share. */

import { html } from "../lib/html.js";
import { icon } from "../lib/icons.js";

export function progressBar({ done, total, percent }, label) {
  return html`<div class="progress">
    <div class="progress__track" role="progressbar" aria-label="Progress: ${label}" aria-valuemin="0" aria-valuemax="${total}" aria-valuenow="${done}" aria-valuetext="${done} of ${total} lessons">
      <svg class="progress__svg" preserveAspectRatio="none" viewBox="0 0 100 1" aria-hidden="true" focusable="false"><rect class="progress__bar" width="${percent}" height="1" /></svg>
    </div>
    <span class="progress__text">${done} of ${total}</span>
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
  return html`<nav class="breadcrumb" aria-label="Breadcrumb"><ol>
    ${steps.map((step) => html`<li>${step.href ? html`<a href="${step.href}">${step.text}</a>` : html`<span aria-current="page">${step.text}</span>`}</li>`)}
  </ol></nav>`;
}

export function passChip(passed) {
  return passed
    ? html`<span class="chip chip--good">${icon("check")}Passed</span>`
    : html`<span class="chip chip--bad">${icon("cross")}Not passed</span>`;
}
