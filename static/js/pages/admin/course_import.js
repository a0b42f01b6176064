/** A course pack that comes in: choose the file, see what it would do, apply it. */

import { html, render } from "../../lib/html.js";
import { t, tn } from "../../lib/i18n.js";
import { icon } from "../../lib/icons.js";
import { errorCard } from "../states.js";
import { whilePressed } from "./admin_frame.js";
import { findingsList } from "./course_parts.js";

const OUTCOMES = { create: () => t("New"), update: () => t("Changed"), unchanged: () => t("As it is"), keep: () => t("Kept"), remove: () => t("Removed") };
const KINDS = { product: () => t("Course"), module: () => t("Module"), lesson: () => t("Lesson") };

export function importPanel() {
  return html`<section class="card admin-new" aria-labelledby="import-title"><h2 id="import-title">${t("Import a course pack")}</h2>
    <div class="field"><label for="pack">${t("ZIP or YAML file")}</label><input id="pack" type="file" accept=".zip,.yaml,.yml" data-pack></div>
    <p class="fine-print">${t("You see what it would change before anything is written.")}</p></section>
    <section class="admin-wide" data-import-preview aria-live="polite"></section>`;
}

export function listenToImport(main, { app, admin, signal, onDone }) {
  const preview = main.querySelector("[data-import-preview]");
  let wanted = null;
  main.addEventListener("change", (event) => event.target.matches("[data-pack]") && event.target.files[0] && look(event.target), { signal });
  main.addEventListener("click", (event) => {
    const apply = event.target.closest("[data-import-apply]");
    if (apply) whilePressed(app, apply, take);
    if (event.target.closest("[data-import-cancel]")) clear();
    if (event.target.closest("[data-import-preview] [data-retry]")) look(main.querySelector("[data-pack]"));
  }, { signal });

  async function look(input) {
    render(preview, html`<p class="card" role="status">${t("Reading the pack…")}</p>`);
    try {
      wanted = await packOf(input.files[0], admin, signal);
      const answer = await app.api.invoke("import-course", { ...wanted, dry_run: true }, { signal });
      render(preview, report(answer));
    } catch (error) {
      if (error.name !== "AbortError") render(preview, errorCard(error));
    }
  }

  async function take() {
    const answer = await app.api.invoke("import-course", wanted, { signal });
    if (!answer.applied) return render(preview, report(answer));
    clear();
    await onDone();
    app.announce(t("“{title}” is imported", { title: answer.title }));
  }

  function clear() {
    wanted = null;
    const input = main.querySelector("[data-pack]");
    input.value = "";
    render(preview, html``);
    input.focus();
  }
}

/** A text goes along with the request; a ZIP file goes to its bucket first. */
async function packOf(file, admin, signal) {
  if (!file.name.toLowerCase().endsWith(".zip")) return { yaml: await file.text() };
  const name = file.name.replace(/[^\w.-]/g, "_");
  await admin.upload("course-packs", name, new Blob([file], { type: "application/zip" }), { signal });
  return { path: `course-packs/${name}` };
}

function report(answer) {
  const counts = Object.keys(OUTCOMES).filter((key) => answer[key]).map((key) => `${OUTCOMES[key]()}: ${answer[key]}`);
  const missing = answer.files.filter((file) => file.outcome === "missing");
  return html`<div class="card admin-report"><h2>${answer.title || t("This pack cannot be read")}</h2><p class="muted">${counts.join(" · ")}</p>
    ${answer.errors.length ? html`<div class="form-error"><p>${tn("{n} fault in the pack. Nothing is written before it is mended.", "{n} faults in the pack. Nothing is written before they are mended.", answer.errors.length)}</p></div>${problems(answer.errors)}` : null}
    ${missing.length ? html`<p class="notice">${icon("alert")}<span>${tn("{n} file is missing: {names}", "{n} files are missing: {names}", missing.length, { names: missing.map((file) => file.file).join(", ") })}</span></p>` : null}
    ${answer.rows.length ? rows(answer.rows) : null}
    ${answer.errors.length ? null : html`<h3>${t("What would have to be mended before it is published")}</h3>${findingsList(answer.findings)}`}
    <div class="row">${answer.errors.length ? null : html`<button class="button" type="button" data-import-apply>${t("Import it")}</button>`}<button class="button button--quiet" type="button" data-import-cancel>${t("Cancel")}</button></div></div>`;
}

function problems(errors) {
  return html`<table class="data-table"><caption class="visually-hidden">${t("Faults in the pack")}</caption><thead><tr><th scope="col">${t("Where")}</th><th scope="col">${t("Field")}</th><th scope="col">${t("What is wrong")}</th></tr></thead>
    <tbody>${errors.map((error) => html`<tr><th scope="row">${error.line ? t("{file}, line {line}", error) : error.file}</th><td>${error.field}</td><td>${error.message}</td></tr>`)}</tbody></table>`;
}

function rows(all) {
  return html`<details open><summary>${tn("{n} part", "{n} parts", all.length)}<span class="chevron" aria-hidden="true"></span></summary><table class="data-table"><caption class="visually-hidden">${t("What the import changes")}</caption><thead><tr><th scope="col">${t("Title")}</th><th scope="col">${t("Kind")}</th><th scope="col">${t("What happens")}</th></tr></thead>
    <tbody>${all.map((row) => html`<tr><th scope="row">${row.title}</th><td>${KINDS[row.kind]?.() ?? row.kind}</td><td><span class="chip ${row.outcome === "create" ? "chip--good" : row.outcome === "remove" ? "chip--bad" : row.outcome === "update" ? "chip--brand" : ""}">${OUTCOMES[row.outcome]?.() ?? row.outcome}</span>${row.changes.length ? html` <small class="muted">${row.changes.join(", ")}</small>` : null}</td></tr>`)}</tbody></table></details>`;
}
