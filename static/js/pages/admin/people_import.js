/** People from a CSV file: choose it, see row by row what it would do, apply it. */

import { html, render } from "../../lib/html.js";
import { t, tn } from "../../lib/i18n.js";
import { errorCard } from "../states.js";
import { whilePressed } from "./admin_frame.js";
import { importRows } from "./people_model.js";

const SHOWN_AT_ONCE = 200;
const OUTCOMES = {
  error: { tone: "chip--bad", word: () => t("Wrong") },
  create: { tone: "chip--good", word: () => t("New") },
  update: { tone: "chip--brand", word: () => t("Changed") },
  unchanged: { tone: "", word: () => t("As it is") },
};

export function peopleImportPanel() {
  return html`<section class="card admin-new" aria-labelledby="import-title"><h2 id="import-title">${t("Import people")}</h2>
    <div class="field"><label for="people-file">${t("CSV file")}</label><input id="people-file" type="file" accept=".csv,text/csv" data-people-file aria-describedby="people-help"></div>
    <p class="fine-print" id="people-help">${t("Columns: email, full_name, roles, manager_email. You see what it would change before anything is written.")}</p></section>
    <section data-people-preview aria-live="polite"></section>`;
}

export function listenToPeopleImport(main, { app, admin, signal, onDone }) {
  const preview = main.querySelector("[data-people-preview]");
  const input = main.querySelector("[data-people-file]");
  let file = null;
  main.addEventListener("change", (event) => event.target === input && input.files[0] && look(), { signal });
  main.addEventListener("click", (event) => {
    const apply = event.target.closest("[data-people-apply]");
    if (apply) whilePressed(app, apply, take);
    if (event.target.closest("[data-people-cancel]")) clear();
    if (event.target.closest("[data-people-preview] [data-retry]")) look();
  }, { signal });

  async function look() {
    render(preview, html`<p class="card" role="status">${t("Reading the file…")}</p>`);
    try {
      file = await input.files[0].arrayBuffer();
      render(preview, report(await admin.importPeople(file, { isDryRun: true })));
    } catch (error) {
      if (error.name !== "AbortError") render(preview, errorCard(error));
    }
  }

  async function take() {
    const answer = await admin.importPeople(file, { isDryRun: false });
    if (!answer.applied) return render(preview, report(answer));
    clear();
    await onDone();
    app.announce(t("Imported: {created} new, {updated} changed", { created: answer.counts.create, updated: answer.counts.update }));
  }

  function clear() {
    file = null;
    input.value = "";
    render(preview, html``);
    input.focus();
  }
}

function report({ counts, rows, ignored_columns: ignored }) {
  const shown = importRows(rows);
  const changes = counts.create + counts.update;
  return html`<div class="card admin-report"><h2>${t("What the import would do")}</h2>
    <p class="chips">${Object.entries(OUTCOMES).filter(([key]) => counts[key]).map(([key, { tone, word }]) => html`<span class="chip ${tone}">${word()}: ${counts[key]}</span>`)}</p>
    ${counts.error ? html`<p class="form-error">${tn("{n} row is wrong. Nothing is written before it is mended.", "{n} rows are wrong. Nothing is written before they are mended.", counts.error)}</p>` : null}
    ${ignored.length ? html`<p class="notice">${t("Columns that are not read: {names}", { names: ignored.join(", ") })}</p>` : null}
    <table class="data-table"><caption class="visually-hidden">${t("Rows of the file")}</caption><thead><tr><th scope="col">${t("Row")}</th><th scope="col">${t("E-mail")}</th><th scope="col">${t("What happens")}</th><th scope="col">${t("Why")}</th></tr></thead>
      <tbody>${shown.slice(0, SHOWN_AT_ONCE).map(importRow)}</tbody></table>
    ${shown.length > SHOWN_AT_ONCE ? html`<p class="muted">${tn("and {n} row more", "and {n} rows more", shown.length - SHOWN_AT_ONCE)}</p>` : null}
    <div class="row">${counts.error || !changes ? null : html`<button class="button" type="button" data-people-apply>${t("Import it")}</button>`}<button class="button button--quiet" type="button" data-people-cancel>${t("Cancel")}</button></div></div>`;
}

function importRow({ row, email, outcome, changes, errors }) {
  const { tone, word } = OUTCOMES[outcome] ?? { tone: "", word: () => outcome };
  const why = errors.length ? errors.map((error) => `${error.column}: ${error.reason}`) : changes;
  return html`<tr><td data-label="${t("Row")}">${row}</td><th scope="row">${email || t("no address")}</th><td><span class="chip ${tone}">${word()}</span></td><td>${why.map((line, place) => html`${place ? html`<br>` : null}${line}`)}</td></tr>`;
}
