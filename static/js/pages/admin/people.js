/** Everybody with roles and managers: find, change, lock out, import. */

import { ago } from "../../lib/format.js";
import { html, render } from "../../lib/html.js";
import { t, tn } from "../../lib/i18n.js";
import { icon } from "../../lib/icons.js";
import { roleWord } from "../../places.js";
import { emptyPanel } from "../states.js";
import { AdminApi } from "./admin_api.js";
import { adminHead, openDialog, whilePressed } from "./admin_frame.js";
import { listenToPeopleImport, peopleImportPanel } from "./people_import.js";
import { changeOf, chosenPeople, peopleOf, ROLES } from "./people_model.js";

const SHOWN_AT_ONCE = 200;
const SHOWS = [null, ...ROLES, "inactive"];

export async function show(main, { app, signal }) {
  const admin = new AdminApi(app.login);
  const query = new URLSearchParams(location.search);
  let people = await load(app, admin, signal);
  let view = { show: SHOWS.includes(query.get("show")) ? query.get("show") : null, q: query.get("q") ?? "" };
  let all = false;
  render(main, page(view));
  drawList();
  listenToPeopleImport(main, { app, admin, signal, onDone: refresh });
  main.addEventListener("input", (event) => event.target.matches("[data-q]") && look({ ...view, q: event.target.value }), { signal });
  main.addEventListener("click", (event) => clicked(event), { signal });

  function look(next) {
    view = next;
    const kept = Object.entries(view).filter(([, value]) => value);
    app.router.keepQuery(new URLSearchParams(kept));
    drawList();
  }

  function drawList() {
    const rows = chosenPeople(people, view);
    render(main.querySelector("[data-shows]"), chips(people, view));
    main.querySelector("[data-count]").textContent = tn("{n} person found", "{n} people found", rows.length);
    render(main.querySelector("[data-list]"), rows.length ? table(all ? rows : rows.slice(0, SHOWN_AT_ONCE), rows.length) : emptyPanel({ symbol: "search", title: t("Nobody fits"), text: t("Choose another role, or other words.") }));
  }

  async function refresh() {
    people = await load(app, admin, signal);
    drawList();
  }

  function clicked(event) {
    const chip = event.target.closest("[data-show]");
    const edit = event.target.closest("[data-edit]");
    if (chip) {
      look({ ...view, show: chip.dataset.show || null });
      main.querySelector(`[data-show="${view.show ?? ""}"]`).focus();
    }
    if (edit) change(people.find((person) => person.id === edit.dataset.edit));
    if (event.target.closest("[data-all]")) {
      all = true;
      drawList();
    }
  }

  function change(person) {
    const leaders = people.filter((one) => one.roles.includes("manager") && one.id !== person.id);
    const dialog = openDialog(main, person.name, form(person, leaders));
    const after = async (word) => {
      dialog.close();
      await refresh();
      main.querySelector(`[data-edit="${person.id}"]`)?.focus();
      app.announce(word);
    };
    dialog.addEventListener("submit", (event) => {
      event.preventDefault();
      run(event.target.querySelector("[type=submit]"), async () => {
        const data = new FormData(event.target);
        await write(app, person, data.getAll("roles"), data.getAll("managers"));
        await after(t("Saved"));
      });
    });
    dialog.addEventListener("click", (event) => {
      const button = event.target.closest("[data-active]");
      if (!button) return;
      run(button, async () => {
        await admin.setActive(person.id, !person.isActive);
        await after(person.isActive ? t("{name} is deactivated", { name: person.name }) : t("{name} can sign in again", { name: person.name }));
      });
    });

    async function run(button, work) {
      const line = dialog.querySelector("[data-error]");
      line.hidden = true;
      await whilePressed(app, button, () =>
        work().catch((error) => {
          line.textContent = error.message;
          line.hidden = false;
        }),
      );
    }
  }
}

async function write(app, person, roles, managers) {
  const role = changeOf(person.roles, roles);
  const manager = changeOf(person.managers.map((one) => one.id), managers);
  for (const one of role.given) await app.api.insert("user_roles", { user_id: person.id, role: one });
  for (const id of manager.given) await app.api.insert("manager_assignments", { trainee_id: person.id, manager_id: id });
  for (const id of manager.taken) await app.api.remove("manager_assignments", { trainee_id: `eq.${person.id}`, manager_id: `eq.${id}` });
  for (const one of role.taken) await app.api.remove("user_roles", { user_id: `eq.${person.id}`, role: `eq.${one}` });
}

async function load(app, admin, signal) {
  const options = { signal };
  const [profiles, roles, links, accounts] = await Promise.all([
    everything(admin, "profiles", "id,full_name,email", options),
    everything(admin, "user_roles", "id,user_id,role", options),
    everything(admin, "manager_assignments", "id,trainee_id,manager_id", options),
    admin.accounts(options),
  ]);
  return peopleOf({ profiles, roles, links, accounts, nowMs: Date.now() });
}

/** All rows of a table, however many one answer may hold. */
async function everything(admin, table, select, options) {
  const found = [];
  for (;;) {
    const { rows, total } = await admin.page(table, { select, order: "id", offset: found.length, limit: 1000 }, options);
    found.push(...rows);
    if (!rows.length || found.length >= total) return found;
  }
}

function page({ q }) {
  return html`<div class="page page--wide admin">
    ${adminHead("/admin/people", t("People"), t("Who is here, what they may do, and who leads them."))}
    ${peopleImportPanel()}
    <div class="table-tools">
      <label class="search-field">${icon("search")}<span class="visually-hidden">${t("Find people")}</span><input type="search" data-q value="${q}" placeholder="${t("Name, e-mail or manager")}"></label>
      <div class="filter-chips filter-chips--inline" role="group" aria-label="${t("Choose by role")}" data-shows></div>
      <p class="muted" role="status" data-count></p>
    </div>
    <div data-list></div></div>`;
}

function chips(people, view) {
  const word = (show) => (show === null ? t("All") : show === "inactive" ? t("Deactivated") : roleWord(show));
  return html`${SHOWS.map((show) => html`<button class="filter-chip" type="button" data-show="${show ?? ""}" aria-pressed="${view.show === show ? "true" : "false"}">${word(show)}<span class="filter-chip__count">${chosenPeople(people, { show }).length}</span></button>`)}`;
}

function table(rows, total) {
  const nowMs = Date.now();
  return html`<table class="data-table"><caption class="visually-hidden">${t("People")}</caption>
    <thead><tr><th scope="col">${t("Name")}</th><th scope="col">${t("Roles")}</th><th scope="col">${t("Managers")}</th><th scope="col">${t("Last signed in")}</th><th scope="col"><span class="visually-hidden">${t("Actions")}</span></th></tr></thead>
    <tbody>${rows.map((person) => personRow(person, nowMs))}</tbody></table>
    ${rows.length < total ? html`<p class="row row--center"><button class="button button--quiet" type="button" data-all>${t("Show all {n}", { n: total })}</button></p>` : null}`;
}

function personRow(person, nowMs) {
  return html`<tr><th scope="row">${person.name}<br><small class="muted">${person.email}</small></th>
    <td><span class="chips">${person.roles.map((role) => html`<span class="chip ${role === "admin" ? "chip--brand" : ""}">${roleWord(role)}</span>`)}${person.isActive ? null : html`<span class="chip chip--bad">${t("Deactivated")}</span>`}</span></td>
    <td data-label="${t("Managers")}">${person.managers.map((one) => one.name).join(", ") || "–"}</td>
    <td data-label="${t("Last signed in")}">${person.lastSeen ? html`<time datetime="${person.lastSeen}">${ago(person.lastSeen, nowMs)}</time>` : t("never")}</td>
    <td><button class="button button--quiet button--small" type="button" data-edit="${person.id}">${t("Change")}<span class="visually-hidden">: ${person.name}</span></button></td></tr>`;
}

function form(person, leaders) {
  const led = new Set(person.managers.map((one) => one.id));
  const box = (name, value, checked, word) => html`<label class="check-line"><input type="checkbox" name="${name}" value="${value}" ${checked && html`checked`}> ${word}</label>`;
  return html`<form class="person-form" novalidate><p class="muted">${person.email}</p>
    <fieldset><legend>${t("Roles")}</legend>${ROLES.map((role) => box("roles", role, person.roles.includes(role), roleWord(role)))}</fieldset>
    <fieldset><legend>${t("Managers")}</legend>${leaders.length ? html`<div class="person-form__leaders">${leaders.map((one) => box("managers", one.id, led.has(one.id), one.name))}</div>` : html`<p class="muted">${t("Nobody else is a manager yet.")}</p>`}</fieldset>
    <p class="form-error" role="alert" data-error hidden></p>
    <div class="row admin-dialog__foot"><button class="button button--ghost" type="button" data-active>${person.isActive ? t("Deactivate") : t("Reactivate")}</button><button class="button button--quiet" type="button" data-close>${t("Cancel")}</button><button class="button" type="submit">${t("Save")}</button></div></form>`;
}
