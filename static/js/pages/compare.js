/** Two to five calls of one person at one simulation, side by side. */

import { one } from "../api.js";
import { clock, dateTime, measure, signed } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { heatOf } from "../team/team_model.js";
import { breadcrumb, passChip } from "./parts.js";
import { missing } from "./states.js";

const VERDICTS = { met: ["check", "good", () => t("met")], partial: ["half", "warn", () => t("partly met")], not_met: ["cross", "bad", () => t("not met")], not_applicable: ["minus", "none", () => t("not applicable")], cannot_assess: ["minus", "none", () => t("cannot be told")] };
const CHANGES = { gained: ["up", "good", () => t("gained")], lost: ["down", "bad", () => t("lost")], same: [null, "none", () => t("the same")], unclear: [null, "none", () => t("unclear")] };

export async function show(main, { app, signal }) {
  document.title = `${t("Compare calls")} · CallX`;
  const ids = (new URLSearchParams(location.search).get("attempts") ?? "").split(",").filter(Boolean);
  if (ids.length < 2) throw missing();
  const [found, me] = await Promise.all([app.api.invoke("compare-attempts", { attempt_ids: ids }, { signal }), app.me.get()]);
  const first = await app.api.firstRow("simulation_attempts", { select: "user_id,simulations(simulation_scenarios(title))", id: `eq.${ids[0]}` }, { signal });
  const title = one(one(first?.simulations)?.simulation_scenarios)?.title;
  const isOwn = !first || first.user_id === me.id;
  const person = isOwn ? null : { id: first.user_id, name: await nameOf(app.api, first.user_id, signal) };
  render(main, page(found, title ?? t("Compare calls"), person));
}

async function nameOf(api, userId, signal) {
  return (await api.firstRow("profiles", { select: "full_name", id: `eq.${userId}` }, { signal }))?.full_name ?? t("Person");
}

function page(found, title, person) {
  const { attempts, gain } = found;
  const way = person ? [{ href: "/team", text: t("Team") }, { href: `/team/${person.id}`, text: person.name }] : [{ href: "/calls", text: t("My calls") }];
  return html`<div class="page page--wide compare">
    ${breadcrumb([...way, { text: t("Compare calls") }])}
    <header class="page-head"><h1>${title}</h1>
      <p class="lead">${t("{delta} points from the very first call ({first}) to the best ({best}).", { delta: signed(gain.points), first: gain.first, best: gain.best })}</p>
      ${found.same_rubric ? null : html`<p class="notice" role="note">${icon("info")}<span>${t("These calls were judged by different versions of the rubric: what one of them did not have is left empty.")}</span></p>`}</header>
    <div class="table-scroll" role="region" aria-label="${t("The calls side by side")}" tabindex="0">
      <table class="compare-table"><caption class="visually-hidden">${t("The calls side by side")}</caption>
        <thead><tr><td></td>${attempts.map((attempt, place) => html`<th scope="col"><a href="/calls/${attempt.call_id}">${t("Call {n}", { n: place + 1 })}</a><small><time datetime="${attempt.attempted_at}">${dateTime(attempt.attempted_at)}</time></small></th>`)}<th scope="col">${t("Change")}</th></tr></thead>
        <tbody>${headRows(attempts)}</tbody>
        ${group(t("Sections"), found.sections.map((section) => scoreRow(section.title, section.scores)), attempts.length)}
        ${group(t("Criteria"), found.criteria.map((criterion) => scoreRow(criterion.title, criterion.scores, criterion.verdicts)), attempts.length)}
        ${group(t("Checks"), found.checks.map((check) => checkRow(check)), attempts.length)}
        ${group(t("How it was spoken"), found.measures.filter((item) => item.values.some((value) => value !== null)).map((item) => measureRow(item)), attempts.length)}
      </table></div>
  </div>`;
}

function group(title, rows, count) {
  if (!rows.length) return null;
  return html`<tbody><tr class="compare-table__group"><th scope="rowgroup" colspan="${count + 2}">${title}</th></tr>${rows}</tbody>`;
}

function headRows(attempts) {
  return html`
    <tr class="compare-table__overall"><th scope="row">${t("Overall")}</th>${attempts.map((attempt) => html`<td><strong>${attempt.overall_score}</strong></td>`)}${change(attempts.map((attempt) => attempt.overall_score))}</tr>
    <tr><th scope="row">${t("Result")}</th>${attempts.map((attempt) => html`<td>${passChip(attempt.passed)}</td>`)}<td></td></tr>
    <tr><th scope="row">${t("Length")}</th>${attempts.map((attempt) => html`<td>${attempt.duration_ms >= 1000 ? clock(attempt.duration_ms) : "–"}</td>`)}<td></td></tr>`;
}

function scoreRow(title, scores, verdicts = null) {
  return html`<tr><th scope="row">${title}</th>${scores.map((score, place) => html`<td>${score === null ? html`<span class="muted">–</span>` : html`<span class="compare-table__score heat--${heatOf(score)}">${score}</span>`}${verdicts?.[place] ? html`<small class="visually-hidden"> ${verdictWord(verdicts[place])}</small>` : null}</td>`)}${change(scores)}</tr>`;
}

function change(scores) {
  const known = scores.filter((score) => score !== null);
  if (known.length < 2) return html`<td class="muted">–</td>`;
  const delta = known.at(-1) - known[0];
  return html`<td class="compare-table__change ${delta > 0 ? "is-up" : delta < 0 ? "is-down" : ""}">${delta ? icon(delta > 0 ? "up" : "down") : null}${signed(delta)}</td>`;
}

function verdictWord(verdict) {
  return (VERDICTS[verdict] ?? VERDICTS.cannot_assess)[2]();
}

function checkRow({ text, verdicts, change: how }) {
  const [symbol, tone, word] = CHANGES[how] ?? CHANGES.unclear;
  return html`<tr><th scope="row">${text}</th>${verdicts.map((verdict) => {
    if (!verdict) return html`<td class="muted">–</td>`;
    const [mark, look] = VERDICTS[verdict] ?? VERDICTS.cannot_assess;
    return html`<td><span class="compare-table__mark compare-table__mark--${look}">${icon(mark)}<span class="visually-hidden">${verdictWord(verdict)}</span></span></td>`;
  })}<td class="compare-table__change ${tone === "good" ? "is-up" : tone === "bad" ? "is-down" : ""}">${symbol ? icon(symbol) : null}${word()}</td></tr>`;
}

function measureRow({ title, unit, values }) {
  return html`<tr><th scope="row">${title}</th>${values.map((value) => html`<td>${measure(value, unit)}</td>`)}<td></td></tr>`;
}
