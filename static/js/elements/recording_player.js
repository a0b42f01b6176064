/**
 * <recording-player>: the recording with two lanes that show who spoke when. `seek(ms)` plays from there; it tells
 * `position` ({detail: ms}) while it moves. A link that ran out is asked for again.
 */

import { html, render } from "../lib/html.js";
import { clock } from "../lib/format.js";
import { icon } from "../lib/icons.js";

const SPEEDS = [1, 1.25, 1.5, 0.75];
const TRY_AGAIN_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

class RecordingPlayer extends HTMLElement {
  #audio = new Audio();
  #getLink;
  #durationMs = 0;
  #failures = 0;
  #wanted = null;
  #retry = null;
  #frame = null;

  /** `getLink()` gives a URL; `turns` are the report's; `durationMs` the call's length. */
  setUp({ getLink, turns, durationMs }) {
    this.#getLink = getLink;
    this.#durationMs = Math.max(1, durationMs || turns.at(-1)?.end_ms || 1);
    render(this, layout(turns, this.#durationMs));
    this.#audio.preload = "metadata";
    this.#audio.addEventListener("error", () => this.#failed());
    for (const kind of ["play", "pause", "ended"]) this.#audio.addEventListener(kind, () => this.#moved());
    this.#audio.addEventListener("loadedmetadata", () => this.#loaded());
    this.addEventListener("click", (event) => this.#clicked(event.target.closest("[data-do]")?.dataset.do));
    this.querySelector("input").addEventListener("input", (event) => this.#goTo(Number(event.target.value)));
    this.#load();
  }

  disconnectedCallback() {
    clearTimeout(this.#retry);
    cancelAnimationFrame(this.#frame);
    this.#audio.pause();
    this.#audio.removeAttribute("src");
  }

  /** Plays from `ms` of the call. */
  seek(ms) {
    this.#goTo(ms);
    this.#audio.play().catch(() => {});
  }

  async #load() {
    try {
      this.#audio.src = await this.#getLink();
    } catch (error) {
      this.#failed(error);
    }
  }

  #loaded() {
    this.#failures = 0;
    this.#setNote("");
    this.classList.add("player--ready");
    if (this.#wanted !== null) this.#audio.currentTime = this.#wanted / 1000;
    this.#wanted = null;
  }

  /** The recording may still be encoded, or the link may have run out: both pass. */
  #failed(error) {
    const wait = TRY_AGAIN_MS[this.#failures];
    this.#failures += 1;
    this.#wanted ??= this.#audio.currentTime * 1000;
    if (wait === undefined) {
      this.#setNote(error?.status === 404 ? "There is no recording of this call." : "The recording cannot be played at the moment.");
      return;
    }
    this.#setNote("The recording is being prepared…");
    this.#retry = setTimeout(() => this.#load(), wait);
  }

  #setNote(text) {
    this.querySelector("[data-note]").textContent = text;
  }

  #goTo(ms) {
    if (this.#audio.readyState === 0) this.#wanted = ms;
    else this.#audio.currentTime = ms / 1000;
    this.#show(ms);
  }

  #clicked(what) {
    if (what === "play") this.#audio.paused ? this.#audio.play().catch(() => {}) : this.#audio.pause();
    if (what === "speed") this.#nextSpeed();
  }

  #nextSpeed() {
    const speed = SPEEDS[(SPEEDS.indexOf(this.#audio.playbackRate) + 1) % SPEEDS.length];
    this.#audio.playbackRate = speed;
    this.querySelector("[data-speed]").textContent = `${speed}×`;
  }

  #moved() {
    cancelAnimationFrame(this.#frame);
    const playing = !this.#audio.paused;
    const button = this.querySelector("[data-do=play]");
    render(button, html`${icon(playing ? "pause" : "play")}<span class="visually-hidden">${playing ? "Pause" : "Play"}</span>`);
    this.#show(this.#audio.currentTime * 1000);
    if (playing) this.#frame = requestAnimationFrame(() => this.#moved());
    else this.#tell(null);
  }

  #show(ms) {
    const slider = this.querySelector("input");
    slider.value = String(Math.round(ms));
    slider.setAttribute("aria-valuetext", `${clock(ms)} of ${clock(this.#durationMs)}`);
    this.querySelector("[data-time]").textContent = clock(ms);
    const head = String((ms / this.#durationMs) * 1000);
    for (const name of ["x1", "x2"]) this.querySelector(".lanes__head").setAttribute(name, head);
    this.#tell(this.#audio.paused ? null : ms);
  }

  #tell(ms) {
    this.dispatchEvent(new CustomEvent("position", { detail: ms }));
  }
}

function layout(turns, durationMs) {
  const bar = (turn) => {
    const x = (turn.start_ms / durationMs) * 1000;
    const width = Math.max(2, ((turn.end_ms - turn.start_ms) / durationMs) * 1000);
    return html`<rect class="lanes__turn lanes__turn--${turn.speaker}" x="${x.toFixed(1)}" y="${turn.speaker === "ai" ? 4 : 24}" width="${width.toFixed(1)}" height="12" />`;
  };
  return html`
    <button class="player__play" type="button" data-do="play">${icon("play")}<span class="visually-hidden">Play</span></button>
    <span class="player__time"><span data-time>0:00</span> / ${clock(durationMs)}</span>
    <div class="player__lanes">
      <svg class="lanes" viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        ${turns.map(bar)}<line class="lanes__head" x1="0" x2="0" y1="0" y2="40" />
      </svg>
      <input type="range" min="0" max="${Math.round(durationMs)}" step="100" value="0" aria-label="Position in the recording">
    </div>
    <button class="player__speed" type="button" data-do="speed"><span class="visually-hidden">Playing speed </span><span data-speed>1×</span></button>
    <p class="player__note" data-note role="status"></p>`;
}

customElements.define("recording-player", RecordingPlayer);
