/** What the pages of a team share: the heading, the way between them, whose team, and the exports. */

import { html, render } from "../lib/html.js";
import { fileSize } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { saveFile } from "../lib/save_file.js";
import { emptyPanel } from "../pages/states.js";

const TABS = [
  { href: "/team", word: () => t("Progress") },
  { href: "/team/skills", word: () => t("Skills") },
];
const TABLES = { people: () => t("People"), progress: () => t("Progress"), attempts: () => t("Calls"), quiz_attempts: () => t("Quizzes"), certificates: () => t("Certificates"), assignments: () => t("Assignments") };

/** `team` is as teamOf gives it, `lead` a sentence under the heading. */
export function teamHead(here, team, lead) {
  const query = team.manager ? `?manager=${team.manager.id}` : "";
  return html`<header class="page-head team-head">
      <div><h1>${team.manager ? t("Team of {name}", { name: team.manager.full_name }) : t("Team")}</h1><p class="lead">${lead}</p></div>
      <div class="row">${team.managers.length > 1 ? managerChoice(team) : null}${exportMenu(team.manager)}</div>
    </header>
    <nav class="tabs" aria-label="${t("Views of the team")}">${TABS.map((tab) => html`<a class="tabs__tab" href="${tab.href}${query}" ${tab.href === here && html`aria-current="page"`}>${tab.word()}</a>`)}</nav>`;
}

function managerChoice({ managers, manager }) {
  return html`<label class="inline-field">${t("Team of")} <select data-manager>${managers.map((one) => html`<option value="${one.id}" ${one.id === manager.id && html`selected`}>${one.full_name}</option>`)}</select></label>`;
}

function exportMenu(manager) {
  return html`<details class="menu" data-export><summary class="button button--quiet button--small">${icon("download")}${t("Export")}</summary>
    <div class="menu__sheet"><table class="menu__table"><caption class="visually-hidden">${t("Tables as files")}</caption>
      ${Object.entries(TABLES).map(([table, word]) => html`<tr><th scope="row">${word()}</th>${["csv", "xlsx"].map((format) => html`<td><button class="link-button" type="button" data-table="${table}" data-format="${format}">${format.toUpperCase()}<span class="visually-hidden">: ${word()}</span></button></td>`)}</tr>`)}
    </table>${manager ? html`<p class="fine-print">${t("Of everybody, not of this team alone.")}</p>` : null}<p class="fine-print" role="status" data-export-note></p></div></details>`;
}

/** Listens to the choice of a team and to the exports, until `signal` ends. */
export function listenToFrame(main, { app, signal }) {
  main.addEventListener(
    "change",
    (event) => event.target.matches("[data-manager]") && app.router.go(`${location.pathname}?manager=${event.target.value}`),
    { signal },
  );
  main.addEventListener("click", (event) => {
    const button = event.target.closest("[data-table]");
    if (button) exportTable(button, main.querySelector("[data-export-note]"), app, signal);
    else if (!event.target.closest("[data-export]")) main.querySelector("[data-export]")?.removeAttribute("open");
  }, { signal });
  main.addEventListener("keydown", (event) => {
    const open = main.querySelector("[data-export][open]");
    if (event.key !== "Escape" || !open) return;
    open.removeAttribute("open");
    open.querySelector("summary").focus();
  }, { signal });
}

async function exportTable(button, note, app, signal) {
  const { table, format } = button.dataset;
  button.disabled = true;
  note.textContent = t("Preparing the file…");
  const onBytes = (bytes) => {
    note.textContent = t("{size} received…", { size: fileSize(bytes) });
  };
  try {
    const { blob, name } = await app.api.download("export-table", { table, format }, { signal, onBytes });
    saveFile(blob, name);
    note.textContent = t("Saved: {size}", { size: fileSize(blob.size) });
  } catch (error) {
    if (error.name !== "AbortError") note.textContent = error.message;
  } finally {
    button.disabled = false;
  }
}

/** For an admin, while nobody is a manager. */
export function drawNoTeam(main) {
  render(main, html`<div class="page"><h1>${t("Team")}</h1>${emptyPanel({ symbol: "people", title: t("There are no managers yet"), text: t("Give somebody the role, and people to lead; then their team is here.") })}</div>`);
}
