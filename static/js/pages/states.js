/** What a page shows when it has nothing else to show: loading, empty, failed, not allowed. */

import { html } from "../lib/html.js";
import { icon } from "../lib/icons.js";

export function skeleton() {
  return html`<div class="skeleton" role="status">
    <span class="visually-hidden">Loading…</span>
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
      <button class="button" type="button" data-retry>Try again</button>
      <a class="button button--quiet" href="/">To my courses</a>
    </div>
    ${error.requestId ? html`<p class="fine-print">If you ask for help, name this request: <code>${error.requestId}</code></p>` : null}
  </section>`;
}

function explain(error) {
  if (error.status === 0 && error.code === "network") return ["No connection", error.message];
  if (error.status === 403) return ["You may not see this", "It belongs to somebody else, or to a role that you do not have. Ask your manager if you need it."];
  if (error.status === 404) return ["There is nothing here", "It was removed, or it is not meant for you."];
  return ["This did not work", error.message || "Something unexpected happened."];
}

/** A "not there" that looks like the server's. */
export function missing() {
  return Object.assign(new Error("There is nothing here."), { status: 404, code: "not_found" });
}
