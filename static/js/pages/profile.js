/** Oneself: name, language, time zone, password, and where one is signed in. */

import { ago, dateTime } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { LANGUAGES, t } from "../lib/i18n.js";
import { speakFor, startAgainIn } from "../language.js";
import { icon } from "../lib/icons.js";
import { roleWord } from "../places.js";
import { deviceOf } from "../device.js";
import { errorCard } from "./states.js";

export async function show(main, { app, signal }) {
  document.title = `${t("Your profile")} · CallX`;
  const me = await app.me.get();
  render(main, page(me, Intl.supportedValuesOf("timeZone")));
  const forms = { name: saveName, places: savePlaces, password: savePassword };
  main.addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      run(event.target, forms[event.target.dataset.form]);
    },
    { signal },
  );
  main.addEventListener("click", (event) => clicked(event).catch((error) => app.announce(error.message, { urgent: true })), { signal });
  showLogins(main, app, signal);

  async function run(form, save) {
    const [button, note] = [form.querySelector("[type=submit]"), form.querySelector("[data-note]")];
    button.disabled = true;
    note.textContent = t("Saving…");
    try {
      await save(form);
      note.textContent = t("Saved");
    } catch (error) {
      note.textContent = reasonOf(error);
    } finally {
      button.disabled = false;
    }
  }

  async function saveName(form) {
    const full_name = form.elements.full_name.value.trim();
    if (!full_name) throw new Error(t("Enter your name."));
    await app.api.update("profiles", { id: `eq.${me.id}` }, { full_name });
    app.me.forget();
    document.querySelector("app-shell").showPerson(await app.me.get());
  }

  async function savePlaces(form) {
    const row = { user_id: me.id, language: form.elements.language.value || null, time_zone: form.elements.time_zone.value || null };
    await app.api.upsert("personal_settings", row, "user_id");
    app.me.forget();
    if (row.language && row.language !== me.language) return startAgainIn(row.language);
    await speakFor(await app.me.get());
  }

  async function savePassword(form) {
    const { current, password } = form.elements;
    await app.login.setPassword(password.value, current.value);
    form.reset();
    await showLogins(main, app, signal);
  }

  async function clicked(event) {
    const button = event.target.closest("[data-end]");
    if (event.target.closest("[data-retry]")) return showLogins(main, app, signal);
    if (!button) return;
    button.disabled = true;
    await app.api.endLogin(button.dataset.end);
    app.announce(t("That device is signed out"));
    await showLogins(main, app, signal);
    main.querySelector("#logins-title").focus();
  }
}

function reasonOf(error) {
  if (error.code === "invalid_credentials") return t("The old password is not right.");
  if (error.code === "same_password") return t("That is your old password. Choose another one.");
  return error.message;
}

async function showLogins(main, app, signal) {
  const target = main.querySelector("[data-logins]");
  try {
    const logins = await app.api.logins({ signal });
    render(target, html`<ul class="logins">${logins.map((login) => loginItem(login, Date.now()))}</ul>`);
  } catch (error) {
    if (error.name !== "AbortError") render(target, errorCard(error));
  }
}

function loginItem(login, nowMs) {
  return html`<li class="login">
    <span class="login__icon">${icon(login.is_current ? "check" : "keyboard")}</span>
    <div><strong>${deviceOf(login.user_agent)}</strong>
      <small>${login.is_current ? t("This device") : t("Used {when}", { when: ago(login.refreshed_at ?? login.created_at, nowMs) })} · ${t("signed in {when}", { when: dateTime(login.created_at) })}${login.ip ? ` · ${login.ip}` : ""}</small></div>
    ${login.is_current ? null : html`<button class="button button--quiet button--small" type="button" data-end="${login.id}">${t("Sign out")}<span class="visually-hidden">: ${deviceOf(login.user_agent)}</span></button>`}
  </li>`;
}

function page(me, zones) {
  return html`<div class="page page--narrow">
    <header class="page-head"><h1>${t("Your profile")}</h1><p class="lead">${me.email}${me.roles.length ? ` · ${me.roles.map(roleWord).join(", ")}` : ""}</p></header>
    <div class="settings">
      <form class="card settings__form" data-form="name" novalidate><h2>${t("Name")}</h2>
        <div class="field"><label for="full-name">${t("Your name")}</label><input id="full-name" name="full_name" maxlength="200" autocomplete="name" value="${me.name}" required></div>
        ${foot(t("Save name"))}</form>
      <form class="card settings__form" data-form="places"><h2>${t("Language and time")}</h2>
        <div class="field"><label for="language">${t("Language")}</label><select id="language" name="language"><option value="">${t("As the site has it")}</option>${Object.entries(LANGUAGES).map(([code, word]) => html`<option value="${code}" ${me.language === code && html`selected`} lang="${code}">${word}</option>`)}</select></div>
        <div class="field"><label for="time-zone">${t("Time zone")}</label><select id="time-zone" name="time_zone"><option value="">${t("As the site has it")}</option>${zones.map((zone) => html`<option ${me.timeZone === zone && html`selected`}>${zone}</option>`)}</select>
          <p class="fine-print">${t("Letters come between 8 and 20 o’clock there.")}</p></div>
        ${foot(t("Save language and time"))}</form>
      <form class="card settings__form" data-form="password" novalidate><h2>${t("Password")}</h2>
        <input class="visually-hidden" type="text" autocomplete="username" value="${me.email}" tabindex="-1" aria-hidden="true" readonly>
        <div class="field"><label for="current">${t("Old password")}</label><input id="current" name="current" type="password" autocomplete="current-password" required></div>
        <div class="field"><label for="new-password">${t("New password")}</label><input id="new-password" name="password" type="password" autocomplete="new-password" aria-describedby="new-rule" required><p class="fine-print" id="new-rule">${t("At least 8 characters. All other devices will have to sign in again.")}</p></div>
        ${foot(t("Change password"))}</form>
      <section class="card settings__form" aria-labelledby="logins-title"><h2 id="logins-title" tabindex="-1">${t("Where you are signed in")}</h2>
        <div data-logins><p class="muted" role="status">${t("Loading…")}</p></div></section>
      <p class="settings__more"><a href="/notifications/preferences">${t("What you are told, here and by letter")}</a></p>
    </div>
  </div>`;
}

function foot(word) {
  return html`<div class="settings__foot"><button class="button button--small" type="submit">${word}</button><span class="fine-print" role="status" data-note></span></div>`;
}
