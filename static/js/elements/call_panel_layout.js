/** What <call-panel> draws once, and what its banner says. PURE. */

import { LONGEST_NOTE } from "../call/notes.js";
import { clock, initials } from "../lib/format.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { factList, goalList, rowsOf } from "../pages/customer_card.js";

const DIGITS = [..."123456789*0#"];

/** `note` is what the trainee has noted about this call before. */
export function layout({ brief, customer, traineeName, offline, limitMs, note }) {
  const rows = rowsOf(brief.customer_card ?? {});
  return html`
    <header class="call__head">
      <div class="call__title"><h1>${brief.title ?? t("Practice call")}</h1>
        <p><span class="chip chip--rec"><span class="rec-dot"></span>${t("Recorded")}</span><span class="chip call__mode">${t("Practice")}</span>${offline ? html`<span class="chip" title="${t("A computer voice on this server; no AI model is used")}">${icon("bolt")}${t("Offline customer")}</span>` : null}</p></div>
      <p class="call__clock"><span class="visually-hidden">${t("Time:")} </span><span data-part="time">0:00</span>${limitMs ? html`<small> / ${clock(limitMs)}</small>` : null}</p>
    </header>
    <p class="banner" data-part="banner" hidden>${icon("alert")}<span data-part="banner-text"></span>
      <span class="banner__find" data-part="find" hidden><select data-part="devices" aria-label="${t("Microphone")}" hidden></select>
        <button class="button button--small" type="button" data-do="microphone">${icon("mic")}${t("Use a microphone")}</button></span></p>
    <aside class="call__card" aria-label="${t("Customer card and goals")}">
      <details open><summary>${t("Customer card")}</summary>${rows.length ? factList(rows) : html`<p class="muted">${t("Nothing is known yet. Ask.")}</p>`}</details>
      ${brief.goals?.length ? html`<details open><summary>${t("Your goals")}</summary>${goalList(brief.goals)}</details>` : null}
    </aside>
    <section class="call__stage" aria-label="${t("Who speaks")}">
      ${speaker("customer", customer)}
      <p class="mood" data-part="mood" hidden><span>${t("Mood")}</span>
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="mood__ground" width="100" height="6" rx="3" /><rect class="mood__value" width="0" height="6" rx="3" /></svg><strong data-part="mood-word"></strong></p>
      <p class="call__status" data-part="status">${t("Connecting…")}</p>
      ${speaker("trainee", traineeName, t("You"))}
    </section>
    <section class="call__captions" aria-label="${t("Captions")}">
      <h2>${t("Captions")}</h2>
      <div class="captions" data-part="log" role="log" aria-live="off" aria-label="${t("What was said")}" tabindex="0"></div>
      <p class="captions__empty" data-part="empty">${t("What is said appears here.")}</p>
      <button class="button button--small captions__newest" type="button" data-do="newest" data-part="newest" hidden>${t("Newest")} ↓</button>
    </section>
    ${keypad()}${notes(note)}
    <footer class="controls">
      <details class="reply"><summary class="visually-hidden">${t("Type a reply")}</summary>
        <form><label class="visually-hidden" for="reply">${t("Your reply")}</label>
          <input id="reply" name="reply" maxlength="2000" autocomplete="off" placeholder="${t("Type what you would say")}">
          <button class="button" type="submit">${icon("send")}<span>${t("Say it")}</span></button></form>
      </details>
      <button class="talk" type="button" data-talk aria-pressed="false" aria-keyshortcuts="Space" hidden>${icon("mic")}<span data-part="talk"></span><kbd>${t("Space")}</kbd></button>
      <div class="controls__row">
        ${control("mute", "mic", t("Mute"), "M", { pressed: false })}
        ${control("hold", "pause", t("Hold"), "H", { pressed: false })}
        ${control("reply", "keyboard", t("Type"), null)}
        <div class="controls__rare" id="rare-controls">
          ${control("keypad", "keypad", t("Keypad"), "K", { opens: "tray-keypad" })}
          ${control("push", "target", t("Push to talk"), "P", { pressed: false })}
          ${control("notes", "note", t("Notes"), "N", { opens: "tray-notes" })}
          ${control("captions", "captions", t("Captions"), "C", { pressed: true })}
          ${control("card", "person", t("Card"), null, { pressed: false })}
        </div>
        ${control("more", "more", t("More"), null, { opens: "rare-controls" })}
        <button class="control control--end" type="button" data-do="hangup" aria-keyshortcuts="E"><span class="control__face">${icon("hangup")}</span><span class="control__label">${t("End call")}</span><kbd>E</kbd></button>
      </div>
    </footer>`;
}

function keypad() {
  return html`<section class="tray tray--keypad" id="tray-keypad" data-tray="keypad" aria-label="${t("Keypad")}" hidden>
    <div class="tray__head"><output class="keys" data-part="keys" aria-label="${t("Keys pressed")}"></output>${closeButton()}</div>
    <div class="keypad" dir="ltr">${DIGITS.map((digit) => html`<button class="key" type="button" data-digit="${digit}">${digit}</button>`)}</div>
  </section>`;
}

function notes(note) {
  return html`<section class="tray tray--notes" id="tray-notes" data-tray="notes" aria-labelledby="notes-title" hidden>
    <div class="tray__head"><h2 id="notes-title">${t("Your notes")}</h2>${closeButton()}</div>
    <textarea data-part="note" rows="4" maxlength="${LONGEST_NOTE}" aria-labelledby="notes-title" aria-describedby="notes-where">${note}</textarea>
    <p class="tray__line" id="notes-where" data-part="notes-where">${t("Only you see them, on this device. You find them beside the report card.")}</p>
  </section>`;
}

function closeButton() {
  return html`<button class="icon-button" type="button" data-do="close" aria-label="${t("Close")}">${icon("cross")}</button>`;
}

function speaker(who, name, label = name) {
  return html`<div class="speaker speaker--${who}" data-part="${who}">
    <span class="speaker__rings" aria-hidden="true"><i></i><i></i></span>
    <span class="avatar avatar--${who} avatar--stage" aria-hidden="true">${initials(name)}</span>
    <span class="speaker__name">${label}</span>
  </div>`;
}

/** `pressed` for what is on or off, `opens` for the id of what it shows and hides. */
function control(name, symbol, label, key, { pressed = null, opens = null } = {}) {
  const state = opens ? html`aria-expanded="false" aria-controls="${opens}"` : pressed === null ? null : html`aria-pressed="${String(pressed)}"`;
  return html`<button class="control" type="button" data-do="${name}" ${state} ${key ? html`aria-keyshortcuts="${key}"` : null}>
    <span class="control__face">${icon(symbol)}</span><span class="control__label">${label}</span>${key ? html`<kbd>${key}</kbd>` : null}
  </button>`;
}

/** The one thing that matters most now; null when nothing does. */
export function bannerText(state, view) {
  if (view.status === "reconnecting") return t("Your connection is gone. The customer waits; what you say now is not heard.");
  if (view.status === "redialling") return t("This is not your fault and does not count. What you say is kept until the customer is back.");
  if (view.status === "ended") return state.hint;
  if (view.idleLeftMs !== null) return t("Are you still there? The call ends in {time} if nobody speaks.", { time: clock(view.idleLeftMs) });
  if (state.error) return state.error.message;
  if (!state.microphone) return microphoneText(state);
  if (state.leftMs !== null) return t("{time} left in this call. Bring it to an end.", { time: clock(state.leftMs) });
  return state.hint;
}

export function microphoneText({ microphone, microphoneLost, microphoneProblem }) {
  if (microphone) return null;
  if (microphoneProblem) return t("{problem}. Type what you want to say.", { problem: microphoneProblem });
  return microphoneLost ? t("Your microphone is gone. Plug it in again, or type what you want to say.") : t("No microphone: type what you want to say.");
}
