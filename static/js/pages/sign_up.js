import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { drawEntrance, emailField, missingPart, onSubmit, passwordField, textOfError } from "./entrance.js";
import { drawLetterSent } from "./letter_sent.js";

export async function show(main, { app, signal }) {
  document.title = `${t("Create an account")} · CallX`;
  if (app.login.user) return app.router.go("/", { replace: true });
  const { canSignUp } = await app.api.accountOffers();
  if (signal.aborted) return;
  if (!canSignUp) {
    return drawEntrance(main, { title: t("Sign-up is closed"), text: t("Your manager or an administrator can invite you."), below: wayBack() });
  }
  const form = drawEntrance(main, {
    title: t("Create an account"),
    text: t("You start as a trainee: courses, practice calls, report cards."),
    fields: html`<div class="field"><label for="name">${t("Your name")}</label><input id="name" name="name" autocomplete="name" required></div>
      ${emailField()}${passwordField({ isNew: true })}`,
    submitText: t("Create account"),
    below: wayBack(),
  });
  onSubmit(form, {
    busyText: t("Creating…"),
    gapIn: (values) => (values.name.trim() ? missingPart(values) : [t("Enter your name."), "name"]),
    send: async ({ name, email, password }) => {
      const signedIn = await app.login.signUp({ email, password, fullName: name.trim(), redirectTo: location.origin });
      if (signedIn) app.router.go("/", { replace: true });
      else drawLetterSent(main, { email, text: t("Click the link in it, and your account is ready.") });
    },
    textOf: textOfError,
  });
}

function wayBack() {
  return html`<p class="sign-in__ways"><span>${t("You have an account?")} <a href="/sign-in">${t("Sign in")}</a></span></p>`;
}
