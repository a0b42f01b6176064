/** Drawings with the same numbers in words. */

import { html } from "../lib/html.js";
import { clock } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { moodWord } from "../lib/mood.js";

const DIAL_RADIUS = 52;
const WIDTH = 600;
const HEIGHT = 160;

/** The score as an arc with a notch at the pass mark. */
export function scoreDial(score, passingGrade, passed) {
  const around = 2 * Math.PI * DIAL_RADIUS;
  const angle = (passingGrade / 100) * 360 - 90;
  return html`<div class="dial dial--${passed ? "good" : "bad"}" role="img" aria-label="${t("{score} of 100 points, pass mark {mark}", { score, mark: passingGrade })}">
    <svg viewBox="0 0 128 128" aria-hidden="true" focusable="false">
      <circle class="dial__ground" cx="64" cy="64" r="${DIAL_RADIUS}" />
      ${score > 0 && html`<circle class="dial__value" cx="64" cy="64" r="${DIAL_RADIUS}" stroke-dasharray="${((around * score) / 100).toFixed(2)} ${around.toFixed(2)}" transform="rotate(-90 64 64)" />`}
      <line class="dial__mark" x1="${64 + DIAL_RADIUS - 8}" x2="${64 + DIAL_RADIUS + 8}" y1="64" y2="64" transform="rotate(${angle} 64 64)" />
    </svg>
    <span class="dial__text"><strong>${score}</strong><small>${t("of 100")}</small></span>
  </div>`;
}

/** The mood over the call as steps, and the same as a table. */
export function moodCurve(points, durationMs) {
  const x = (ms) => ((ms / Math.max(durationMs, 1)) * WIDTH).toFixed(1);
  const y = (value) => (HEIGHT - (value / 100) * HEIGHT).toFixed(1);
  const path = points.map((point, index) => (index ? `H${x(point.at_ms)}V${y(point.mood)}` : `M${x(point.at_ms)} ${y(point.mood)}`)).join("");
  const line = `${path}H${WIDTH}`;
  const [first, last] = [points[0].mood, points.at(-1).mood];
  const says = t("From {first} ({firstWord}) to {last} ({lastWord}).", { first, firstWord: moodWord(first), last, lastWord: moodWord(last) });
  return html`<figure class="curve">
    <div class="curve__frame">
      <div class="curve__axis" aria-hidden="true"><span>${t("delighted")}</span><span>${t("calm")}</span><span>${t("furious")}</span></div>
      <svg viewBox="0 -4 ${WIDTH} ${HEIGHT + 8}" preserveAspectRatio="none" role="img" aria-labelledby="curve-says" focusable="false">
        <title id="curve-says">${t("The customer’s mood")}. ${says}</title>
        ${[0, 50, 100].map((value) => html`<line class="curve__grid" x1="0" x2="${WIDTH}" y1="${y(value)}" y2="${y(value)}" />`)}
        <path class="curve__area" d="${line}V${HEIGHT}H${x(points[0].at_ms)}Z" />
        <path class="curve__line" d="${line}" />
      </svg>
    </div>
    <figcaption>${says}</figcaption>
    <details><summary>${t("Show as table")}</summary><table>
      <thead><tr><th scope="col">${t("Time")}</th><th scope="col">${t("Mood (0–100)")}</th><th scope="col">${t("In words")}</th></tr></thead>
      <tbody>${points.map((point) => html`<tr><td>${clock(point.at_ms)}</td><td>${point.mood}</td><td>${moodWord(point.mood)}</td></tr>`)}</tbody>
    </table></details>
  </figure>`;
}
