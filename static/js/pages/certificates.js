/** One's certificates: the PDF, the public page, until when they are good, and what was before. */

import { certificateState } from "../home_model.js";
import * as learning from "../learning.js";
import { ago, day } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { saveFile } from "../lib/save_file.js";
import { emptyPanel } from "./states.js";

const STATES = {
  valid: { tone: "good", icon: "check", word: () => t("Valid") },
  expiring: { tone: "warn", icon: "clock", word: () => t("Expires soon") },
  expired: { tone: "bad", icon: "alert", word: () => t("Expired") },
  revoked: { tone: "bad", icon: "cross", word: () => t("Revoked") },
};

export async function show(main, { app, signal }) {
  document.title = `${t("Certificates")} · CallX`;
  const certificates = await learning.myCertificates(app.api, { signal });
  render(main, page(certificates, Date.now()));
  main.addEventListener("click", (event) => clicked(event, app), { signal });
  main.addEventListener("change", (event) => event.target.matches("[data-shown-name]") && chooseName(event.target, app), { signal });
}

async function clicked(event, app) {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.copy) {
    await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href).catch(() => {});
    app.announce(t("Link copied"));
    button.querySelector("[data-word]").textContent = t("Copied");
  }
  if (button.dataset.pdf) await download(button, app);
}

async function download(button, app) {
  const note = button.closest(".certificate").querySelector("[data-note]");
  button.disabled = true;
  note.textContent = t("Getting the file…");
  try {
    saveFile(await app.api.file("certificates", button.dataset.pdf), button.dataset.name);
    note.textContent = "";
  } catch (error) {
    note.textContent = error.status === 404 || error.status === 400 ? t("The file is not there. Ask your manager.") : error.message;
  } finally {
    button.disabled = false;
  }
}

async function chooseName(field, app) {
  try {
    await app.api.update("certifications", { id: `eq.${field.dataset.shownName}` }, { shown_name: field.value });
    app.announce(t("Saved"));
  } catch (error) {
    app.announce(error.message, { urgent: true });
  }
}

function page(certificates, nowMs) {
  return html`<div class="page">
    <header class="page-head"><h1>${t("Certificates")}</h1><p class="lead">${t("Whoever has the code of a certificate can check that it is real.")}</p></header>
    ${certificates.length ? html`<ul class="certificates">${certificates.map((one) => certificate(one, nowMs))}</ul>` : nothing()}
  </div>`;
}

function certificate(one, nowMs) {
  const state = certificateState(one, nowMs);
  const look = STATES[state];
  const issues = [...(one.certificate_issues ?? [])].sort((left, right) => right.number - left.number);
  const [current, ...earlier] = issues;
  const title = one.products?.title ?? current?.product_title ?? t("Course");
  const path = current?.object_name ?? `${one.user_id}/${one.product_id}.pdf`;
  return html`<li class="card certificate certificate--${look.tone}">
    <span class="certificate__seal" aria-hidden="true">${icon("medal")}</span>
    <div class="certificate__text">
      <h2>${title}</h2>
      <p class="certificate__facts"><span class="chip chip--${look.tone}">${icon(look.icon)}${look.word()}</span>
        <span>${t("Issued {day}", { day: day(one.issued_at) })}</span>
        <span>${one.expires_at ? t("Good until {day}", { day: day(one.expires_at) }) : t("Good for ever")}</span></p>
      ${state === "expiring" || state === "expired" ? html`<p>${t("Pass the quizzes and calls of the course once more, and a new one is issued by itself.")} <a href="/courses/${one.product_id}">${t("To the course")}</a></p>` : null}
      ${one.code ? html`<p class="muted">${t("Code")} <code>${grouped(one.code)}</code></p>` : null}
      <div class="row">
        ${current ? html`<button class="button button--small" type="button" data-pdf="${path}" data-name="${fileName(title)}">${icon("download")}${t("Download PDF")}<span class="visually-hidden">: ${title}</span></button>` : null}
        ${one.code ? html`<a class="button button--small button--quiet" href="/verify/${one.code}">${t("Public page")}<span class="visually-hidden">: ${title}</span></a>
          <button class="button button--small button--quiet" type="button" data-copy="/verify/${one.code}">${icon("copy")}<span data-word>${t("Copy link")}</span></button>` : null}
      </div>
      <p class="fine-print" role="status" data-note></p>
      ${one.code ? html`<label class="certificate__name">${t("The public page names you")}
        <select data-shown-name="${one.id}"><option value="full" ${one.shown_name === "full" && html`selected`}>${t("with your whole name")}</option><option value="initials" ${one.shown_name === "initials" && html`selected`}>${t("with your initials")}</option></select></label>` : null}
      ${earlier.length ? history(earlier, title, nowMs) : null}
    </div>
  </li>`;
}

function history(earlier, title, nowMs) {
  return html`<details class="certificate__history"><summary><span>${tn("{n} earlier certificate", "{n} earlier certificates", earlier.length)}</span><span class="chevron" aria-hidden="true"></span></summary>
    <ul>${earlier.map((issue) => html`<li><span>${t("Issued {day}", { day: day(issue.issued_at) })}${issue.expires_at ? ` · ${t("until {day}", { day: day(issue.expires_at) })}` : ""}${issue.revoked_at ? ` · ${t("revoked {when}", { when: ago(issue.revoked_at, nowMs) })}` : ""}</span>
      <span class="row"><a href="/verify/${issue.code}">${t("Public page")}</a><button class="link-button" type="button" data-pdf="${issue.object_name}" data-name="${fileName(`${title} ${issue.number}`)}">PDF</button></span></li>`)}</ul></details>`;
}

/** `7KQ49M2CX0TB5HZW` as it is printed: groups of four. */
export function grouped(code) {
  return code.replace(/-/g, "").match(/.{1,4}/g)?.join("-") ?? code;
}

function fileName(title) {
  return `${title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "")}.pdf`;
}

function nothing() {
  return emptyPanel({
    symbol: "medal",
    title: t("No certificates yet"),
    text: t("You earn one by completing every lesson of a course. It is issued by itself."),
    action: html`<a class="button" href="/courses">${t("To my courses")}</a>`,
  });
}
