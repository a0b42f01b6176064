/** What people have decided about a report, and how its trainee asks them to. */

import { dateTime } from "../lib/format.js";
import { element, html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

/** A published review, or nothing. */
export function reviewNotice(review) {
  if (!review) return null;
  const said = review.decision === "confirmed" ? t("{name} has confirmed this result", { name: review.reviewer_name }) : t("{name} has changed this result", { name: review.reviewer_name });
  return html`<div class="notice notice--info" role="note">${icon("flag")}<div><p><strong>${said}</strong> · <time datetime="${review.published_at}">${dateTime(review.published_at)}</time></p>${review.reason ? html`<p>“${review.reason}”</p>` : null}</div></div>`;
}

/** The way to ask for a review, or what became of asking. */
export function reviewRequest(report, request) {
  if (request?.state === "open") return html`<div class="notice" role="note" data-request>${icon("clock")}<p>${t("You have asked for a review. You are told when it is done.")}</p></div>`;
  if (request || report.review) return null;
  return html`<div class="report__ask" data-request><button class="link-button" type="button" data-ask-review>${t("Do you disagree? Ask for a review")}</button></div>`;
}

export function joinReviewRequest(main, { app, callId, signal }) {
  main.querySelector("[data-ask-review]")?.addEventListener("click", () => ask(main, app, callId), { signal });
}

function ask(main, app, callId) {
  const dialog = element(html`<dialog class="report__request" aria-labelledby="ask-title"><h2 id="ask-title">${t("Ask for a review")}</h2>
    <p class="muted">${t("A manager listens to the call and decides. Say what was judged wrongly.")}</p>
    <form class="field"><label for="ask-reason">${t("What is wrong, and why")}</label><textarea id="ask-reason" name="reason" rows="4" maxlength="2000" required></textarea>
      <p class="form-error" role="alert" data-error hidden></p>
      <div class="row"><button class="button button--small" type="submit">${t("Ask")}</button><button class="button button--small button--ghost" type="button" data-close>${t("Cancel")}</button></div></form></dialog>`);
  main.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const line = dialog.querySelector("[data-error]");
    try {
      await app.api.inserted("review_requests", { call_id: callId, reason: event.target.elements.reason.value.trim() }, "id");
      render(main.querySelector("[data-request]"), reviewRequest({}, { state: "open" }));
      app.announce(t("You have asked for a review"));
      dialog.close();
    } catch (error) {
      line.textContent = error.message;
      line.hidden = false;
    }
  });
  dialog.showModal();
}
