/** All courses with their state, a new one, and packs that come in. */

import { ago } from "../../lib/format.js";
import { html, render } from "../../lib/html.js";
import { t, tn } from "../../lib/i18n.js";
import { icon } from "../../lib/icons.js";
import { emptyPanel } from "../states.js";
import { AdminApi } from "./admin_api.js";
import { adminHead, whilePressed } from "./admin_frame.js";
import { importPanel, listenToImport } from "./course_import.js";
import { chosenCourses, COURSE_SELECT, courseOf, sizeOf } from "./course_model.js";
import { stateChip, stateWord } from "./course_parts.js";

const STATES = ["published", "draft", "archived"];

export async function show(main, { app, signal }) {
  const query = new URLSearchParams(location.search);
  let found = await load(app, signal);
  let view = { state: STATES.includes(query.get("state")) ? query.get("state") : null, q: "" };
  render(main, page());
  drawList();
  listenToImport(main, { app, admin: new AdminApi(app.login), signal, onDone: refresh });
  main.addEventListener("input", (event) => event.target.matches("[data-q]") && look({ ...view, q: event.target.value }), { signal });
  main.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-new-course]")) return;
    event.preventDefault();
    begin(event.target);
  }, { signal });
  main.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-state]");
    const button = event.target.closest("[data-restore]");
    if (chip) {
      look({ ...view, state: chip.dataset.state || null });
      main.querySelector(`[data-state="${view.state ?? ""}"]`).focus();
    }
    if (button) whilePressed(app, button, () => restore(button.dataset.restore));
  }, { signal });

  function look(next) {
    view = next;
    app.router.keepQuery(new URLSearchParams(view.state ? { state: view.state } : {}));
    drawList();
  }

  async function refresh() {
    found = await load(app, signal);
    drawList();
  }

  function drawList() {
    const rows = chosenCourses(found.courses, found.archived, view);
    render(main.querySelector("[data-states]"), chips(found, view));
    render(main.querySelector("[data-list]"), rows.length ? table(rows) : nothing(found, view));
  }

  async function begin(form) {
    const title = form.elements.title.value.trim();
    if (!title) return form.elements.title.focus();
    await whilePressed(app, form.querySelector("[type=submit]"), async () => {
      const row = await app.api.inserted("products", { title, status: "draft" }, "id");
      app.router.go(`/admin/courses/${row.id}`);
    });
  }

  async function restore(id) {
    await app.api.rpc("restore_archived", { id });
    await refresh();
    app.announce(t("Restored"));
    main.querySelector("h1").focus();
  }
}

async function load(app, signal) {
  const [rows, archived] = await Promise.all([app.api.rows("products", { select: COURSE_SELECT, order: "title" }, { signal }), app.api.rpc("archived_content", {}, { signal })]);
  return { courses: rows.map(courseOf), archived: archived.filter((row) => row.kind === "product") };
}

function page() {
  return html`<div class="page page--wide admin">
    ${adminHead("/admin/courses", t("Courses"), t("What there is to learn, and who can see it yet."))}
    <div class="admin-pair">
      <form class="card admin-new" data-new-course novalidate><h2>${t("New course")}</h2>
        <div class="field"><label for="new-course">${t("Title")}</label><input id="new-course" name="title" maxlength="200" autocomplete="off" required></div>
        <button class="button button--small" type="submit">${icon("plus")}${t("Begin a draft")}</button></form>
      ${importPanel()}
    </div>
    <div class="table-tools">
      <label class="search-field">${icon("search")}<span class="visually-hidden">${t("Find courses by title")}</span><input type="search" data-q placeholder="${t("Find by title")}"></label>
      <div class="filter-chips filter-chips--inline" role="group" aria-label="${t("Choose by state")}" data-states></div>
    </div>
    <div data-list></div></div>`;
}

function chips({ courses, archived }, { state }) {
  const counts = { published: courses.filter((row) => row.status === "published").length, draft: courses.filter((row) => row.status === "draft").length, archived: archived.length };
  const chip = (key, word, count) => html`<button class="filter-chip" type="button" data-state="${key ?? ""}" aria-pressed="${state === key ? "true" : "false"}">${word}<span class="filter-chip__count">${count}</span></button>`;
  return html`${chip(null, t("All"), courses.length + archived.length)}${STATES.map((key) => chip(key, stateWord(key), counts[key]))}`;
}

function table(rows) {
  const nowMs = Date.now();
  return html`<table class="data-table"><caption class="visually-hidden">${t("Courses")}</caption>
    <thead><tr><th scope="col">${t("Course")}</th><th scope="col">${t("State")}</th><th scope="col">${t("Content")}</th><th scope="col">${t("Changed")}</th></tr></thead>
    <tbody>${rows.map((row) => (row.state === "archived" ? archivedRow(row, nowMs) : courseRow(row, nowMs)))}</tbody></table>`;
}

function courseRow(course, nowMs) {
  const { modules, lessons, drafts } = sizeOf(course);
  return html`<tr><th scope="row"><a href="/admin/courses/${course.id}">${course.title}</a></th><td>${stateChip(course.state)}</td>
    <td>${tn("{n} module", "{n} modules", modules)}, ${tn("{n} lesson", "{n} lessons", lessons)}${drafts ? html` <small class="muted">${tn("{n} of them a draft", "{n} of them drafts", drafts)}</small>` : null}</td>
    <td><time datetime="${course.updated_at}">${ago(course.updated_at, nowMs)}</time></td></tr>`;
}

function archivedRow(row, nowMs) {
  return html`<tr><th scope="row">${row.title}</th><td>${stateChip("archived")}</td>
    <td><button class="button button--quiet button--small" type="button" data-restore="${row.id}">${t("Restore")}<span class="visually-hidden">: ${row.title}</span></button></td>
    <td><time datetime="${row.archived_at}">${ago(row.archived_at, nowMs)}</time></td></tr>`;
}

function nothing({ courses, archived }, { state, q }) {
  if ((courses.length || archived.length) && (state || q)) return emptyPanel({ symbol: "search", title: t("None of this kind"), text: t("Choose another state, or other words.") });
  return emptyPanel({ symbol: "book", title: t("There are no courses yet"), text: t("Begin a draft above, or import a course pack.") });
}
