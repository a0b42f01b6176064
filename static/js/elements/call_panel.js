/**
 * <call-panel>: the telephone. `setUp` draws it once, `update` and `level` move it. It tells what the trainee wants by
 * the events `mute`, `hold`, `push` (push to talk on or off), `hangup`, `typed`, `key` ({detail: a digit}), `talk`
 * ({detail: `pressed`, `released`, `toggled` or `let_go`}) and `microphone` ({detail: a device's id or null}). Keys of
 * call/shortcuts.js work while the focus is inside it, anywhere else with Alt+Shift.
 */

import { isSilent } from "../call/call_state.js";
import { keepNote, noteOf } from "../call/notes.js";
import { shortcutOf } from "../call/shortcuts.js";
import { captionOf } from "../call/transcript.js";
import { clock } from "../lib/format.js";
import { element, html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { moodWord } from "../lib/mood.js";
import { bannerText, layout, microphoneText } from "./call_panel_layout.js";

const NEAR_END_PX = 48;

class CallPanel extends HTMLElement {
  #drawn = new Map();
  #follows = true;
  #callId = null;
  #tray = null;
  #pushes = false;
  #listens = true;
  #talkKeyDown = false;
  #onKey = (event) => this.#pressed(event);
  #onKeyUp = (event) => this.#released(event);
  #onAway = () => this.#letGo();
  #height = 0;
  #resized = new ResizeObserver(() => this.#logResized());

  connectedCallback() {
    document.addEventListener("keydown", this.#onKey);
    document.addEventListener("keyup", this.#onKeyUp);
    window.addEventListener("blur", this.#onAway);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#onKey);
    document.removeEventListener("keyup", this.#onKeyUp);
    window.removeEventListener("blur", this.#onAway);
    this.#resized.disconnect();
  }

  setUp({ brief, call, traineeName }) {
    const customer = call.customer?.name ?? brief.customer_name ?? t("Customer");
    this.#callId = call.call_id;
    this.tabIndex = -1;
    render(this, layout({ brief, customer, traineeName, offline: call.customer?.offline, limitMs: call.limits?.max_ms, note: noteOf(call.call_id) }));
    this.addEventListener("click", (event) => this.#clicked(event.target.closest("[data-do]")?.dataset.do));
    this.addEventListener("click", (event) => this.#dialled(event.target.closest("[data-digit]")?.dataset.digit));
    this.#part("note").addEventListener("input", (event) => this.#noted(event.target.value));
    this.#listenToTalk(this.querySelector("[data-talk]"));
    this.querySelector("form").addEventListener("submit", (event) => this.#typed(event));
    const log = this.#part("log");
    log.addEventListener("scroll", () => this.#scrolled(log));
    this.#resized.observe(log);
    this.focus({ preventScroll: true });
  }

  update(state, view) {
    this.dataset.status = view.status;
    const countedMs = view.reconnectMs ?? view.heldMs;
    this.#setText("status", countedMs === null ? view.text : `${view.text} ${clock(countedMs)}`);
    this.#setText("time", clock(view.elapsedMs));
    this.#part("customer").classList.toggle("speaker--on", view.customerSpeaks);
    this.#part("trainee").classList.toggle("speaker--on", view.traineeSpeaks && !isSilent(state));
    this.#updateMute(state);
    this.#updateHold(state, view);
    this.#updateTalk(state);
    this.#setText("keys", state.keys);
    this.#updateBanner(state, view);
    this.#updateTurns(state.turns, state.customerName);
    this.#updateMood(state.mood);
    const over = view.status === "ended" || view.status === "failed";
    for (const control of this.querySelectorAll(".controls button, .key")) control.disabled = over;
    const answered = state.liveAt !== null && !over && view.status !== "ending";
    for (const control of this.querySelectorAll(".key, [data-do='push'], [data-talk]")) control.disabled = !answered;
    this.querySelector('[data-do="hold"]').disabled = !answered || view.status === "reconnecting";
    for (const control of this.querySelectorAll("form button, form input")) control.disabled = over || state.phase === "held";
  }

  /** `level` 0 to 1; the ring grows with it. */
  level(who, level) {
    const part = this.#part(who === "ai" ? "customer" : "trainee");
    part?.style.setProperty("--level", Math.min(1, Math.sqrt(level) * 2).toFixed(3));
  }

  #part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  #setText(name, text) {
    const part = this.#part(name);
    if (part.textContent !== text) part.textContent = text;
  }

  #updateMute(state) {
    const button = this.querySelector('[data-do="mute"]');
    button.hidden = !state.microphone || state.talk.on;
    this.#press(button, state.muted, state.muted ? "micOff" : "mic", state.muted ? t("Unmute") : t("Mute"));
    if (!state.microphone && this.#listens) this.querySelector("details.reply").open = true;
    this.#listens = state.microphone;
  }

  #updateHold(state, view) {
    const held = state.phase === "held";
    this.#press(this.querySelector('[data-do="hold"]'), held, held ? "play" : "pause", held ? t("Resume") : t("Hold"));
    const placeholder = view.status === "held" ? t("On hold: resume to say something") : t("Type what you would say");
    if (this.#reply.placeholder !== placeholder) this.#reply.placeholder = placeholder;
  }

  #updateTalk({ talk, microphone }) {
    const push = this.querySelector('[data-do="push"]');
    push.hidden = !microphone;
    this.#press(push, talk.on, "target", t("Push to talk"));
    const button = this.querySelector("[data-talk]");
    const begins = talk.on && microphone && !this.#pushes;
    this.#pushes = talk.on && microphone;
    button.hidden = !this.#pushes;
    button.setAttribute("aria-pressed", String(talk.talking));
    this.#setText("talk", talk.kept ? t("Talking: press to stop") : talk.talking ? t("Talking: let go to stop") : t("Talk: hold it, or tap once"));
    if (!begins) return;
    this.#showMore(false);
    if (this.contains(document.activeElement)) button.focus();
  }

  #press(button, pressed, symbol, label) {
    if (button.getAttribute("aria-pressed") === String(pressed)) return;
    button.setAttribute("aria-pressed", String(pressed));
    render(button.querySelector(".control__face"), icon(symbol));
    button.querySelector(".control__label").textContent = label;
  }

  get #reply() {
    return this.querySelector("#reply");
  }

  #updateBanner(state, view) {
    const text = bannerText(state, view);
    const banner = this.#part("banner");
    banner.hidden = !text;
    if (text) this.#setText("banner-text", text);
    this.#part("find").hidden = !text || text !== microphoneText(state);
  }

  /** The microphones that can be chosen while there is none. */
  offer(devices) {
    const choice = this.#part("devices");
    choice.hidden = devices.length < 2;
    render(choice, html`${devices.map((device) => html`<option value="${device.deviceId}">${device.label || t("Microphone")}</option>`)}`);
  }

  #updateTurns(turns, customerName) {
    const log = this.#part("log");
    if (turns.length) this.#part("empty")?.remove();
    for (const [place, turn] of turns.entries()) this.#updateTurn(log, turn, place, customerName);
    this.#scrollToNewest();
  }

  /** A window that is resized scrolls by itself; that is nobody's wish to read what was said before. */
  #scrolled(log) {
    if (log.clientHeight !== this.#height) return;
    this.#follows = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
    this.#part("newest").hidden = this.#follows;
  }

  #logResized() {
    this.#height = this.#part("log").clientHeight;
    this.#scrollToNewest();
  }

  /** Unless the trainee has scrolled up to read. */
  #scrollToNewest() {
    const log = this.#part("log");
    if (this.#follows) log.scrollTop = log.scrollHeight;
  }

  #updateTurn(log, turn, place, customerName) {
    let line = this.#drawn.get(turn.turnId);
    if (!line) {
      const name = turn.speaker === "ai" ? customerName : t("You");
      line = element(html`<div class="caption caption--${turn.speaker}"><span class="caption__who">${name}<time>${clock(turn.startMs)}</time></span><p></p></div>`);
      this.#drawn.set(turn.turnId, line);
    }
    if (log.children[place] !== line) log.insertBefore(line, log.children[place] ?? null);
    const text = captionOf(turn) || "…";
    const words = line.querySelector("p");
    if (words.textContent !== text) words.textContent = text;
    line.classList.toggle("caption--open", !turn.final);
  }

  #updateMood(mood) {
    const part = this.#part("mood");
    part.hidden = mood === null;
    if (mood === null) return;
    part.querySelector("rect + rect").setAttribute("width", String(mood));
    this.#setText("mood-word", moodWord(mood));
  }

  #clicked(what) {
    if (what === "captions") this.#toggleCaptions();
    else if (what === "reply") this.#toggleReply();
    else if (what === "card") this.#toggleCard();
    else if (what === "more") this.#showMore(!this.classList.contains("call--more"));
    else if (what === "keypad" || what === "notes") this.#open(this.#tray === what ? null : what);
    else if (what === "close") this.#close();
    else if (what === "microphone") this.dispatchEvent(new CustomEvent("microphone", { detail: this.#part("devices").value || null }));
    else if (what === "newest") this.#part("log").scrollTop = this.#part("log").scrollHeight;
    else if (what) this.dispatchEvent(new CustomEvent(what));
  }

  #toggleCaptions() {
    const hidden = this.classList.toggle("call--no-captions");
    this.querySelector('[data-do="captions"]').setAttribute("aria-pressed", String(!hidden));
  }

  /** On a narrow screen the card lies over the captions, on demand. */
  #toggleCard() {
    const shown = this.classList.toggle("call--card");
    this.querySelector('[data-do="card"]').setAttribute("aria-pressed", String(shown));
  }

  #showMore(on) {
    this.classList.toggle("call--more", on);
    this.querySelector('[data-do="more"]').setAttribute("aria-expanded", String(on));
  }

  /** One of the keypad, the notes, or (null) neither. */
  #open(name) {
    this.#tray = name;
    for (const tray of this.querySelectorAll("[data-tray]")) {
      tray.hidden = tray.dataset.tray !== name;
      this.querySelector(`[data-do="${tray.dataset.tray}"]`).setAttribute("aria-expanded", String(!tray.hidden));
    }
    this.classList.toggle("call--tray", name !== null);
    if (name === null) return;
    this.#showMore(false);
    if (name === "notes") this.#part("note").focus();
    else this.querySelector(".key").focus({ focusVisible: false });
  }

  /** The focus goes back to the button that had opened it, or to the one that leads there. */
  #close() {
    const opener = this.querySelector(`[data-do="${this.#tray}"]`);
    this.#open(null);
    (opener.checkVisibility() ? opener : this.querySelector('[data-do="more"]')).focus();
  }

  #dialled(digit) {
    if (digit) this.dispatchEvent(new CustomEvent("key", { detail: digit }));
  }

  #noted(text) {
    const kept = keepNote(this.#callId, text);
    this.#setText("notes-where", kept ? t("Only you see them, on this device. You find them beside the report card.") : t("This browser keeps no notes: they are gone when you leave the call."));
  }

  /** A finger, or the mouse, may leave the button without letting go; Enter and assistive devices only click. */
  #listenToTalk(button) {
    button.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      button.setPointerCapture(event.pointerId);
      this.#talk("pressed");
    });
    button.addEventListener("pointerup", () => this.#talk("released"));
    button.addEventListener("pointercancel", () => this.#talk("let_go"));
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    button.addEventListener("click", (event) => event.detail === 0 && this.#talk("toggled"));
  }

  #talk(action) {
    this.dispatchEvent(new CustomEvent("talk", { detail: action }));
  }

  #letGo() {
    this.#talkKeyDown = false;
    if (this.#pushes) this.#talk("let_go");
  }

  #toggleReply() {
    const reply = this.querySelector("details.reply");
    reply.open = !reply.open;
    if (reply.open) reply.querySelector("input").focus();
  }

  #typed(event) {
    event.preventDefault();
    const input = event.target.elements.reply;
    const text = input.value.trim();
    if (!text) return;
    const accepted = this.dispatchEvent(new CustomEvent("typed", { detail: text, cancelable: true }));
    if (accepted) input.value = "";
  }

  #pressed(event) {
    const { target } = event;
    const wanted = shortcutOf(event, {
      inside: this.contains(document.activeElement),
      writes: Boolean(target.closest("input, textarea, select")),
      presses: Boolean(target.closest("button, summary, a") && !target.closest("[data-talk], .key")),
      tray: this.#tray,
      pushes: this.#pushes,
    });
    if (!wanted) return;
    if (wanted.talk) event.preventDefault();
    if (!event.repeat) this.#follow(wanted, event);
  }

  #follow(wanted, event) {
    if (wanted.close) this.#close();
    else if (wanted.talk) {
      this.#talkKeyDown = true;
      this.#talk("pressed");
    } else {
      const button = this.querySelector(wanted.digit ? `[data-digit="${wanted.digit}"]` : `[data-do="${wanted.do}"]`);
      if (!button || button.disabled || button.hidden) return;
      button.click();
    }
    event.preventDefault();
  }

  #released(event) {
    if (event.key !== " " || !this.#talkKeyDown) return;
    event.preventDefault(); // or the button would be pressed, too
    this.#talkKeyDown = false;
    this.#talk("released");
  }
}

customElements.define("call-panel", CallPanel);
