/** The report card: score, tiles, sections with evidence, measures, mood, transcript with the recording. */

import { endText } from "../call/call_state.js";
import { attemptsAt } from "../learning.js";
import { clock, dateTime, duration, initials, measure, signed } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { ownNotes } from "./own_notes.js";
import { breadcrumb } from "./parts.js";
import { moodCurve, scoreDial } from "./charts.js";
import { joinReplay, replaySection } from "./replay.js";
import { sectionItem } from "./report_sections.js";
import { joinReviewRequest, reviewNotice, reviewRequest } from "./review_notice.js";
import { standingOf } from "../replay/standing.js";

/** `viewer` is `{isOwn, ownerId, name}`; `request` what the trainee has asked, or null. */
export async function showReportCard(main, { app, call, simulation, report, request = null, viewer, me, signal }) {
  const word = report.passed ? t("Passed") : t("Not passed");
  document.title = `${word}: ${report.title} · CallX`;
  const attempts = await attemptsAt(app.api, report.simulation_id ?? call.simulation_id, viewer.ownerId, { signal }).catch(() => []);
  render(main, page({ report, call, simulation, request, viewer, me, standing: standingOf(attempts, call.call_id) }));
  joinReviewRequest(main, { app, callId: call.call_id, signal });
  return joinReplay(main, { app, call, simulation, turns: report.transcript, durationMs: report.duration_ms, autoFail: report.auto_fail, viewer, me });
}

/** Below another view: the transcript and the recording of a call that has no report. */
export async function showTranscriptOnly(main, { app, call, simulation, viewer, me, signal }) {
  const transcript = await app.api.call(call.call_id, "transcript", { signal }).catch(() => null);
  const target = main.querySelector("[data-transcript]");
  if (!transcript?.turns.length || !target) return () => {};
  render(target, html`${viewer.isOwn ? ownNotes(call.call_id) : null}${replaySection(viewer)}`);
  return joinReplay(target, { app, call, simulation, turns: transcript.turns, durationMs: transcript.duration_ms, viewer, me });
}

function page({ report, call, simulation, request, viewer, me, standing }) {
  const way = viewer.isOwn ? [{ href: "/calls", text: t("My calls") }] : [{ href: "/team", text: t("Team") }, { href: `/team/${viewer.ownerId}`, text: viewer.name }];
  return html`<article class="page report">
    ${breadcrumb([...way, { text: report.title }])}
    ${hero({ report, call, simulation, viewer, standing, me })}
    ${reviewNotice(report.review)}
    ${viewer.isOwn ? reviewRequest(report, request) : null}
    ${autoFail(report.auto_fail)}
    ${(report.notices ?? []).map((text) => html`<div class="notice" role="note">${icon("alert")}<p>${text}</p></div>`)}
    <ul class="tiles" aria-label="${t("Scores")}">
      ${tile(t("Overall"), report.overall_score, t("of 100"))}
      ${tile(t("Script adherence"), report.script_adherence, t("of 100"))}
      ${tile(t("Empathy"), report.empathy_score, t("in words"), true)}
      ${tile(t("Call flow"), report.call_flow_score, t("of 100"))}
    </ul>
    ${advice(report)}
    ${report.sections.length ? html`<section aria-labelledby="sections-title"><h2 id="sections-title" class="section-title">${t("How the score came about")}</h2>
      <div class="sections">${report.sections.map(sectionItem)}</div></section>` : null}
    <div class="report__pair">${measures(report.measures, viewer)}${mood(report)}</div>
    ${viewer.isOwn ? ownNotes(call.call_id) : null}
    ${replaySection(viewer)}
    <p class="fine-print">${t("Judged by {judge} on {when}. Every quote above was checked against the transcript.", { judge: judgeName(report.judge), when: dateTime(report.created_at) })}</p>
  </article>`;
}

function hero({ report, call, simulation, viewer, standing, me }) {
  const lessonPath = viewer.isOwn && simulation?.lesson_id ? `/lessons/${simulation.lesson_id}` : null;
  const { review } = report;
  const facts = [simulation?.customer_name, report.duration_ms >= 1000 ? duration(report.duration_ms) : null, endText(call.end_reason, simulation?.customer_name)];
  return html`<header class="hero ${report.passed ? "hero--passed" : "hero--failed"}">
    ${scoreDial(report.overall_score, report.passing_grade, report.passed)}
    <div class="hero__text">
      <p class="eyebrow">${viewer.isOwn ? null : html`<span class="avatar avatar--small" aria-hidden="true">${initials(viewer.name)}</span>${viewer.name} · `}${report.title}${report.mode === "exam" ? html` <span class="chip">${t("Exam")}</span>` : null}</p>
      <h1>${report.passed ? t("Passed") : t("Not passed")}</h1>
      <p class="hero__mark">${t("{score} of 100 points · pass mark {mark}", { score: report.overall_score, mark: report.passing_grade })}${review && review.machine.overall_score !== report.overall_score ? html` <span class="hero__machine">${t("The judge: {score}", { score: review.machine.overall_score })}</span>` : null}${report.provisional ? html` <span class="chip chip--warn">${icon("alert")}${t("Provisional")}</span>` : null}</p>
      ${standingLine(standing)}
      <p class="hero__summary">${report.summary}</p>
      <p class="hero__facts">${facts.filter(Boolean).join(" · ")}</p>
      <div class="row">
        ${lessonPath ? html`<a class="button" href="${lessonPath}">${icon("phone")}${t("Practise again")}</a>` : null}
        ${viewer.isOwn || !me.roles.some((role) => role !== "trainee") ? null : html`<a class="button" href="/calls/${call.call_id}/review">${icon("flag")}${review ? t("Review again") : t("Review the scores")}</a>`}
        ${standing?.previous ? html`<a class="button button--quiet" href="/compare?attempts=${standing.previous.id},${standing.current.id}">${t("Compare with the call before")}</a>` : null}
      </div>
    </div>
  </header>`;
}

function standingLine(standing) {
  if (!standing?.previous) return null;
  const { number, delta, best } = standing;
  return html`<p class="hero__deltas"><span>${t("Call {n} of this kind", { n: number })}</span><span class="delta ${delta < 0 ? "delta--down" : "delta--up"}">${icon(delta < 0 ? "down" : "up")}${t("{delta} to the one before", { delta: signed(delta) })}</span><span>${t("best before: {n}", { n: best })}</span></p>`;
}

function autoFail(failure) {
  if (!failure) return null;
  return html`<div class="notice notice--bad" role="note">${icon("alert")}<div>
    <strong>${t("Not passed because of one thing: {criterion}", { criterion: failure.criterion })}</strong><p>${failure.reason}</p>
    ${failure.at_ms === null || failure.at_ms === undefined ? null : html`<button class="evidence-play" type="button" data-evidence="${failure.at_ms}" data-turn-id="${failure.turn_id ?? ""}">${icon("play")}${t("Hear it at {time}", { time: clock(failure.at_ms) })}</button>`}
  </div></div>`;
}

function tile(title, value, unit, isWord = false) {
  const missing = value === null || value === undefined;
  return html`<li class="tile"><span class="tile__title">${title}</span>
    <strong class="tile__value ${isWord && "tile__value--word"}">${missing ? "–" : value}</strong>
    <span class="tile__unit">${missing ? t("not applicable") : isWord ? "" : unit}</span></li>`;
}

function advice({ keep = [], improve = [] }) {
  if (!keep.length && !improve.length) return null;
  const list = (items, symbol) => html`<ul>${items.map((item) => html`<li>${icon(symbol)}<span>${item}</span></li>`)}</ul>`;
  return html`<div class="advice">
    ${keep.length ? html`<section class="card advice__keep"><h2>${t("Keep doing")}</h2>${list(keep, "check")}</section>` : null}
    ${improve.length ? html`<section class="card advice__improve"><h2>${t("Work on")}</h2>${list(improve, "arrow")}</section>` : null}
  </div>`;
}

const BANDS = { ok: () => t("Good"), warn: () => t("Watch"), bad: () => t("Off") };

function measures(items, viewer) {
  if (!items.length) return null;
  return html`<section class="card" aria-labelledby="measures-title"><h2 id="measures-title">${viewer.isOwn ? t("How you spoke") : t("How {name} spoke", { name: viewer.name })}</h2>
    <dl class="measures">${items.map((item) => html`<div class="measure measure--${item.band}">
      <dt>${item.title}${item.note ? html`<small>${item.note}</small>` : null}</dt>
      <dd>${measure(item.value, item.unit)}${BANDS[item.band] ? html`<span class="measure__band">${BANDS[item.band]()}</span>` : null}</dd></div>`)}</dl></section>`;
}

function mood(report) {
  if (!report.mood.length) return null;
  return html`<section class="card" aria-labelledby="mood-title"><h2 id="mood-title">${t("The customer’s mood")}</h2>${moodCurve(report.mood, report.duration_ms)}</section>`;
}

function judgeName(judge) {
  if (judge?.kind === "rule") return t("a rule: an exam in which nothing is said is not passed");
  if (judge?.kind === "local") return t("the built-in rules");
  return judge?.model ? t("the language model {model}", { model: judge.model }) : t("the judge");
}
