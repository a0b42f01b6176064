import { brandMark } from "../elements/app_shell.js";
import { html, render } from "../lib/html.js";
import { icon } from "../lib/icons.js";

const DEMO_PASSWORD = "callx-demo";
const DEMO_PEOPLE = [
  { role: "Trainee", email: "trainee@callx.example", text: "Takes courses and calls" },
  { role: "Manager", email: "manager@callx.example", text: "Follows a team" },
  { role: "Administrator", email: "admin@callx.example", text: "Sees everything" },
];

export async function show(main, { app, signal }) {
  document.title = "Sign in · CallX";
  if (app.login.user) return app.router.go(nextPath(), { replace: true });
  render(main, page());
  const form = main.querySelector("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form, app);
  });
  main.querySelector("[data-reveal]").addEventListener("click", (event) => reveal(form, event.currentTarget));
  showDemoPeople(main, form, app, signal);
}

function page() {
  return html`<div class="sign-in">
    <section class="sign-in__story" aria-label="What CallX is">
      <p class="sign-in__brand">${brandMark()}<span>CallX</span></p>
      <div class="sign-in__pitch">
        <p class="sign-in__headline">The hardest call of the week, before it happens.</p>
        <p class="sign-in__text">Talk to an angry, confused or hurried customer. Hang up. See the very second where it turned.</p>
      </div>
      ${wave()}
    </section>
    <section class="sign-in__form" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">Welcome back</h1>
      <p class="muted">Sign in to go on with your training.</p>
      <form novalidate>
        <div class="field">
          <label for="email">E-mail</label>
          <input id="email" name="email" type="email" autocomplete="username" inputmode="email" autocapitalize="none" spellcheck="false" required>
        </div>
        <div class="field">
          <label for="password">Password</label>
          <div class="field__with-button">
            <input id="password" name="password" type="password" autocomplete="current-password" required>
            <button class="field__button" type="button" data-reveal aria-pressed="false" aria-controls="password">Show</button>
          </div>
        </div>
        <p class="form-error" role="alert" data-error hidden></p>
        <button class="button button--large button--wide" type="submit">Sign in</button>
      </form>
      <div data-demo></div>
    </section>
  </div>`;
}

/** A call as it looks: two voices that take turns. */
function wave() {
  const heights = [10, 22, 38, 26, 48, 30, 16, 8, 14, 30, 44, 58, 40, 24, 12, 8, 18, 36, 52, 34, 46, 28, 14, 8, 20, 32, 22, 12];
  const bars = heights.map((height, index) => {
    const speaker = (index > 7 && index < 15) || index > 22 ? "trainee" : "customer";
    return html`<rect class="wave__bar wave__bar--${speaker}" x="${index * 14}" y="${32 - height / 2}" width="6" height="${height}" rx="3" />`;
  });
  return html`<svg class="wave" viewBox="0 0 384 64" aria-hidden="true" focusable="false">${bars}</svg>`;
}

async function submit(form, app) {
  const button = form.querySelector("[type=submit]");
  const email = form.email.value.trim();
  const password = form.password.value;
  const gap = !email ? ["email", "Enter your e-mail address."] : !password ? ["password", "Enter your password."] : null;
  if (gap) return showError(form, gap[1], form[gap[0]]);
  button.disabled = true;
  button.textContent = "Signing in…";
  try {
    await app.login.signIn(email, password);
    app.router.go(nextPath(), { replace: true });
  } catch (error) {
    showError(form, textOf(error), form.password);
  } finally {
    button.disabled = false;
    button.textContent = "Sign in";
  }
}

function textOf(error) {
  if (error.code === "invalid_credentials") return "E-mail and password do not fit together. Try again.";
  if (error.status === 429) return "Too many attempts. Wait a minute, then try again.";
  return error.message;
}

function showError(form, text, field) {
  const line = form.querySelector("[data-error]");
  line.hidden = false;
  line.textContent = text;
  field.focus();
}

function reveal(form, button) {
  const shown = form.password.type === "text";
  form.password.type = shown ? "password" : "text";
  button.textContent = shown ? "Show" : "Hide";
  button.setAttribute("aria-pressed", String(!shown));
}

async function showDemoPeople(main, form, app, signal) {
  const about = await app.api.about().catch(() => null);
  if (!about?.demo || signal.aborted) return;
  const target = main.querySelector("[data-demo]");
  render(
    target,
    html`<div class="demo">
      <p class="demo__title">${icon("sparkle")} This is a demo. Sign in as</p>
      <ul class="demo__people">
        ${DEMO_PEOPLE.map(
          (person) => html`<li><button class="demo__person" type="button" data-email="${person.email}">
            <strong>${person.role}</strong><span>${person.text}</span>
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
