/**
 * <recording-player>: the recording as two lanes, trainee above and customer below. `seek(ms)` plays from there; it tells
 * `position` ({detail: {ms, playing}}) while it moves. A link that ran out is asked for again.
 */

import { clock } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { lanePath, loudestOf } from "../replay/peaks.js";
import { afterSilence, nextMark, silencesOf, speedFrom, SPEEDS, STEP_MS, turnFrom } from "../replay/replay_model.js";
import { waveformOf } from "../replay/waveform.js";

const TRY_AGAIN_MS = [1_000, 2_000, 4_000, 8_000, 15_000];
const LANE = { user: 14, ai: 42, half: 12 };

class RecordingPlayer extends HTMLElement {
  #audio = new Audio();
  #getLink;
  #turns = [];
  #silences = [];
  #marks = [];
  #durationMs = 0;
  #skipsSilence = false;
  #failures = 0;
  #wanted = null;
  #retry = null;
  #frame = null;
  #gone = new AbortController();
  #drawnWave = false;

  /** `getLink()` gives a URL; `turns` are the report's; `durationMs` the call's length; `names` who is on which lane. */
  setUp({ getLink, turns, durationMs, names }) {
    this.#getLink = getLink;
    this.#turns = turns;
    this.#durationMs = Math.max(1, durationMs || turns.at(-1)?.end_ms || 1);
    this.#silences = silencesOf(turns, this.#durationMs);
    render(this, layout(turns, this.#durationMs, names));
    this.#audio.preload = "metadata";
    this.#audio.addEventListener("error", () => this.#failed());
    for (const kind of ["play", "pause", "ended"]) this.#audio.addEventListener(kind, () => this.#moved());
    this.#audio.addEventListener("loadedmetadata", () => this.#loaded());
    this.addEventListener("click", (event) => this.do(event.target.closest("[data-do]")?.dataset.do));
    this.querySelector("input").addEventListener("input", (event) => this.goTo(Number(event.target.value)));
    this.querySelector("select").addEventListener("change", (event) => this.#setSpeed(Number(event.target.value)));
    this.#load();
  }

  disconnectedCallback() {
    clearTimeout(this.#retry);
    cancelAnimationFrame(this.#frame);
    this.#gone.abort();
    this.#audio.pause();
    this.#audio.removeAttribute("src");
  }

  /** Milliseconds of the call. */
  get position() {
    return this.#wanted ?? this.#audio.currentTime * 1000;
  }

  /** Plays from `ms` of the call. */
  seek(ms) {
    this.goTo(ms);
    this.#audio.play().catch(() => {});
  }

  /** Goes to `ms` without playing. */
  goTo(ms) {
    const place = Math.min(Math.max(0, ms), this.#durationMs);
    if (this.#audio.readyState === 0) this.#wanted = place;
    else this.#audio.currentTime = place / 1000;
    this.#show(place);
  }

  /** Draws marks ({at_ms, kind, tone}) over the lanes and steps through them. */
  setMarks(marks) {
    this.#marks = marks;
    render(this.querySelector("[data-marks]"), html`${marks.map((mark) => markShape(mark, this.#durationMs))}`);
    this.querySelector("[data-do=next_mark]").hidden = marks.length === 0;
  }

  /** One of the actions of the buttons and keys; says whether it knew it. */
  do(what) {
    const actions = {
      play: () => (this.#audio.paused ? this.#audio.play().catch(() => {}) : this.#audio.pause()),
      back: () => this.goTo(this.position - STEP_MS),
      ahead: () => this.goTo(this.position + STEP_MS),
      turn_back: () => this.goTo(turnFrom(this.#turns, this.position, -1) ?? 0),
      turn_ahead: () => this.goTo(turnFrom(this.#turns, this.position, 1) ?? this.position),
      next_mark: () => this.#goToMark(),
      silence: () => this.#toggleSilence(),
      slower: () => this.#setSpeed(speedFrom(this.#audio.playbackRate, -1)),
      faster: () => this.#setSpeed(speedFrom(this.#audio.playbackRate, 1)),
    };
    actions[what]?.();
    return what in actions;
  }

  #goToMark() {
    const mark = nextMark(this.#marks, this.position);
    if (mark) this.goTo(mark.at_ms);
  }

  #toggleSilence() {
    this.#skipsSilence = !this.#skipsSilence;
    this.querySelector("[data-do=silence]").setAttribute("aria-pressed", String(this.#skipsSilence));
  }

  #setSpeed(speed) {
    this.#audio.playbackRate = speed;
    this.querySelector("select").value = String(speed);
  }

  async #load() {
    try {
      this.#audio.src = await this.#getLink();
    } catch (error) {
      if (error.status === 404) this.#none();
      else this.#failed(error);
    }
  }

  #none() {
    this.classList.add("player--none");
    this.#setNote(t("There is no recording of this call."));
    this.dispatchEvent(new CustomEvent("none"));
  }

  #loaded() {
    this.#failures = 0;
    this.#setNote("");
    this.classList.add("player--ready");
    const wanted = this.#wanted;
    this.#wanted = null;
    if (wanted !== null) this.#audio.currentTime = wanted / 1000;
    if (!this.#drawnWave) this.#drawWave();
  }

  async #drawWave() {
    this.#drawnWave = true;
    const lanes = await waveformOf(this.#audio.src, this.#durationMs, this.#gone.signal).catch(() => null);
    if (!lanes || !this.isConnected) return;
    const loudest = loudestOf(...lanes);
    for (const [place, name] of ["user", "ai"].entries()) {
      const path = lanePath(lanes[place], { middle: LANE[name], half: LANE.half, loudest });
      this.querySelector(`[data-wave=${name}]`).setAttribute("d", path);
    }
    this.classList.add("player--waved");
  }

  /** The recording may still be encoded, or the link may have run out: both pass. */
  #failed(error) {
    const wait = TRY_AGAIN_MS[this.#failures];
    this.#failures += 1;
    this.#wanted ??= this.#audio.currentTime * 1000;
    if (wait === undefined) {
      this.#setNote(error?.message ?? t("The recording cannot be played at the moment."));
      return;
    }
    this.#setNote(t("The recording is being prepared…"));
    this.#retry = setTimeout(() => this.#load(), wait);
  }

  #setNote(text) {
    this.querySelector("[data-note]").textContent = text;
  }

  #moved() {
    cancelAnimationFrame(this.#frame);
    const playing = !this.#audio.paused;
    const button = this.querySelector("[data-do=play]");
    render(button, html`${icon(playing ? "pause" : "play")}<span class="visually-hidden">${playing ? t("Pause") : t("Play")}</span>`);
    const later = playing && this.#skipsSilence ? afterSilence(this.#silences, this.position) : null;
    if (later !== null) this.#audio.currentTime = later / 1000;
    this.#show(this.position);
    if (playing) this.#frame = requestAnimationFrame(() => this.#moved());
  }

  #show(ms) {
    const slider = this.querySelector("input");
    slider.value = String(Math.round(ms));
    slider.setAttribute("aria-valuetext", t("{time} of {whole}", { time: clock(ms), whole: clock(this.#durationMs) }));
    this.querySelector("[data-time]").textContent = clock(ms);
    const head = String((ms / this.#durationMs) * 1000);
    for (const name of ["x1", "x2"]) this.querySelector(".lanes__head").setAttribute(name, head);
    this.querySelector(".lanes__played").setAttribute("width", head);
    this.dispatchEvent(new CustomEvent("position", { detail: { ms, playing: !this.#audio.paused } }));
  }
}

function markShape({ at_ms, kind, tone }, durationMs) {
  const place = ((at_ms / durationMs) * 100).toFixed(2);
  const shape = { feedback: html`<circle cx="5" cy="5" r="4" />`, comment: html`<path d="M5 0.5 9.5 5 5 9.5 0.5 5Z" />`, auto_fail: html`<path d="M5 0.5 9.5 9H0.5Z" />` }[kind];
  return html`<svg class="mark mark--${kind} mark--${tone}" x="${place}%" y="1" width="10" height="10" viewBox="0 0 10 10" overflow="visible"><g transform="translate(-5 0)">${shape}</g></svg>`;
}

function layout(turns, durationMs, names) {
  const bar = (turn) => {
    const x = (turn.start_ms / durationMs) * 1000;
    const width = Math.max(2, ((turn.end_ms - turn.start_ms) / durationMs) * 1000);
    return html`<rect class="lanes__turn lanes__turn--${turn.speaker}" x="${x.toFixed(1)}" y="${LANE[turn.speaker === "ai" ? "ai" : "user"] - 6}" width="${width.toFixed(1)}" height="12" />`;
  };
  const button = (what, symbol, word) => html`<button class="player__tool" type="button" data-do="${what}" title="${word}">${icon(symbol)}<span class="visually-hidden">${word}</span></button>`;
  return html`
    <div class="player__buttons">
      ${button("back", "back5", t("Back 5 seconds"))}
      <button class="player__play" type="button" data-do="play">${icon("play")}<span class="visually-hidden">${t("Play")}</span></button>
      ${button("ahead", "ahead5", t("Ahead 5 seconds"))}
      <span class="player__time"><span data-time>0:00</span> / ${clock(durationMs)}</span>
    </div>
    <div class="player__tools">
      <button class="player__toggle" type="button" data-do="silence" aria-pressed="false">${icon("skip")}<span>${t("Skip silence")}</span></button>
      <label class="player__speed"><span class="visually-hidden">${t("Playing speed")}</span><select>${SPEEDS.map((speed) => html`<option value="${speed}" ${speed === 1 && html`selected`}>${speed}×</option>`)}</select></label>
      <button class="player__toggle" type="button" data-do="next_mark" hidden>${icon("target")}<span>${t("Next mark")}</span></button>
      <button class="player__tool" type="button" data-help title="${t("Keys")}">${icon("keyboard")}<span class="visually-hidden">${t("Keys of the replay")}</span></button>
    </div>
    <div class="player__lanes">
      <svg class="lanes" viewBox="0 0 1000 56" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect class="lanes__played" x="0" y="0" width="0" height="56" />
        <g class="lanes__turns">${turns.map(bar)}</g>
        <path class="lanes__wave lanes__wave--user" data-wave="user" /><path class="lanes__wave lanes__wave--ai" data-wave="ai" />
        <line class="lanes__head" x1="0" x2="0" y1="0" y2="56" />
      </svg>
      <svg class="lanes__marks" aria-hidden="true" focusable="false" data-marks></svg>
      <span class="lanes__name lanes__name--user" aria-hidden="true">${names.user}</span><span class="lanes__name lanes__name--ai" aria-hidden="true">${names.ai}</span>
      <input type="range" min="0" max="${Math.round(durationMs)}" step="100" value="0" aria-label="${t("Position in the recording")}">
    </div>
    <p class="player__note" data-note role="status"></p>`;
}

customElements.define("recording-player", RecordingPlayer);
