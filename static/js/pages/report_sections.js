/** The sections of a report: bars that open to criteria, checks and quotes. */

import { html } from "../lib/html.js";
import { clock } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

export const VERDICTS = {
  met: { word: () => t("Met"), icon: "check", tone: "good" },
  partial: { word: () => t("Partly"), icon: "half", tone: "warn" },
  not_met: { word: () => t("Not met"), icon: "cross", tone: "bad" },
  not_applicable: { word: () => t("Not applicable"), icon: "minus", tone: "none" },
  cannot_assess: { word: () => t("Cannot be told"), icon: "minus", tone: "none" },
};

export function sectionItem(section) {
  const problem = section.criteria.some((criterion) => criterion.verdict === "not_met");
  return html`<details class="section" ${problem && html`open`}>
    <summary>
      <span class="section__title">${section.title}<small>${t("{n} % of the score", { n: Math.round(section.weight) })}</small></span>
      <svg class="section__svg" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="section__ground" width="100" height="6" /><rect class="section__bar section__bar--${tone(section.score)}" width="${section.score ?? 0}" height="6" /></svg>
      <span class="section__score">${section.score ?? html`<small>${t("not rated")}</small>`}</span>
      <span class="chevron" aria-hidden="true"></span>
    </summary>
    <ul class="criteria">${section.criteria.map(criterionItem)}</ul>
  </details>`;
}

function tone(score) {
  if (score === null || score === undefined) return "none";
  if (score >= 80) return "good";
  return score >= 50 ? "warn" : "bad";
}

function criterionItem(criterion) {
  const verdict = VERDICTS[criterion.verdict] ?? VERDICTS.cannot_assess;
  const evidence = criterion.evidence ?? [];
  return html`<li class="criterion">
    <span class="criterion__mark criterion__mark--${verdict.tone}">${icon(verdict.icon)}</span>
    <div>
      <h3>${criterion.title} <span class="criterion__verdict">${overruled(criterion)}${verdict.word()}${isCritical(criterion) ? ` · ${t("must not fail")}` : null}</span></h3>
      <p>${criterion.reason}</p>
      ${criterion.checks?.length > 1 ? html`<ul class="checks">${criterion.checks.map(checkItem)}</ul>` : null}
      ${evidence.map(quote)}
      ${criterion.suggestion ? html`<p class="feedback__try"><strong>${t("Try:")}</strong> “${criterion.suggestion}”</p>` : null}
    </div>
  </li>`;
}

/** What the judge had said, where a person has changed it. */
function overruled({ machine }) {
  if (!machine) return null;
  const word = (VERDICTS[machine.verdict] ?? VERDICTS.cannot_assess).word();
  return html`<s class="machine-word">${word}</s> `;
}

function isCritical({ severity }) {
  return String(severity ?? "").startsWith("critical");
}

function checkItem(check) {
  const verdict = VERDICTS[check.verdict] ?? VERDICTS.cannot_assess;
  return html`<li class="check check--${verdict.tone}">${icon(verdict.icon)}<span>${check.text}<span class="visually-hidden">: ${verdict.word()}</span>${check.overridden_because !== undefined && check.machine ? html` <small class="muted">${overruled(check)}${check.overridden_because || t("changed in review")}</small>` : null}</span></li>`;
}

function quote({ turn_id, quote: words, start_ms, polarity }) {
  return html`<blockquote class="quote quote--${polarity}">
    <button class="evidence-play" type="button" data-evidence="${start_ms}" data-turn-id="${turn_id}">${icon("play")}${clock(start_ms)}<span class="visually-hidden">: ${t("play")}</span></button>
    <span>“${words}”</span>
  </blockquote>`;
}
