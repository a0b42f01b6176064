/** Pieces of the course pages: chips, findings, and the dialogs that ask before people see or lose something. */

import { html, render } from "../../lib/html.js";
import { t, tn } from "../../lib/i18n.js";
import { icon } from "../../lib/icons.js";
import { openDialog, whilePressed } from "./admin_frame.js";
import { impactLines, weighed } from "./course_model.js";

const STATES = {
  draft: { tone: "chip--warn", word: () => t("Draft") },
  published: { tone: "chip--good", word: () => t("Published") },
  archived: { tone: "", word: () => t("Archived") },
};

export function stateWord(state) {
  return STATES[state].word();
}

export function stateChip(state) {
  return html`<span class="chip ${STATES[state].tone}">${STATES[state].word()}</span>`;
}

/** What is wrong, errors first; `targets` are the ids that stand on this page and can be gone to. */
export function findingsList(findings, targets = new Set()) {
  const { sorted, errors, warnings } = weighed(findings);
  if (!sorted.length) return html`<p class="done">${icon("check")}${t("Nothing is wrong.")}</p>`;
  const counts = [errors && tn("{n} error", "{n} errors", errors), warnings && tn("{n} warning", "{n} warnings", warnings)].filter(Boolean);
  return html`<p class="muted">${counts.join(", ")}</p><ul class="findings">${sorted.map((finding) => {
    const isError = finding.severity === "error";
    const name = targets.has(finding.content_id) ? html`<a href="#part-${finding.content_id}" data-go="${finding.content_id}">${finding.title || t("Without a title")}</a>` : html`<strong>${finding.title || t("Without a title")}</strong>`;
    return html`<li class="findings__item findings__item--${isError ? "bad" : "warn"}">${icon(isError ? "cross" : "alert")}<span><span class="visually-hidden">${isError ? t("Error") : t("Warning")}: </span>${name}<br>${finding.message}</span></li>`;
  })}</ul>`;
}

function impactList(impact) {
  const lines = impactLines(impact);
  return html`<h3>${t("What it means for people")}</h3>${lines.length ? html`<ul class="impact">${lines.map((line) => html`<li>${line}</li>`)}</ul>` : html`<p class="muted">${t("Nobody is concerned yet.")}</p>`}`;
}

const footer = (word, isPossible = true) => html`<div class="row admin-dialog__foot"><button class="button button--quiet" type="button" data-close>${t("Cancel")}</button>${isPossible ? html`<button class="button" type="button" data-do>${word}</button>` : null}</div>`;

/** Shows what publishing would do, then does it. `part` is `{id, title, kind}`; `onDone` is awaited after it. */
export async function askToPublish(main, { app, part, onDone }) {
  const values = (dry_run, with_drafts) => ({ id: part.id, with_drafts, dry_run });
  const canHoldDrafts = part.kind !== "lesson";
  let withDrafts = canHoldDrafts;
  const look = () => app.api.rpc("publish_content", values(true, withDrafts));
  let preview = await look();
  const dialog = openDialog(main, t("Publish “{title}”", { title: part.title }), html`
    ${canHoldDrafts && html`<label class="check-line"><input type="checkbox" data-drafts checked> ${t("With all drafts in it")}</label>`}
    <div data-preview></div>`);
  draw();
  dialog.addEventListener("change", async (event) => {
    if (!event.target.matches("[data-drafts]")) return;
    withDrafts = event.target.checked;
    await whilePressed(app, event.target, async () => {
      preview = await look();
      draw();
    });
  });
  dialog.addEventListener("click", (event) => event.target.closest("[data-do]") && whilePressed(app, event.target, publish));

  function draw() {
    const { errors } = weighed(preview.findings);
    render(dialog.querySelector("[data-preview]"), html`${errors ? html`<p class="form-error">${t("It cannot be published before the errors are mended.")}</p>` : null}
      ${findingsList(preview.findings)}${errors ? null : impactList(preview.impact)}${footer(t("Publish now"), errors === 0)}`);
  }

  async function publish() {
    const answer = await app.api.rpc("publish_content", values(false, withDrafts));
    if (!answer.published) {
      preview = answer;
      return draw();
    }
    dialog.close();
    await onDone();
    app.announce(t("“{title}” is published", { title: part.title }));
  }
}

/** Shows what taking it out of sight means, then does it. */
export async function askToUnpublish(main, { app, part, onDone }) {
  const { impact } = await app.api.rpc("unpublish_content", { id: part.id, dry_run: true });
  ask(main, app, t("Make “{title}” a draft again", { title: part.title }), html`<p>${t("Only administrators see it then. Results stay.")}</p>${impactList(impact)}`, t("Make it a draft"), async () => {
    await app.api.rpc("unpublish_content", { id: part.id });
    await onDone();
    app.announce(t("“{title}” is a draft", { title: part.title }));
  });
}

export function askToArchive(main, { app, part, onDone }) {
  ask(main, app, t("Archive “{title}”", { title: part.title }), html`<p>${t("Nobody sees it any more. Results, reports and certificates stay, and it can be restored from the list of courses.")}</p>`, t("Archive"), async () => {
    await app.api.rpc("archive_content", { id: part.id });
    await onDone();
    app.announce(t("“{title}” is archived", { title: part.title }));
  });
}

function ask(main, app, title, content, word, work) {
  const dialog = openDialog(main, title, html`${content}${footer(word)}`);
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-do]")) return;
    whilePressed(app, event.target, async () => {
      await work();
      dialog.close();
    });
  });
}
