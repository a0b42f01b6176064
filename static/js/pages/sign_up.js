import { html } from "../lib/html.js";
import { drawEntrance, emailField, missingPart, onSubmit, passwordField, textOfError } from "./entrance.js";
import { drawLetterSent } from "./letter_sent.js";

const BACK = html`<p class="sign-in__ways"><span>You have an account? <a href="/sign-in">Sign in</a></span></p>`;

export async function show(main, { app, signal }) {
  document.title = "Create an account · CallX";
  if (app.login.user) return app.router.go("/", { replace: true });
  const { canSignUp } = await app.api.accountOffers();
  if (signal.aborted) return;
  if (!canSignUp) {
    return drawEntrance(main, { title: "Sign-up is closed", text: "Your manager or an administrator can invite you.", below: BACK });
  }
  const form = drawEntrance(main, {
    title: "Create an account",
    text: "You start as a trainee: courses, practice calls, report cards.",
    fields: html`<div class="field"><label for="name">Your name</label><input id="name" name="name" autocomplete="name" required></div>
      ${emailField()}${passwordField({ isNew: true })}`,
    submitText: "Create account",
    below: BACK,
  });
  onSubmit(form, {
    busyText: "Creating…",
    gapIn: (values) => (values.name.trim() ? missingPart(values) : ["Enter your name.", "name"]),
    send: async ({ name, email, password }) => {
      const signedIn = await app.login.signUp({ email, password, fullName: name.trim(), redirectTo: location.origin });
      if (signedIn) app.router.go("/", { replace: true });
      else drawLetterSent(main, { email, text: "Click the link in it, and your account is ready." });
    },
    textOf: textOfError,
  });
}
