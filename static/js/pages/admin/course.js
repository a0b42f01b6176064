/** One course: the tree of its modules and lessons, what is wrong with it, and who can see it. */

import { html, render } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { icon, LESSON_TYPES } from "../../lib/icons.js";
import { saveFile } from "../../lib/save_file.js";
import { breadcrumb } from "../parts.js";
import { emptyPanel, errorCard, missing } from "../states.js";
import { AdminApi } from "./admin_api.js";
import { whilePressed } from "./admin_frame.js";
import { Autosave } from "./autosave.js";
import { COURSE_SELECT, courseOf, nextPlace, placeBeside } from "./course_model.js";
import { askToArchive, askToPublish, askToUnpublish, findingsList, stateChip } from "./course_parts.js";

export async function show(main, { app, params, signal }) {
  const options = { signal };
  let course = await load();
  document.title = `${course.title} · CallX`;
  const api = { admin: new AdminApi(app.login), firstRow: (...asked) => app.api.firstRow(...asked) };
  render(main, html`<div class="page page--wide admin" data-course></div>`);
  const autosave = new Autosave(main, { api, signal, onSaved: renamed });
  draw();
  drawFindings();
  app.router.guard(() => (autosave.isDirty ? t("Something is not saved yet. Leave all the same?") : null));
  main.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target.matches("[data-add]")) whilePressed(app, event.target.querySelector("[type=submit]"), () => add(event.target));
  }, options);
  main.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    if (button) whilePressed(app, button, () => act(button.dataset.action, button.dataset.of ?? course.id));
    if (event.target.closest("[data-retry]")) drawFindings();
    const link = event.target.closest("[data-go]");
    if (link) {
      event.preventDefault();
      main.querySelector(`#part-${link.dataset.go}`)?.focus();
    }
  }, options);

  async function load() {
    const row = await app.api.firstRow("products", { select: COURSE_SELECT, id: `eq.${params.id}` }, options);
    if (!row) throw missing();
    return courseOf(row);
  }

  function draw() {
    render(main.querySelector("[data-course]"), page(course));
  }

  async function refresh(focus = null) {
    await autosave.settle();
    course = await load();
    draw();
    autosave.redrawn();
    if (focus) main.querySelector(focus)?.focus();
    await drawFindings();
  }

  async function drawFindings() {
    const place = main.querySelector("[data-findings]");
    try {
      const findings = await app.api.rpc("check_content", { id: course.id }, options);
      render(place, findingsList(findings, new Set(partsOf(course).map((part) => part.id))));
    } catch (error) {
      if (error.name !== "AbortError") render(place, errorCard(error));
    }
  }

  function renamed(table, id, row) {
    const part = partsOf(course).find((one) => one.id === id);
    if (part) Object.assign(part, row);
    for (const name of main.querySelectorAll(`[data-name-of="${id}"]`)) name.textContent = row.title;
    if (table === "products") document.title = `${row.title} · CallX`;
    drawFindings();
  }

  async function act(action, id) {
    const part = partsOf(course).find((one) => one.id === id);
    const asked = { app, part, onDone: () => (action === "archive" && id === course.id ? app.router.go("/admin/courses") : refresh(`#part-${id}`)) };
    if (action === "up" || action === "down") return move(part, action);
    if (action === "export") return exportCourse();
    await autosave.settle();
    if (action === "publish") return askToPublish(main, asked);
    if (action === "unpublish") return askToUnpublish(main, asked);
    if (action === "archive") return askToArchive(main, asked);
  }

  async function move(part, action) {
    const to_index = placeBeside(part.siblings, part.id, action === "up");
    if (to_index === null) return;
    await app.api.rpc(part.kind === "module" ? "move_module" : "move_lesson", { id: part.id, to_index });
    await refresh(`[data-action="${action}"][data-of="${part.id}"]:not(:disabled), #part-${part.id}`);
    const place = partsOf(course).find((one) => one.id === part.id);
    app.announce(t("“{title}” is number {n} of {total} now", { title: part.title, n: place.siblings.findIndex((one) => one.id === part.id) + 1, total: place.siblings.length }));
  }

  async function add(form) {
    const title = form.elements.title.value.trim();
    if (!title) return form.elements.title.focus();
    const moduleId = form.dataset.add;
    const module = course.modules.find((one) => one.id === moduleId);
    const row = module
      ? await app.api.inserted("lessons", { module_id: moduleId, title, lesson_type: form.elements.lesson_type.value, order_index: nextPlace(module.lessons), status: "draft" }, "id")
      : await app.api.inserted("modules", { product_id: course.id, title, order_index: nextPlace(course.modules), status: "draft" }, "id");
    await refresh(`#part-${row.id}`);
    app.announce(t("“{title}” is there as a draft", { title }));
  }

  async function exportCourse() {
    const { blob, name } = await app.api.download("export-course", { product_id: course.id, format: "zip" }, options);
    saveFile(blob, name);
    app.announce(t("Exported: {name}", { name }));
  }
}

/** Everything of a course with its kind and its siblings. */
function partsOf(course) {
  const modules = course.modules.map((module) => Object.assign(module, { kind: "module", siblings: course.modules }));
  const lessons = modules.flatMap((module) => module.lessons.map((lesson) => Object.assign(lesson, { kind: "lesson", siblings: module.lessons })));
  return [Object.assign(course, { kind: "product", siblings: [course] }), ...modules, ...lessons];
}

function page(course) {
  return html`${breadcrumb([{ href: "/admin/courses", text: t("Courses") }, { text: course.title }])}
    <header class="page-head course-edit__head"><h1 class="visually-hidden" tabindex="-1">${t("Course: {title}", { title: course.title })}</h1>
      ${titleField("products", course, t("Title of the course"))}
      <div class="row">${stateChip(course.status)}${visibility(course)}
        <button class="button button--quiet button--small" type="button" data-action="export">${icon("download")}${t("Export")}</button>
        <a class="button button--quiet button--small" href="/courses/${course.id}">${t("See it as it is shown")}</a>
        <button class="button button--ghost button--small" type="button" data-action="archive">${t("Archive")}</button></div></header>
    <div class="course-edit"><div class="course-edit__tree">
      ${course.modules.length ? html`<ol class="course-edit__modules">${course.modules.map((module, place) => moduleCard(module, place, course.modules.length))}</ol>` : emptyPanel({ symbol: "book", title: t("There is no module yet"), text: t("A course has modules, and modules have lessons. Begin with the first one.") })}
      <form class="card add-line" data-add="" novalidate><div class="field"><label for="new-module">${t("New module")}</label><input id="new-module" name="title" maxlength="200" autocomplete="off"></div><button class="button button--small" type="submit">${icon("plus")}${t("Add module")}</button></form>
    </div>
    <aside class="card course-edit__checks" aria-labelledby="checks-title"><h2 id="checks-title">${t("Checks")}</h2><div data-findings role="status"><p class="muted">${t("Looking…")}</p></div></aside></div>`;
}

function visibility({ status }) {
  return html`<button class="button button--small" type="button" data-action="publish">${status === "draft" ? t("Publish…") : t("Publish changes…")}</button>
    ${status === "published" ? html`<button class="button button--quiet button--small" type="button" data-action="unpublish">${t("Unpublish…")}</button>` : null}`;
}

function titleField(table, part, label) {
  const key = `${table}:${part.id}:title`;
  return html`<div class="title-field"><input class="title-field__input" id="part-${part.id}" aria-label="${label}" maxlength="200" value="${part.title}" data-autosave="${key}" data-version="${part.updated_at}" autocomplete="off"><span role="status" data-save-note="${key}"></span></div>`;
}

function moduleCard(module, place, total) {
  return html`<li class="card module-card"><h2 class="visually-hidden">${t("Module {n}: {title}", { n: place + 1, title: module.title })}</h2>
    <div class="part-line">${titleField("modules", module, t("Title of module {n}", { n: place + 1 }))}${tools(module, place, total)}</div>
    ${module.lessons.length ? html`<ol class="lesson-lines">${module.lessons.map((lesson, index) => lessonLine(lesson, index, module.lessons.length))}</ol>` : html`<p class="muted module-card__empty">${t("There is no lesson in it yet.")}</p>`}
    <details class="add-lesson"><summary class="button button--ghost button--small">${icon("plus")}${t("Add lesson")}<span class="visually-hidden">: ${named(module.id, module.title)}</span></summary>
      <form class="add-line" data-add="${module.id}" novalidate><div class="field"><label for="new-${module.id}">${t("Title")}</label><input id="new-${module.id}" name="title" maxlength="200" autocomplete="off"></div>
        <div class="field"><label for="type-${module.id}">${t("Kind")}</label><select id="type-${module.id}" name="lesson_type">${Object.entries(LESSON_TYPES).map(([type, { word }]) => html`<option value="${type}">${word()}</option>`)}</select></div>
        <button class="button button--small" type="submit">${t("Add")}</button></form></details></li>`;
}

function lessonLine(lesson, place, total) {
  const known = LESSON_TYPES[lesson.lesson_type];
  return html`<li class="part-line part-line--lesson"><span class="part-line__type" title="${known.word()}">${icon(known.icon)}<span class="visually-hidden">${known.word()}</span></span>
    ${titleField("lessons", lesson, t("Title of lesson {n}", { n: place + 1 }))}
    ${tools(lesson, place, total, lesson.lesson_type === "text" ? html`<a class="button button--quiet button--small" href="/admin/lessons/${lesson.id}">${t("Edit text")}<span class="visually-hidden">: ${named(lesson.id, lesson.title)}</span></a>` : null)}</li>`;
}

/** A title in the name of a button; it follows the field. */
function named(id, title) {
  return html`<span data-name-of="${id}">${title}</span>`;
}

function tools({ id, title, status }, place, total, more = null) {
  const button = (action, symbol, word, isOff) => html`<button class="icon-button" type="button" data-action="${action}" data-of="${id}" title="${word}" ${isOff && html`disabled`}>${icon(symbol)}<span class="visually-hidden">${word}: ${named(id, title)}</span></button>`;
  const isDraft = status === "draft";
  return html`<div class="part-line__tools">${stateChip(status)}${more}
    ${button("up", "up", t("Move up"), place === 0)}${button("down", "down", t("Move down"), place === total - 1)}
    <button class="button button--ghost button--small" type="button" data-action="${isDraft ? "publish" : "unpublish"}" data-of="${id}">${isDraft ? t("Publish…") : t("Unpublish…")}<span class="visually-hidden">: ${named(id, title)}</span></button>
    ${button("archive", "trash", t("Archive"), false)}</div>`;
}
