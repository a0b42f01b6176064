/** The text of a lesson: written on one side, as the server keeps it on the other. */

import { html, render } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { richText } from "../../lib/sanitise.js";
import { one } from "../../api.js";
import { breadcrumb } from "../parts.js";
import { missing } from "../states.js";
import { AdminApi } from "./admin_api.js";
import { Autosave } from "./autosave.js";
import { stateChip } from "./course_parts.js";

export async function show(main, { app, params, signal }) {
  const select = "id,title,lesson_type,status,text_content,updated_at,modules(products(id,title))";
  const lesson = await app.api.firstRow("lessons", { select, id: `eq.${params.id}` }, { signal });
  if (!lesson) throw missing();
  document.title = `${lesson.title} · CallX`;
  render(main, page(lesson, one(one(lesson.modules)?.products)));
  const api = { admin: new AdminApi(app.login), firstRow: (...asked) => app.api.firstRow(...asked) };
  const autosave = new Autosave(main, { api, signal, onSaved: (_table, _id, row) => drawPreview(row.text_content) });
  app.router.guard(() => (autosave.isDirty ? t("Something is not saved yet. Leave all the same?") : null));
  drawPreview(lesson.text_content);

  function drawPreview(text) {
    render(main.querySelector("[data-preview]"), text?.trim() ? richText(text) : html`<p class="muted">${t("There is no text yet.")}</p>`);
  }
}

function page(lesson, course) {
  const key = `lessons:${lesson.id}:text_content`;
  return html`<div class="page page--wide admin">${breadcrumb([{ href: "/admin/courses", text: t("Courses") }, { href: `/admin/courses/${course.id}`, text: course.title }, { text: lesson.title }])}
    <header class="page-head page-head--split"><h1 tabindex="-1">${lesson.title}</h1>${stateChip(lesson.status)}</header>
    ${lesson.status === "published" ? html`<p class="notice">${t("This lesson is published: what you change is seen at once.")}</p>` : null}
    <div class="text-edit"><div class="field"><label for="lesson-text">${t("Text, plain or HTML")}</label>
      <textarea id="lesson-text" class="text-edit__source" rows="18" spellcheck="true" data-autosave="${key}" data-version="${lesson.updated_at}" aria-describedby="text-help">
${lesson.text_content ?? ""}</textarea>
      <p class="fine-print" id="text-help">${t("It saves itself. Headings, lists, tables, links and emphasis are kept; scripts, frames and styles are taken out.")}</p>
      <div role="status" data-save-note="${key}"></div></div>
    <section aria-labelledby="preview-title"><h2 id="preview-title">${t("As people see it")}</h2><div class="card prose" data-preview></div></section></div></div>`;
}
