/** What a page shows when it has nothing else to show: loading, empty, failed, not allowed. */

import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { roleWord } from "../places.js";

export function skeleton() {
  return html`<div class="skeleton" role="status">
    <span class="visually-hidden">${t("Loading…")}</span>
    <div class="skeleton__line skeleton__line--title"></div>
    <div class="skeleton__line"></div>
    <div class="skeleton__grid">
      <div class="skeleton__box"></div><div class="skeleton__box"></div><div class="skeleton__box"></div>
    </div>
  </div>`;
}

export function emptyPanel({ symbol = "sparkle", title, text, action = null }) {
  return html`<section class="blank">
    <span class="blank__symbol">${icon(symbol)}</span>
    <h2>${title}</h2>
    <p>${text}</p>
    ${action}
  </section>`;
}

export function errorPanel(error) {
  const [title, text] = explain(error);
  return html`<section class="blank blank--error">
    <span class="blank__symbol">${icon(error.status === 0 ? "wifiOff" : error.status === 403 ? "lock" : "alert")}</span>
    <h1>${title}</h1>
    <p>${text}</p>
    <div class="row row--center">
      <button class="button" type="button" data-retry>${t("Try again")}</button>
      <a class="button button--quiet" href="/">${t("To the start")}</a>
    </div>
    ${requestLine(error)}
  </section>`;
}

/** A part of a page that could not be loaded, while the rest is there; `data-retry` asks again. */
export function errorCard(error) {
  return html`<div class="notice notice--bad" role="alert">${icon("alert")}<div>
    <p><strong>${explain(error)[0]}.</strong> ${explain(error)[1]}</p>
    <div class="row"><button class="button button--small button--quiet" type="button" data-retry>${t("Try again")}</button></div>
    ${requestLine(error)}
  </div></div>`;
}

function requestLine({ requestId }) {
  if (!requestId) return null;
  return html`<p class="fine-print">${t("If you ask for help, name this request:")} <code>${requestId}</code></p>`;
}

/** A page for other roles: `needed` are those that may see it, `mine` is the person's own, or null. */
export function forbiddenPanel(needed, mine) {
  const roles = needed.map((role) => roleWord(role)).join(t(" or "));
  return html`<section class="blank blank--error">
    <span class="blank__symbol">${icon("lock")}</span>
    <h1>${t("This page is for another role")}</h1>
    <p>${t("It needs the role {roles}.", { roles })} ${mine ? t("You are signed in as {role}.", { role: roleWord(mine) }) : t("You have no role yet.")}</p>
    <p>${t("If you need it for your work, ask an administrator to give you the role.")}</p>
    <a class="button" href="/">${t("To the start")}</a>
  </section>`;
}

function explain(error) {
  if (error.status === 0 && error.code === "network") return [t("No connection"), error.message];
  if (error.status === 403) return [t("You may not see this"), t("It belongs to somebody else, or to a role that you do not have. Ask your manager if you need it.")];
  if (error.status === 404) return [t("There is nothing here"), t("It was removed, or it is not meant for you.")];
  return [t("This did not work"), error.message || t("Something unexpected happened.")];
}

/** A "not there" that looks like the server's. */
export function missing() {
  return Object.assign(new Error("There is nothing here."), { status: 404, code: "not_found" });
}
