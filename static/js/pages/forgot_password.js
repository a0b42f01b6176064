import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { drawEntrance, emailField, missingPart, onSubmit, textOfError } from "./entrance.js";
import { drawLetterSent } from "./letter_sent.js";

export function show(main, { app }) {
  document.title = `${t("Forgot your password?")} · CallX`;
  const form = drawEntrance(main, {
    title: t("Forgot your password?"),
    text: t("We send you a link with which you choose a new one."),
    fields: emailField(),
    submitText: t("Send the link"),
    below: html`<p class="sign-in__ways"><a href="/sign-in">${t("Back to sign in")}</a></p>`,
  });
  onSubmit(form, {
    busyText: t("Sending…"),
    gapIn: missingPart,
    send: async ({ email }) => {
      await app.login.recover(email, location.origin);
      drawLetterSent(main, { email, text: t("If it belongs to an account, a link to choose a new password is on its way.") });
    },
    textOf: textOfError,
  });
}
