/** What a team has to take, until when: a list, a form, changing and taking back. */

import { gapText, newForm } from "../team/assignment_form.js";
import { alreadyAssigned, chosenRows, dayOf, endOfDay, gapIn, rowsOf } from "../team/assignment_model.js";
import { remind } from "../team/reminding.js";
import { drawNoTeam } from "../team/team_frame.js";
import * as reads from "../team/team_reads.js";
import { day } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { dueChip } from "./parts.js";
import { emptyPanel } from "./states.js";

const STATES = { open: () => t("Open"), late: () => t("Past due"), failed: () => t("Did not pass"), done: () => t("Completed") };

export async function show(main, { app, signal }) {
  document.title = `${t("Assignments")} · CallX`;
  const query = new URLSearchParams(location.search);
  const team = await reads.teamOf(app, query, { signal });
  if (team.manager === undefined) return drawNoTeam(main);
  const me = await app.me.get();
  const managerId = team.manager?.id ?? me.id;
  let found = await load(app, team, managerId, signal);
  let view = { state: query.get("state") in STATES ? query.get("state") : null, q: query.get("q") ?? "" };
  const wished = (query.get("people") ?? "").split(",").filter((id) => found.people.some((person) => person.user_id === id));
  render(main, page(found, team, wished));
  drawList();
  if (wished.length) main.querySelector("#new-product").focus();

  main.addEventListener("input", (event) => event.target.matches("[data-q]") && look({ ...view, q: event.target.value }), { signal });
  main.addEventListener("change", (event) => changed(event.target), { signal });
  main.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target.matches("[data-new]")) assign(event.target);
    else saveDue(event.target);
  }, { signal });
  main.addEventListener("click", (event) => clicked(event), { signal });

  function look(next) {
    view = next;
    drawList();
  }

  function drawList() {
    const rows = chosenRows(found.rows, view);
    render(main.querySelector("[data-states]"), stateChips(found.rows, view));
    render(main.querySelector("[data-list]"), rows.length ? table(rows, me, Date.now()) : nothing(found.rows.length));
  }

  async function refresh() {
    found = await load(app, team, managerId, signal);
    drawList();
  }

  function changed(field) {
    if (field.matches("[data-manager]")) app.router.go(`/assignments?manager=${field.value}`);
    if (field.name === "whole") main.querySelector("[data-people-choice]").hidden = field.value === "team";
  }

  async function assign(form) {
    const data = new FormData(form);
    const value = { productId: data.get("product"), whole: data.get("whole") === "team", people: data.getAll("people"), day: data.get("day") };
    const line = form.querySelector("[data-error]");
    const gap = gapIn(value, found.rows, dayOf(new Date().toISOString()));
    line.hidden = !gap;
    if (gap) {
      line.textContent = gapText(gap.code);
      (form.elements[gap.field][0] ?? form.elements[gap.field])?.focus?.();
      return;
    }
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    try {
      const due_at = endOfDay(value.day);
      const known = new Set(alreadyAssigned(value.productId, value.people, found.rows));
      const fresh = value.people.filter((id) => !known.has(id));
      const targets = value.whole ? [{ manager_id: managerId }] : fresh.map((user_id) => ({ user_id }));
      if (targets.length) await app.api.insert("assignments", targets.map((target) => ({ ...target, product_id: value.productId, due_at })));
      await refresh();
      app.announce(known.size ? tn("Assigned; {n} person had it already", "Assigned; {n} people had it already", known.size) : t("Assigned"));
      form.reset();
      main.querySelector("[data-people-choice]").hidden = false;
      main.querySelector("[data-new-panel]").open = false;
      main.querySelector("[data-new-panel] summary").focus();
    } catch (error) {
      line.hidden = false;
      line.textContent = error.message;
    } finally {
      button.disabled = false;
    }
  }

  async function saveDue(form) {
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      await app.api.update("assignments", { id: `eq.${form.dataset.due}` }, { due_at: endOfDay(form.elements.day.value) });
      await refresh();
      app.announce(t("The due date is changed"));
      main.querySelector(`[data-edit="${form.dataset.due}"]`)?.focus();
    } catch (error) {
      button.disabled = false;
      app.announce(error.message, { urgent: true });
    }
  }

  async function clicked(event) {
    const of = (name) => event.target.closest(`[data-${name}]`);
    if (of("state")) {
      const state = of("state").dataset.state || null;
      look({ ...view, state });
      main.querySelector(`[data-state="${state ?? ""}"]`).focus();
    }
    if (of("edit")) {
      const cell = of("edit").closest("td");
      render(cell, dueForm(of("edit").dataset.edit, of("edit").dataset.day));
      cell.querySelector("input").focus();
    }
    if (of("cancel")) drawList();
    if (of("remind")) remind(app, of("remind"), found.people.find((person) => person.user_id === of("remind").dataset.person));
    if (of("remove")) await takeBack(of("remove"));
  }

  async function takeBack(button) {
    const row = found.rows.find((one) => one.id === button.dataset.remove);
    const question = t("Take “{title}” back from {who}? What was done in it is kept.", { title: row.title, who: row.who ?? t("the whole team") });
    if (!window.confirm(question)) return;
    button.disabled = true;
    try {
      await app.api.remove("assignments", { id: `eq.${row.id}` });
      await refresh();
      app.announce(t("Taken back"));
      main.querySelector("h1").focus();
    } catch (error) {
      button.disabled = false;
      app.announce(error.message, { urgent: true });
    }
  }
}

async function load(app, team, managerId, signal) {
  const options = { signal };
  const [progress, products] = await Promise.all([reads.progress(app.api, team.manager?.id, options), reads.products(app.api, options)]);
  const ids = progress.agents.map((agent) => agent.user_id);
  const whose = ids.length ? `(manager_id.eq.${managerId},user_id.in.(${ids.join(",")}))` : `(manager_id.eq.${managerId})`;
  const select = "id,product_id,user_id,manager_id,due_at,assigned_by,created_at";
  const [assignments, profiles] = await Promise.all([
    app.api.rows("assignments", { select, or: whose, order: "created_at.desc" }, options),
    ids.length ? app.api.rows("profiles", { select: "id,email", id: `in.(${ids.join(",")})` }, options) : [],
  ]);
  const used = [...new Set(assignments.map((row) => row.product_id))];
  const answers = await Promise.all(used.map((id) => app.api.invoke("get-team-progress", { ...(team.manager ? { manager_id: team.manager.id } : {}), product_id: id }, options)));
  const agentsByProduct = new Map(used.map((id, place) => [id, answers[place].agents]));
  const emails = new Map(profiles.map((profile) => [profile.id, profile.email]));
  const people = progress.agents.map((agent) => ({ user_id: agent.user_id, full_name: agent.full_name, email: emails.get(agent.user_id) }));
  const names = new Map(people.map((person) => [person.user_id, person.full_name]));
  const titles = new Map(products.map((product) => [product.id, product.title]));
  return { people, products, rows: rowsOf(assignments, { names, titles, agentsByProduct, nowMs: Date.now() }) };
}

function page(found, team, wished) {
  return html`<div class="page page--wide">
    <header class="page-head team-head"><div><h1 tabindex="-1">${t("Assignments")}</h1><p class="lead">${t("Who takes which course, and until when. People are told at once, and reminded before the day.")}</p></div>
      ${team.managers.length > 1 ? html`<label class="inline-field">${t("Team of")} <select data-manager>${team.managers.map((one) => html`<option value="${one.id}" ${one.id === team.manager.id && html`selected`}>${one.full_name}</option>`)}</select></label>` : null}</header>
    ${newForm(found, wished, dayOf(new Date().toISOString()))}
    <div class="table-tools">
      <label class="search-field">${icon("search")}<span class="visually-hidden">${t("Find assignments")}</span><input type="search" data-q placeholder="${t("Find by name or course")}"></label>
      <div class="filter-chips filter-chips--inline" role="group" aria-label="${t("Choose by state")}" data-states></div>
    </div>
    <div data-list></div>
  </div>`;
}

function stateChips(rows, { state }) {
  const chip = (key, word, count) => html`<button class="filter-chip" type="button" data-state="${key ?? ""}" aria-pressed="${state === key ? "true" : "false"}">${word}<span class="filter-chip__count">${count}</span></button>`;
  return html`${chip(null, t("All"), rows.length)}${Object.entries(STATES)
    .map(([key, word]) => [key, word(), rows.filter((row) => row.state === key).length])
    .filter(([key, , count]) => count || key === state)
    .map(([key, word, count]) => chip(key, word, count))}`;
}

function table(rows, me, nowMs) {
  return html`<table class="data-table"><caption class="visually-hidden">${t("Assignments")}</caption>
    <thead><tr><th scope="col">${t("Course")}</th><th scope="col">${t("Who")}</th><th scope="col">${t("Due")}</th><th scope="col">${t("How far")}</th><th scope="col"><span class="visually-hidden">${t("Actions")}</span></th></tr></thead>
    <tbody>${rows.map((row) => assignmentRow(row, me, nowMs))}</tbody></table>`;
}

function assignmentRow(row, me, nowMs) {
  const mine = row.assigned_by === me.id || me.roles.includes("admin");
  const name = row.who ?? t("The whole team");
  return html`<tr><th scope="row">${row.title || t("A course that is not active")}</th>
    <td>${row.isTeam ? html`<span class="with-icon">${icon("people")}${name}</span>` : html`<a href="/team/${row.user_id}">${name}</a>`}</td>
    <td><span class="assign-due">${row.due_at ? html`<time datetime="${row.due_at}">${day(row.due_at)}</time>${row.state === "done" ? null : dueChip(row.due_at, nowMs)}` : html`<span class="muted">${t("no date")}</span>`}
      ${mine ? html`<button class="link-button" type="button" data-edit="${row.id}" data-day="${dayOf(row.due_at)}">${t("Change")}<span class="visually-hidden">: ${t("due date of {title} for {who}", { title: row.title, who: name })}</span></button>` : null}</span></td>
    <td>${stateOf(row)}</td>
    <td><span class="row row--tight">${row.isTeam || row.state === "done" ? null : html`<button class="button button--quiet button--small" type="button" data-remind="${row.product_id}" data-person="${row.user_id}" data-template="${templateOf(row, nowMs)}">${icon("letter")}<span data-word>${t("Remind")}</span><span class="visually-hidden">: ${name}, ${row.title}</span></button>`}
      ${mine ? html`<button class="icon-button" type="button" data-remove="${row.id}" title="${t("Take back")}">${icon("trash")}<span class="visually-hidden">${t("Take back: {title} for {who}", { title: row.title, who: name })}</span></button>` : null}</span></td></tr>`;
}

function stateOf({ isTeam, state, counts }) {
  const tone = { done: "good", late: "bad", failed: "bad", open: counts.inProgress ? "brand" : "" }[state];
  const word = state === "open" ? (counts.inProgress || counts.completed ? t("In progress") : t("Not started")) : STATES[state]();
  return html`<span class="chip ${tone && `chip--${tone}`}">${state === "done" ? icon("check") : null}${word}</span>${isTeam && counts.total ? html` <small class="muted">${t("{done} of {total} done", { done: counts.completed, total: counts.total })}</small>` : null}`;
}

function templateOf({ due_at }, nowMs) {
  if (!due_at) return "assigned";
  return Date.parse(due_at) < nowMs ? "overdue" : "due_soon";
}

function dueForm(id, value) {
  return html`<form class="assign-due" data-due="${id}"><label class="visually-hidden" for="due-${id}">${t("New due date; empty for none")}</label><input id="due-${id}" name="day" type="date" value="${value}">
    <button class="button button--small" type="submit">${t("Save")}</button><button class="button button--small button--ghost" type="button" data-cancel>${t("Cancel")}</button></form>`;
}

function nothing(total) {
  if (total) return emptyPanel({ symbol: "search", title: t("None of this kind"), text: t("Choose another state, or other words.") });
  return emptyPanel({ symbol: "calendar", title: t("Nothing is assigned yet"), text: t("Assign a course above, to people or to the whole team, with a date if you like.") });
}
