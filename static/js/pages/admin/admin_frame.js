/** What the pages of administrators share: the heading with the way between them, and a question before something happens. */

import { element, html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";

const TABS = [
  { href: "/admin/courses", word: () => t("Courses") },
  { href: "/admin/people", word: () => t("People") },
  { href: "/admin/analytics", word: () => t("Analytics") },
  { href: "/admin/audit", word: () => t("Audit log") },
];

/** `lead` is a sentence under the heading, `actions` what stands beside it. */
export function adminHead(here, title, lead, actions = null) {
  document.title = `${title} · CallX`;
  return html`<header class="page-head admin-head"><div><h1 tabindex="-1">${title}</h1><p class="lead">${lead}</p></div>${actions && html`<div class="row">${actions}</div>`}</header>
    <nav class="tabs" aria-label="${t("Administration")}">${TABS.map((tab) => html`<a class="tabs__tab" href="${tab.href}" ${tab.href === here && html`aria-current="page"`}>${tab.word()}</a>`)}</nav>`;
}

/**
 * Opens a dialog over the page and gives the focus back when it closes. `content` is what stands in it; what has
 * `data-close` closes it.
 */
export function openDialog(main, title, content) {
  const before = document.activeElement;
  const dialog = element(html`<dialog class="admin-dialog" aria-labelledby="dialog-title"><h2 id="dialog-title" tabindex="-1">${title}</h2><div class="admin-dialog__body" data-body>${content}</div></dialog>`);
  main.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected) before.focus();
  });
  dialog.addEventListener("click", (event) => event.target.closest("[data-close]") && dialog.close());
  dialog.showModal();
  dialog.querySelector("h2").focus();
  return dialog;
}

/** Does `work` while `button` cannot be pressed; tells what went wrong. Resolves to whether it went well. */
export async function whilePressed(app, button, work) {
  button.disabled = true;
  try {
    await work();
    return true;
  } catch (error) {
    if (error.name !== "AbortError") app.announce(error.message, { urgent: true });
    return false;
  } finally {
    button.disabled = false;
  }
}
