/** One call under review: each verdict can be overruled, and what comes of it is shown before it is published. */

import * as learning from "../learning.js";
import { html, render } from "../lib/html.js";
import { dateTime } from "../lib/format.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { changesOf, choicesOf, overridesOf, placesOf } from "../replay/review_model.js";
import { viewerOf } from "../replay/viewer.js";
import { breadcrumb, passChip } from "./parts.js";
import { joinReplay, replaySection } from "./replay.js";
import { VERDICTS } from "./report_sections.js";
import { missing } from "./states.js";

const CHOICES = ["met", "not_met", "not_applicable", "cannot_assess"];
const NUMBERS = {
  overall_score: () => t("Overall"),
  passed: () => t("Result"),
  provisional: () => t("Provisional"),
  script_adherence: () => t("Script adherence"),
  empathy_score: () => t("Empathy"),
  call_flow_score: () => t("Call flow"),
};

export async function show(main, { app, params, signal }) {
  const options = { signal };
  const [call, evaluation, viewer, me] = await Promise.all([
    app.api.call(params.id, "", options),
    app.api.call(params.id, "evaluation", options),
    viewerOf(app, params.id, options),
    app.me.get(),
  ]);
  if (evaluation.state !== "done" || viewer.isOwn) throw missing();
  const [draft, simulation] = await Promise.all([
    app.api.firstRow("reviews", { select: "id,overrides,reason,settles", call_id: `eq.${params.id}`, reviewer_id: `eq.${me.id}`, state: "eq.draft" }, options),
    learning.simulationOf(app.api, call.simulation_id, options).catch(() => null),
  ]);
  const { report } = evaluation;
  const places = placesOf(report);
  const choices = choicesOf(places, draft);
  document.title = `${t("Review")}: ${report.title} · CallX`;
  render(main, page({ report, places, choices, draft, viewer, request: evaluation.review_request }));
  drawCount();
  main.addEventListener("change", (event) => event.target.matches("[data-verdict]") && choose(event.target), { signal });
  main.addEventListener("input", (event) => event.target.matches("[data-because]") && explain(event.target), { signal });
  main.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-review]")) return;
    event.preventDefault();
    send(event.submitter?.value === "publish");
  }, { signal });
  return joinReplay(main, { app, call, simulation, turns: report.transcript, durationMs: report.duration_ms, autoFail: report.auto_fail, viewer, me });

  function choose(field) {
    const place = field.dataset.verdict;
    const because = field.closest(".verdict").querySelector("[data-because-field]");
    if (field.value) choices.set(place, { verdict: field.value, reason: choices.get(place)?.reason ?? "" });
    else choices.delete(place);
    because.hidden = !field.value;
    field.closest(".verdict").classList.toggle("verdict--changed", Boolean(field.value));
    drawCount();
  }

  function explain(field) {
    choices.set(field.dataset.because, { ...choices.get(field.dataset.because), reason: field.value });
  }

  function drawCount() {
    const count = overridesOf(places, choices).length;
    main.querySelector("[data-overruled]").textContent = count ? tn("You overrule {n} verdict.", "You overrule {n} verdicts.", count) : t("You overrule nothing: publishing confirms the result.");
  }

  async function send(publish) {
    const form = main.querySelector("[data-review]");
    const [line, note] = [form.querySelector("[data-error]"), form.querySelector("[data-note]")];
    const reason = form.elements.reason.value.trim();
    line.hidden = true;
    if (publish && !reason) return fail(line, t("Say why: the trainee reads it."), form.elements.reason);
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    note.textContent = publish ? t("Publishing…") : t("Saving the draft…");
    try {
      const body = { call_id: params.id, overrides: overridesOf(places, choices), reason, settles: form.elements.settles?.checked ?? true, publish, based_on: report.review?.review_id ?? null };
      const answer = await app.api.invoke("review-call", body);
      note.textContent = publish ? "" : t("Draft saved at {time}", { time: dateTime(new Date().toISOString()) });
      if (publish) {
        app.announce(t("The review is published"));
        return app.router.go(`/calls/${params.id}`);
      }
      render(main.querySelector("[data-outcome]"), outcome(answer));
    } catch (error) {
      note.textContent = "";
      fail(line, error.code === "review_outdated" ? t("Somebody else has published a review meanwhile. Load the page again to see it.") : error.message);
    } finally {
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    }
  }
}

function fail(line, text, field = null) {
  line.textContent = text;
  line.hidden = false;
  field?.focus();
}

function page({ report, places, choices, draft, viewer, request }) {
  return html`<article class="page page--wide review">
    ${breadcrumb([{ href: "/reviews", text: t("Reviews") }, { href: `/calls/${report.call_id}`, text: `${viewer.name}: ${report.title}` }, { text: t("Review") }])}
    <header class="page-head"><h1>${t("Review of {name}’s call", { name: viewer.name })}</h1>
      <p class="lead">${t("{score} of 100 points · pass mark {mark}", { score: report.overall_score, mark: report.passing_grade })} ${passChip(report.passed)}</p></header>
    ${request?.state === "open" ? html`<div class="notice" role="note">${icon("flag")}<div><p><strong>${t("{name} disagrees", { name: viewer.name })}</strong></p><p>“${request.reason}”</p></div></div>` : null}
    <div class="review__columns">
      <section class="card review__verdicts" aria-labelledby="verdicts-title"><h2 id="verdicts-title">${t("Verdicts")}</h2>${report.sections.map((section) => sectionFields(section, places, choices))}</section>
      <form class="card review__form" data-review novalidate aria-labelledby="decide-title"><h2 id="decide-title">${t("Your decision")}</h2>
        <p data-overruled role="status"></p>
        <div class="field"><label for="review-reason">${t("Reason, for the trainee")}</label><textarea id="review-reason" name="reason" rows="4" maxlength="2000">${draft?.reason ?? ""}</textarea></div>
        ${report.provisional ? html`<label class="review__check"><input type="checkbox" name="settles" ${(draft?.settles ?? true) && html`checked`}> ${t("The provisional result becomes a result")}</label>` : null}
        <div data-outcome></div>
        <p class="form-error" role="alert" data-error hidden></p>
        <div class="row"><button class="button button--quiet" type="submit" value="draft">${t("Save draft and see the result")}</button><button class="button" type="submit" value="publish">${t("Publish")}</button></div>
        <p class="fine-print" role="status" data-note></p></form>
    </div>
    ${replaySection(viewer)}
  </article>`;
}

function sectionFields(section, places, choices) {
  return html`<fieldset class="review__section"><legend>${section.title} <span class="muted">${section.score ?? "–"}</span></legend>
    ${section.criteria.map((criterion) => html`<div class="review__criterion"><h3>${criterion.title}</h3>
      ${(criterion.evidence ?? []).map((evidence) => html`<blockquote class="quote quote--${evidence.polarity}"><button class="evidence-play" type="button" data-evidence="${evidence.start_ms}" data-turn-id="${evidence.turn_id}">${icon("play")}${t("Hear it")}</button><span>“${evidence.quote}”</span></blockquote>`)}
      <ul>${places.filter((one) => one.criterion === criterion.key).map((one) => verdictField(one, choices.get(one.place)))}</ul></div>`)}
  </fieldset>`;
}

function verdictField({ place, title, judged }, choice) {
  const look = VERDICTS[judged] ?? VERDICTS.cannot_assess;
  const overruled = choice && choice.verdict !== judged;
  const id = `verdict-${place}`;
  return html`<li class="verdict ${overruled && "verdict--changed"}">
    <span class="criterion__mark criterion__mark--${look.tone}">${icon(look.icon)}</span>
    <label for="${id}">${title}</label>
    <select id="${id}" data-verdict="${place}"><option value="">${t("As judged: {verdict}", { verdict: look.word() })}</option>${CHOICES.filter((verdict) => verdict !== judged).map((verdict) => html`<option value="${verdict}" ${overruled && choice.verdict === verdict && html`selected`}>${VERDICTS[verdict].word()}</option>`)}</select>
    <span class="verdict__because" data-because-field ${!overruled && html`hidden`}><label class="visually-hidden" for="because-${place}">${t("Why, for this one")}</label><input id="because-${place}" data-because="${place}" maxlength="500" placeholder="${t("Why (may be left empty)")}" value="${choice?.reason ?? ""}"></span></li>`;
}

function outcome({ result, certificate_stands: stands }) {
  const changes = changesOf(result);
  const say = (key, value) => (key === "passed" ? (value ? t("Passed") : t("Not passed")) : typeof value === "boolean" ? (value ? t("yes") : t("no")) : (value ?? "–"));
  return html`<div class="review__outcome"><h3>${t("What would come of it")}</h3>
    ${changes.length ? html`<dl>${changes.filter(({ key }) => key in NUMBERS).map(({ key, before, after }) => html`<div><dt>${NUMBERS[key]()}</dt><dd><s>${say(key, before)}</s> <strong>${say(key, after)}</strong></dd></div>`)}</dl>` : html`<p>${t("The numbers stay as they are.")}</p>`}
    ${stands ? html`<p class="fine-print">${t("A certificate that was issued stays.")}</p>` : null}</div>`;
}
