/** The report card: score, tiles, sections with evidence, measures, mood, transcript with the recording. */

import "../elements/recording_player.js";
import "../elements/transcript_view.js";
import { endText } from "../call/call_state.js";
import { html, render } from "../lib/html.js";
import { clock, dateTime, duration, measure } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { breadcrumb } from "./parts.js";
import { moodCurve, scoreDial } from "./charts.js";
import { sectionItem } from "./report_sections.js";

export async function showReportCard(main, { app, call, simulation, report }) {
  document.title = `${report.passed ? "Passed" : "Not passed"}: ${report.title} · CallX`;
  render(main, page(report, call, simulation));
  return joinRecording(main, { app, call, simulation, turns: report.transcript, durationMs: report.duration_ms });
}

/** Below another view: the transcript and the recording of a call that has no report. */
export async function showTranscriptOnly(main, { app, call, simulation, signal }) {
  const transcript = await app.api.call(call.call_id, "transcript", { signal }).catch(() => null);
  const target = main.querySelector("[data-transcript]");
  if (!transcript?.turns.length || !target) return () => {};
  render(target, transcriptSection());
  return joinRecording(target, { app, call, simulation, turns: transcript.turns, durationMs: transcript.duration_ms });
}

function joinRecording(root, { app, call, simulation, turns, durationMs }) {
  const player = root.querySelector("recording-player");
  const view = root.querySelector("transcript-view");
  view.setUp({ turns, customerName: simulation?.customer_name ?? "Customer" });
  player.setUp({ turns, durationMs, getLink: async () => (await app.api.recordingLink(call.call_id)).url });
  view.addEventListener("seek", (event) => player.seek(event.detail));
  player.addEventListener("position", (event) => view.follow(event.detail));
  const evidence = (event) => {
    const button = event.target.closest("[data-evidence]");
    if (!button) return;
    player.seek(Number(button.dataset.evidence));
    if (button.dataset.turnId) view.reveal(button.dataset.turnId);
  };
  root.addEventListener("click", evidence);
  return () => root.removeEventListener("click", evidence);
}

function page(report, call, simulation) {
  const lessonPath = simulation?.lesson_id ? `/lessons/${simulation.lesson_id}` : null;
  return html`<article class="page report">
    ${breadcrumb([{ href: "/calls", text: "My calls" }, { text: report.title }])}
    ${hero(report, call, simulation, lessonPath)}
    ${autoFail(report.auto_fail)}
    ${(report.notices ?? []).map((text) => html`<div class="notice" role="note">${icon("alert")}<p>${text}</p></div>`)}
    <ul class="tiles" aria-label="Scores">
      ${tile("Overall", report.overall_score, "of 100")}
      ${tile("Script adherence", report.script_adherence, "of 100")}
      ${tile("Empathy", report.empathy_score, "in words", true)}
      ${tile("Call flow", report.call_flow_score, "of 100")}
    </ul>
    ${advice(report)}
    ${report.sections.length ? html`<section aria-labelledby="sections-title"><h2 id="sections-title" class="section-title">How the score came about</h2>
      <div class="sections">${report.sections.map(sectionItem)}</div></section>` : null}
    <div class="report__pair">${measures(report.measures)}${mood(report)}</div>
    ${transcriptSection()}
    <p class="fine-print">Judged by ${judgeName(report.judge)} on ${dateTime(report.created_at)}. Every quote above was checked against the transcript.</p>
  </article>`;
}

function hero(report, call, simulation, lessonPath) {
  return html`<header class="hero ${report.passed ? "hero--passed" : "hero--failed"}">
    ${scoreDial(report.overall_score, report.passing_grade, report.passed)}
    <div class="hero__text">
      <p class="eyebrow">${report.title}</p>
      <h1>${report.passed ? "Passed" : "Not passed"}</h1>
      <p class="hero__mark">${report.overall_score} of 100 points · pass mark ${report.passing_grade}${report.provisional ? html` <span class="chip chip--warn">${icon("alert")}Provisional</span>` : null}</p>
      <p class="hero__summary">${report.summary}</p>
      <p class="hero__facts">${simulation?.customer_name} · ${duration(report.duration_ms)} · ${endText(call.end_reason, simulation?.customer_name)}</p>
      ${lessonPath ? html`<a class="button" href="${lessonPath}">${icon("phone")}Practise again</a>` : null}
    </div>
  </header>`;
}

function autoFail(failure) {
  if (!failure) return null;
  return html`<div class="notice notice--bad" role="note">${icon("alert")}<div>
    <strong>Not passed because of one thing: ${failure.criterion}</strong><p>${failure.reason}</p>
    ${failure.at_ms === null || failure.at_ms === undefined ? null : html`<button class="evidence-play" type="button" data-evidence="${failure.at_ms}" data-turn-id="${failure.turn_id ?? ""}">${icon("play")}Hear it at ${clock(failure.at_ms)}</button>`}
  </div></div>`;
}

function tile(title, value, unit, isWord = false) {
  const missing = value === null || value === undefined;
  return html`<li class="tile"><span class="tile__title">${title}</span>
    <strong class="tile__value ${isWord && "tile__value--word"}">${missing ? "–" : value}</strong>
    <span class="tile__unit">${missing ? "not applicable" : isWord ? "" : unit}</span></li>`;
}

function advice({ keep = [], improve = [] }) {
  if (!keep.length && !improve.length) return null;
  const list = (items, symbol) => html`<ul>${items.map((item) => html`<li>${icon(symbol)}<span>${item}</span></li>`)}</ul>`;
  return html`<div class="advice">
    ${keep.length ? html`<section class="card advice__keep"><h2>Keep doing</h2>${list(keep, "check")}</section>` : null}
    ${improve.length ? html`<section class="card advice__improve"><h2>Work on</h2>${list(improve, "arrow")}</section>` : null}
  </div>`;
}

const BANDS = { ok: "Good", warn: "Watch", bad: "Off", info: "" };

function measures(items) {
  if (!items.length) return null;
  return html`<section class="card" aria-labelledby="measures-title"><h2 id="measures-title">How you spoke</h2>
    <dl class="measures">${items.map((item) => html`<div class="measure measure--${item.band}">
      <dt>${item.title}${item.note ? html`<small>${item.note}</small>` : null}</dt>
      <dd>${measure(item.value, item.unit)}${BANDS[item.band] ? html`<span class="measure__band">${BANDS[item.band]}</span>` : null}</dd></div>`)}</dl></section>`;
}

function mood(report) {
  if (!report.mood.length) return null;
  return html`<section class="card" aria-labelledby="mood-title"><h2 id="mood-title">The customer’s mood</h2>${moodCurve(report.mood, report.duration_ms)}</section>`;
}

function transcriptSection() {
  return html`<section class="transcript" aria-labelledby="transcript-title"><h2 id="transcript-title" class="section-title">The call, line by line</h2>
    <recording-player class="player"></recording-player>
    <transcript-view></transcript-view></section>`;
}

function judgeName(judge) {
  if (judge?.kind === "rule") return "a rule: an exam in which nothing is said is not passed";
  return judge?.kind === "local" ? `the local judge ${judge.version}` : `${judge?.kind ?? "the judge"} ${judge?.version ?? ""}`;
}
