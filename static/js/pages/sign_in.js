import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { roleWord } from "../places.js";
import { drawEntrance, emailField, missingPart, onSubmit, passwordField, textOfError } from "./entrance.js";

const DEMO_PASSWORD = "callx-demo";
const DEMO_PEOPLE = [
  { role: "trainee", email: "trainee@callx.example", text: () => t("Takes courses and calls") },
  { role: "manager", email: "manager@callx.example", text: () => t("Follows a team") },
  { role: "admin", email: "admin@callx.example", text: () => t("Sees everything") },
];

export async function show(main, { app, signal }) {
  document.title = `${t("Sign in")} · CallX`;
  if (app.login.user) return app.router.go(nextPath(), { replace: true });
  const form = drawEntrance(main, {
    title: t("Welcome back"),
    text: t("Sign in to go on with your training."),
    fields: html`${emailField()}${passwordField()}`,
    submitText: t("Sign in"),
    below: html`<p class="sign-in__ways" data-ways></p><div data-demo></div>`,
  });
  onSubmit(form, {
    busyText: t("Signing in…"),
    gapIn: missingPart,
    send: async ({ email, password }) => {
      await app.login.signIn(email, password);
      app.router.go(nextPath(), { replace: true });
    },
    textOf: (error) =>
      error.code === "invalid_credentials" ? t("E-mail and password do not fit together. Try again.") : textOfError(error),
  });
  showDemoPeople(main, form, app, signal);
  showOtherWays(main, app, signal);
}

async function showOtherWays(main, app, signal) {
  const { canSignUp, canRecover } = await app.api.accountOffers();
  if (signal.aborted) return;
  render(
    main.querySelector("[data-ways]"),
    html`${canRecover ? html`<a href="/forgot-password">${t("Forgot your password?")}</a>` : null}
      ${canSignUp ? html`<span>${t("New here?")} <a href="/sign-up">${t("Create an account")}</a></span>` : null}`,
  );
}

async function showDemoPeople(main, form, app, signal) {
  const about = await app.api.about().catch(() => null);
  if (!about?.demo || signal.aborted) return;
  const target = main.querySelector("[data-demo]");
  render(
    target,
    html`<div class="demo">
      <p class="demo__title">${icon("sparkle")} ${t("This is a demo. Sign in as")}</p>
      <ul class="demo__people">
        ${DEMO_PEOPLE.map(
          (person) => html`<li><button class="demo__person" type="button" data-email="${person.email}">
            <strong>${roleWord(person.role)}</strong><span>${person.text()}</span>
          </button></li>`,
        )}
      </ul>
    </div>`,
  );
  target.addEventListener("click", (event) => {
    const email = event.target.closest("[data-email]")?.dataset.email;
    if (!email) return;
    form.email.value = email;
    form.password.value = DEMO_PASSWORD;
    form.querySelector("[type=submit]").focus();
  });
}

/** Only a path of this application: never a foreign address. */
function nextPath() {
  const next = new URLSearchParams(location.search).get("next") ?? "/";
  return /^\/(?![/\\])/.test(next) && !next.startsWith("/sign-in") ? next : "/";
}
