/** What the pages before the sign-in share: the story on one side, a form on the other. */

import { brandMark } from "../elements/brand_mark.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";

/** Draws the page; `below` comes after the form, `submitText` names its button. Without fields there is no form. */
export function drawEntrance(main, { title, text, fields, submitText, below = null }) {
  render(
    main,
    html`<div class="sign-in">
      <section class="sign-in__story" aria-label="${t("What CallX is")}">
        <p class="sign-in__brand">${brandMark()}<span>CallX</span></p>
        <div class="sign-in__pitch">
          <p class="sign-in__headline">${t("The hardest call of the week, before it happens.")}</p>
          <p class="sign-in__text">${t("Talk to an angry, confused or hurried customer. Hang up. See the very second where it turned.")}</p>
        </div>
        ${wave()}
      </section>
      <section class="sign-in__form" aria-labelledby="entrance-title">
        <h1 id="entrance-title">${title}</h1>
        <p class="muted">${text}</p>
        ${fields ? html`<form novalidate>${fields}<p class="form-error" role="alert" data-error hidden></p>
          <button class="button button--large button--wide" type="submit">${submitText}</button></form>` : null}
        ${below}
      </section>
    </div>`,
  );
  const form = main.querySelector("form");
  form?.querySelector("[data-reveal]")?.addEventListener("click", (event) => reveal(form, event.currentTarget));
  return form;
}

export function emailField() {
  return html`<div class="field">
    <label for="email">${t("E-mail")}</label>
    <input id="email" name="email" type="email" autocomplete="username" inputmode="email" autocapitalize="none" spellcheck="false" required>
  </div>`;
}

/** `isNew` for a password that is being chosen. */
export function passwordField({ label = t("Password"), isNew = false } = {}) {
  return html`<div class="field">
    <label for="password">${label}</label>
    <div class="field__with-button">
      <input id="password" name="password" type="password" autocomplete="${isNew ? "new-password" : "current-password"}" ${isNew ? html`aria-describedby="password-rule"` : null} required>
      <button class="field__button" type="button" data-reveal aria-pressed="false" aria-controls="password">${t("Show")}</button>
    </div>
    ${isNew ? html`<p class="fine-print" id="password-rule">${t("At least 8 characters. A few unrelated words make a good one.")}</p>` : null}
  </div>`;
}

/**
 * `send(values)` at each submit, with the form's values; `gapIn(values)` gives `[text, field]` for what is missing, or
 * null; `textOf(error)` puts an error into words.
 */
export function onSubmit(form, { busyText, gapIn, send, textOf }) {
  const button = form.querySelector("[type=submit]");
  const calm = button.textContent;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    if (values.email) values.email = values.email.trim();
    const gap = gapIn(values);
    if (gap) return showError(form, ...gap);
    button.disabled = true;
    button.textContent = busyText;
    try {
      await send(values);
    } catch (error) {
      showError(form, textOf(error), "password" in values ? "password" : "email");
    } finally {
      button.disabled = false;
      button.textContent = calm;
    }
  });
}

/** The gap that several forms have; for `gapIn`. */
export function missingPart({ email, password }) {
  if (email === "") return [t("Enter your e-mail address."), "email"];
  return password === "" ? [t("Enter your password."), "password"] : null;
}

/** Words for the errors that every form here can meet. */
export function textOfError(error) {
  return error.status === 429 ? t("Too many attempts. Wait a minute, then try again.") : error.message;
}

function showError(form, text, field) {
  const line = form.querySelector("[data-error]");
  line.hidden = false;
  line.textContent = text;
  form.elements[field].focus();
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

function reveal(form, button) {
  const shown = form.password.type === "text";
  form.password.type = shown ? "password" : "text";
  button.textContent = shown ? t("Show") : t("Hide");
  button.setAttribute("aria-pressed", String(!shown));
}
