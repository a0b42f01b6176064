/** Who did what and when: the audit log, chosen by person, action and time. */

import { dateTime } from "../../lib/format.js";
import { html, render } from "../../lib/html.js";
import { t, tn } from "../../lib/i18n.js";
import { icon } from "../../lib/icons.js";
import { roleWord } from "../../places.js";
import { emptyPanel, errorCard } from "../states.js";
import { adminHead, whilePressed } from "./admin_frame.js";
import { askedFor, detailLines, queryOf, SHOWN_AT_ONCE, viewOf } from "./audit_model.js";

const ACTIONS = ["role.", "manager.", "person.", "product.", "module.", "lesson.", "quiz.", "question.", "simulation.", "scenario.", "content.", "assignment.", "recording.viewed", "transcript.viewed", "evaluation.viewed", "results.viewed", "table.exported", "review.published"];

export async function show(main, { app, signal }) {
  const options = { signal };
  const people = await app.api.rows("profiles", { select: "id,full_name,email", order: "full_name", limit: 1000 }, options);
  const names = new Map(people.map((person) => [person.id, person.full_name || person.email]));
  let view = viewOf(new URLSearchParams(location.search));
  let events = [];
  render(main, page(view, people));
  main.addEventListener("change", (event) => event.target.closest("[data-filters]") && choose(), options);
  main.addEventListener("submit", (event) => event.preventDefault(), options);
  main.addEventListener("click", (event) => {
    const more = event.target.closest("[data-more]");
    const check = event.target.closest("[data-verify]");
    if (more) whilePressed(app, more, goOn);
    if (check) whilePressed(app, check, verify);
    if (event.target.closest("[data-retry]")) look();
  }, options);
  await look();

  function choose() {
    view = viewOf(new URLSearchParams(new FormData(main.querySelector("[data-filters]"))));
    app.router.keepQuery(queryOf(view));
    look();
  }

  async function look() {
    const place = main.querySelector("[data-events]");
    const asked = view;
    place.setAttribute("aria-busy", "true");
    try {
      const found = await app.api.rows("audit_events", askedFor(asked), options);
      if (asked !== view) return;
      events = found;
      draw(found.length === SHOWN_AT_ONCE);
    } catch (error) {
      if (error.name !== "AbortError") render(place, errorCard(error));
    } finally {
      place.removeAttribute("aria-busy");
    }
  }

  async function goOn() {
    const more = await app.api.rows("audit_events", askedFor(view, events.at(-1).id), options);
    const first = events.length;
    events = [...events, ...more];
    draw(more.length === SHOWN_AT_ONCE);
    main.querySelectorAll("[data-event]")[first]?.querySelector("summary")?.focus();
  }

  function draw(hasMore) {
    render(main.querySelector("[data-events]"), events.length ? table(events, names, hasMore) : emptyPanel({ symbol: "search", title: t("Nothing of this kind"), text: t("Choose another person, action or time.") }));
    main.querySelector("[data-count]").textContent = tn("{n} event shown", "{n} events shown", events.length);
  }

  async function verify() {
    const answer = await app.api.rpc("verify_audit", {}, options);
    const { events: count, broken_at: brokenAt } = Array.isArray(answer) ? answer[0] : answer;
    render(main.querySelector("[data-verified]"), brokenAt === null ? html`<span class="done">${icon("check")}${tn("The chain of {n} event is whole.", "The chain of {n} events is whole.", count)}</span>` : html`<span class="form-error">${t("The chain is broken at event {id}.", { id: brokenAt })}</span>`);
  }
}

function page(view, people) {
  const choice = (name, label, all, values) => html`<div class="field"><label for="audit-${name}">${label}</label><select id="audit-${name}" name="${name}"><option value="">${all}</option>${values.map(([value, word]) => html`<option value="${value}" ${value === view[name] && html`selected`}>${word}</option>`)}</select></div>`;
  const date = (name, label) => html`<div class="field"><label for="audit-${name}">${label}</label><input id="audit-${name}" name="${name}" type="date" value="${view[name]}"></div>`;
  return html`<div class="page page--wide admin">${adminHead("/admin/audit", t("Audit log"), t("Who did what, and when. Nothing in it can be changed or deleted."), html`<button class="button button--quiet button--small" type="button" data-verify>${t("Check the chain")}</button><span role="status" data-verified></span>`)}
    <form class="audit-filters" data-filters>${choice("actor", t("Who"), t("Everybody"), people.map((person) => [person.id, person.full_name || person.email]))}
      ${choice("action", t("What"), t("Everything"), ACTIONS.map((action) => [action, action.endsWith(".") ? `${action}*` : action]))}${date("from", t("From"))}${date("to", t("To"))}</form>
    <p class="muted" role="status" data-count></p><div data-events><p class="muted">${t("Looking…")}</p></div></div>`;
}

function table(events, names, hasMore) {
  return html`<table class="data-table"><caption class="visually-hidden">${t("Events")}</caption>
    <thead><tr><th scope="col">${t("When")}</th><th scope="col">${t("Who")}</th><th scope="col">${t("What")}</th><th scope="col">${t("To what")}</th><th scope="col">${t("Details")}</th></tr></thead>
    <tbody>${events.map((event) => eventRow(event, names))}</tbody></table>
    ${hasMore ? html`<p class="row row--center audit-more"><button class="button button--quiet" type="button" data-more>${t("Show earlier ones")}</button></p>` : null}`;
}

function eventRow(event, names) {
  const who = event.actor_id ? (names.get(event.actor_id) ?? t("Somebody who was deleted")) : roleOf(event.actor_role);
  const lines = detailLines(event.details);
  return html`<tr data-event><td><time datetime="${event.at}">${dateTime(event.at)}</time></td><th scope="row">${who}${event.actor_id ? html` <small class="muted">${roleOf(event.actor_role)}</small>` : null}</th>
    <td><code>${event.action}</code></td><td>${event.subject_kind === "person" && names.get(event.subject_id) ? names.get(event.subject_id) : event.subject_kind}</td>
    <td><details class="twin"><summary>${t("Show")}<span class="visually-hidden">: ${event.action}, ${who}</span><span class="chevron" aria-hidden="true"></span></summary><dl class="audit-lines">
      ${lines.map((line) => html`<div><dt>${line.name}</dt><dd>${line.before === null ? line.after : html`<del>${line.before}</del> → <ins>${line.after}</ins>`}</dd></div>`)}
      ${event.subject_id ? html`<div><dt>${t("Id")}</dt><dd><code>${event.subject_id}</code></dd></div>` : null}<div><dt>${t("Event")}</dt><dd>${event.id}</dd></div>${event.request_id ? html`<div><dt>${t("Request")}</dt><dd><code>${event.request_id}</code></dd></div>` : null}</dl></details></td></tr>`;
}

function roleOf(role) {
  return { service: t("The server"), database: t("Past the server") }[role] ?? roleWord(role);
}
