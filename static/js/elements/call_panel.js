/**
 * <call-panel>: the telephone. `setUp` draws it once, `update` and `level` move it. It tells what the trainee wants by
 * the events `mute`, `hangup`, `typed` and `microphone` ({detail: a device's id or null}). Keys M, C and E work while the focus is inside it, anywhere else with Alt+Shift.
 */

import { captionOf } from "../call/transcript.js";
import { rowsOf, factList, goalList } from "../pages/customer_card.js";
import { element, html, render } from "../lib/html.js";
import { clock, initials } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { moodWord } from "../lib/mood.js";

const NEAR_END_PX = 48;

class CallPanel extends HTMLElement {
  #drawn = new Map();
  #follows = true;
  #onKey = (event) => this.#pressed(event);
  #height = 0;
  #resized = new ResizeObserver(() => this.#logResized());

  connectedCallback() {
    document.addEventListener("keydown", this.#onKey);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#onKey);
    this.#resized.disconnect();
  }

  setUp({ brief, call, traineeName }) {
    const customer = call.customer?.name ?? brief.customer_name ?? "Customer";
    this.tabIndex = -1;
    render(this, layout({ brief, customer, traineeName, offline: call.customer?.offline, limitMs: call.limits?.max_ms }));
    this.addEventListener("click", (event) => this.#clicked(event.target.closest("[data-do]")?.dataset.do));
    this.querySelector("form").addEventListener("submit", (event) => this.#typed(event));
    const log = this.#part("log");
    log.addEventListener("scroll", () => this.#scrolled(log));
    this.#resized.observe(log);
    this.focus({ preventScroll: true });
  }

  update(state, view) {
    this.dataset.status = view.status;
    this.#setText("status", view.reconnectMs === null ? view.text : `${view.text} ${clock(view.reconnectMs)}`);
    this.#setText("time", clock(view.elapsedMs));
    this.#part("customer").classList.toggle("speaker--on", view.customerSpeaks);
    this.#part("trainee").classList.toggle("speaker--on", view.traineeSpeaks && !state.muted);
    this.#updateMute(state);
    this.#updateBanner(state, view);
    this.#updateTurns(state.turns, state.customerName);
    this.#updateMood(state.mood);
    const over = view.status === "ended" || view.status === "failed";
    for (const control of this.querySelectorAll(".controls button, form button, form input")) control.disabled = over;
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
    const pressed = String(state.muted);
    if (button.getAttribute("aria-pressed") === pressed && !button.hidden === state.microphone) return;
    button.hidden = !state.microphone;
    button.setAttribute("aria-pressed", pressed);
    render(button.querySelector(".control__face"), icon(state.muted ? "micOff" : "mic"));
    button.querySelector(".control__label").textContent = state.muted ? "Unmute" : "Mute";
    if (!state.microphone) this.querySelector("details.reply").open = true;
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
    render(choice, html`${devices.map((device) => html`<option value="${device.deviceId}">${device.label || "Microphone"}</option>`)}`);
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
      const name = turn.speaker === "ai" ? customerName : "You";
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
    const anywhere = event.altKey && event.shiftKey;
    if (!anywhere && (event.altKey || event.ctrlKey || event.metaKey || !this.contains(document.activeElement))) return;
    if (event.target.closest("input, textarea, select") || event.repeat) return;
    const what = { m: "mute", c: "captions", e: "hangup" }[event.key.toLowerCase()];
    const button = what && this.querySelector(`[data-do="${what}"]`);
    if (!button || button.disabled || button.hidden) return;
    event.preventDefault();
    button.click();
  }
}

function layout({ brief, customer, traineeName, offline, limitMs }) {
  const rows = rowsOf(brief.customer_card ?? {});
  return html`
    <header class="call__head">
      <div class="call__title"><h1>${brief.title ?? "Practice call"}</h1>
        <p><span class="chip chip--rec"><span class="rec-dot"></span>Recorded</span><span class="chip call__mode">Practice</span>${offline ? html`<span class="chip" title="A computer voice on this server; no AI model is used">${icon("bolt")}Offline customer</span>` : null}</p></div>
      <p class="call__clock"><span class="visually-hidden">Time: </span><span data-part="time">0:00</span>${limitMs ? html`<small> / ${clock(limitMs)}</small>` : null}</p>
    </header>
    <p class="banner" data-part="banner" hidden>${icon("alert")}<span data-part="banner-text"></span>
      <span class="banner__find" data-part="find" hidden><select data-part="devices" aria-label="Microphone" hidden></select>
        <button class="button button--small" type="button" data-do="microphone">${icon("mic")}Use a microphone</button></span></p>
    <aside class="call__card" aria-label="Customer card and goals">
      <details open><summary>Customer card</summary>${rows.length ? factList(rows) : html`<p class="muted">Nothing is known yet. Ask.</p>`}</details>
      ${brief.goals?.length ? html`<details open><summary>Your goals</summary>${goalList(brief.goals)}</details>` : null}
    </aside>
    <section class="call__stage" aria-label="Who speaks">
      ${speaker("customer", customer)}
      <p class="mood" data-part="mood" hidden><span>Mood</span>
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="mood__ground" width="100" height="6" rx="3" /><rect class="mood__value" width="0" height="6" rx="3" /></svg><strong data-part="mood-word"></strong></p>
      <p class="call__status" data-part="status">Connecting…</p>
      ${speaker("trainee", traineeName, "You")}
    </section>
    <section class="call__captions" aria-label="Captions">
      <h2>Captions</h2>
      <div class="captions" data-part="log" role="log" aria-live="off" aria-label="What was said" tabindex="0"></div>
      <p class="captions__empty" data-part="empty">What is said appears here.</p>
      <button class="button button--small captions__newest" type="button" data-do="newest" data-part="newest" hidden>Newest ↓</button>
    </section>
    <footer class="controls">
      <details class="reply"><summary class="visually-hidden">Type a reply</summary>
        <form><label class="visually-hidden" for="reply">Your reply</label>
          <input id="reply" name="reply" maxlength="2000" autocomplete="off" placeholder="Type what you would say">
          <button class="button" type="submit">${icon("send")}<span>Say it</span></button></form>
      </details>
      <div class="controls__row">
        ${control("mute", "mic", "Mute", "M", "false")}
        ${control("captions", "captions", "Captions", "C", "true")}
        ${control("card", "person", "Card", null, "false")}
        ${control("reply", "keyboard", "Type", null, null)}
        <button class="control control--end" type="button" data-do="hangup" aria-keyshortcuts="E"><span class="control__face">${icon("hangup")}</span><span class="control__label">End call</span><kbd>E</kbd></button>
      </div>
    </footer>`;
}

function speaker(who, name, label = name) {
  return html`<div class="speaker speaker--${who}" data-part="${who}">
    <span class="speaker__rings" aria-hidden="true"><i></i><i></i></span>
    <span class="avatar avatar--${who} avatar--stage" aria-hidden="true">${initials(name)}</span>
    <span class="speaker__name">${label}</span>
  </div>`;
}

function control(name, symbol, label, key, pressed) {
  return html`<button class="control" type="button" data-do="${name}" ${pressed === null ? null : html`aria-pressed="${pressed}"`} ${key ? html`aria-keyshortcuts="${key}"` : null}>
    <span class="control__face">${icon(symbol)}</span><span class="control__label">${label}</span>${key ? html`<kbd>${key}</kbd>` : null}
  </button>`;
}

function bannerText(state, view) {
  if (view.status === "reconnecting") return "Your connection is gone. The customer waits; what you say now is not heard.";
  if (view.status === "redialling") return "This is not your fault and does not count. What you say is kept until the customer is back.";
  if (state.error && view.status !== "ended") return state.error.message;
  if (!state.microphone && view.status !== "ended") return microphoneText(state);
  if (state.leftMs !== null && view.status !== "ended") return `${clock(state.leftMs)} left in this call. Bring it to an end.`;
  return state.hint;
}

function microphoneText({ microphone, microphoneLost, microphoneProblem }) {
  if (microphone) return null;
  if (microphoneProblem) return `${microphoneProblem}. Type what you want to say.`;
  return microphoneLost ? "Your microphone is gone. Plug it in again, or type what you want to say." : "No microphone: type what you want to say.";
}

customElements.define("call-panel", CallPanel);
