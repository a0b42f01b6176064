/** A letter about a course to somebody of the team. */

import { t } from "../lib/i18n.js";

const REASONS = {
  recipient_opted_out: () => t("This person wants no letters of this kind."),
  nothing_to_say: () => t("There is nothing to remind of any more."),
  recipient_not_allowed: () => t("You may not write to this person."),
};

/** `button` has `data-remind` (the product) and `data-template`; `person` has `email` and `full_name`. */
export async function remind(app, button, person) {
  const word = button.querySelector("[data-word]");
  button.disabled = true;
  word.textContent = t("Sending…");
  try {
    const body = { to_email: person.email, template: button.dataset.template, data: { product_id: button.dataset.remind } };
    await app.api.invoke("send-notification-email", body);
    word.textContent = t("Reminded");
    app.announce(t("A letter to {name} is on its way", { name: person.full_name }));
  } catch (error) {
    button.disabled = false;
    word.textContent = t("Remind");
    const reason = REASONS[error.code]?.() ?? error.message;
    button.title = reason;
    app.announce(reason, { urgent: true });
    const note = button.parentElement.querySelector("[data-reason]") ?? button.parentElement.appendChild(Object.assign(document.createElement("p"), { className: "fine-print" }));
    note.dataset.reason = "yes";
    note.textContent = reason;
  }
}
