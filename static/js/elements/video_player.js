/**
 * <video-player>: plays a file whose address runs out. `setUp({getLink, captions, watching, resumeMs})`; tells
 * `watched` (nothing: something is worth telling the server), `urgent` (tell it now) and `length` ({detail: ms}). Keys
 * work while the focus is inside.
 */

import { clock } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { isGone, keyAction, nextSpeed, reasonOf, SPEEDS } from "../watching_model.js";

const TRY_AGAIN_MS = [500, 2_000, 5_000, 10_000];
const REASONS = {
  missing: () => t("This video is not there any more. Whoever runs the course can upload it again."),
  unsupported: () => t("This browser cannot play this video. Try another browser, or download it."),
  network: () => t("The video does not come. Are you offline?"),
};

class VideoPlayer extends HTMLElement {
  #video = null;
  #options = null;
  #failures = 0;
  #wanted = null;
  #asked = false; // to play, by the person: it outlives an address that runs out meanwhile
  #retry = null;
  #stop = new AbortController();

  setUp(options) {
    this.#options = options;
    this.#wanted = { ms: options.resumeMs ?? 0, play: false };
    render(this, layout(options));
    this.#video = this.querySelector("video");
    this.#video.preload = "metadata";
    this.#listen();
    this.#drawWatched();
    this.#load();
    this.#loadCaptions();
  }

  disconnectedCallback() {
    this.#stop.abort();
    clearTimeout(this.#retry);
    this.#video?.pause();
    this.#video?.removeAttribute("src");
    this.#video?.load();
  }

  get positionMs() {
    return this.#wanted ? this.#wanted.ms : this.#video.currentTime * 1000;
  }

  /** Plays from there. */
  playFrom(ms) {
    this.#seek(ms);
    this.#play();
  }

  #listen() {
    const on = (kind, listener) => this.#video.addEventListener(kind, listener);
    const { watching } = this.#options;
    on("loadedmetadata", () => this.#loaded());
    on("play", () => this.#moved(() => watching.play(this.#nowMs)));
    on("timeupdate", () => this.#moved(() => !this.#video.seeking && watching.at(this.#nowMs)));
    on("pause", () => (this.#asked &&= this.#video.error !== null));
    on("ended", () => (this.#asked = false));
    on("pause", () => this.#moved(() => watching.stop(this.#nowMs), "urgent"));
    on("ended", () => this.#moved(() => watching.stop(this.#nowMs), "urgent"));
    on("seeking", () => this.#moved(() => watching.seek(this.#nowMs)));
    on("seeked", () => this.#moved(() => watching.seek(this.#nowMs)));
    on("waiting", () => this.#setState("buffering"));
    on("playing", () => this.#setState("ready"));
    on("canplay", () => this.#setState("ready"));
    on("error", () => this.#failed());
    on("ratechange", () => this.#showSpeed());
    on("volumechange", () => this.#showVolume());
    on("click", () => this.#do({ do: "play" }));
    this.addEventListener("click", (event) => this.#clicked(event.target.closest("[data-do]")));
    this.addEventListener("keydown", (event) => this.#keyed(event));
    this.querySelector("[data-position]").addEventListener("input", (event) => this.#seek(Number(event.target.value)));
    this.querySelector("[data-speed]").addEventListener("change", (event) => this.#setSpeed(Number(event.target.value)));
    const { signal } = this.#stop;
    window.addEventListener("online", () => this.#state === "network" && this.#tryAgain(), { signal });
  }

  get #nowMs() {
    return this.#video.currentTime * 1000;
  }

  get #state() {
    return this.dataset.state;
  }

  async #load() {
    this.#setState("loading");
    try {
      this.#video.src = await this.#options.getLink();
    } catch (error) {
      this.#show(isGone(error) ? "missing" : "network");
    }
  }

  async #loadCaptions() {
    for (const [index, caption] of this.#options.captions.entries()) {
      try {
        const track = document.createElement("track");
        Object.assign(track, { kind: "captions", srclang: caption.language, label: caption.label, src: await caption.getLink() });
        this.#video.append(track);
        track.track.mode = "disabled";
        if (index === 0) this.querySelector('[data-do="captions"]').disabled = false;
      } catch {
        continue; // a film without its captions is better than none
      }
    }
  }

  #loaded() {
    this.#failures = 0;
    const { ms, play } = this.#wanted ?? { ms: 0, play: false };
    this.#wanted = null;
    if (Number.isFinite(this.#video.duration)) {
      this.querySelector("[data-position]").max = String(Math.round(this.#video.duration * 1000));
      this.dispatchEvent(new CustomEvent("length", { detail: Math.round(this.#video.duration * 1000) }));
    }
    if (ms) this.#video.currentTime = ms / 1000;
    if (play) this.#play();
    this.#showTime();
    this.#drawWatched();
  }

  /** The address may have run out, the file may be gone, the browser may not know it, or there is no network. */
  async #failed() {
    if (!this.#video.getAttribute("src")) return;
    this.#wanted ??= { ms: this.#nowMs, play: this.#asked || !this.#video.paused };
    const status = await fetch(this.#video.src, { headers: { Range: "bytes=0-0" }, cache: "no-store" }).then(
      (answer) => answer.status,
      () => 0,
    );
    const reason = reasonOf(status);
    const brokeOff = this.#video.error?.code === MediaError.MEDIA_ERR_NETWORK && reason === "unsupported";
    if (reason === "expired") this.#again("missing");
    else if (reason === "network" || brokeOff) this.#again("network");
    else this.#show(reason);
  }

  #again(otherwise) {
    const wait = TRY_AGAIN_MS[this.#failures];
    this.#failures += 1;
    if (wait === undefined) return this.#show(otherwise);
    this.#setState("loading");
    this.#retry = setTimeout(() => this.#load(), wait);
  }

  #tryAgain() {
    this.#failures = 0;
    clearTimeout(this.#retry);
    this.#load();
  }

  #show(reason) {
    this.#setState(reason);
    this.querySelector("[data-trouble-text]").textContent = REASONS[reason]();
    this.querySelector('[data-do="again"]').hidden = reason === "unsupported";
  }

  #setState(state) {
    this.dataset.state = state;
    this.querySelector("[data-busy]").hidden = state !== "buffering" && state !== "loading";
    this.querySelector("[data-trouble]").hidden = !(state in REASONS);
  }

  #moved(note, kind = "watched") {
    if (this.#wanted || this.#stop.signal.aborted) return; // between two addresses the clock says nothing
    note();
    this.#showTime();
    this.#drawWatched();
    this.dispatchEvent(new CustomEvent(kind));
  }

  #clicked(button) {
    if (!button) return;
    if (button.dataset.do === "again") return this.#tryAgain();
    this.#do({ do: button.dataset.do, by: Number(button.dataset.by) });
  }

  #keyed(event) {
    const action = keyAction(event, event.target.matches("input, select, button"));
    if (!action) return;
    event.preventDefault();
    this.#do(action);
  }

  #do({ do: what, by }) {
    const video = this.#video;
    if (what === "play") this.#playOrPause();
    else if (what === "skip") this.#seek(this.positionMs + by);
    else if (what === "tenth") this.#seek((video.duration || 0) * 100 * by);
    else if (what === "louder") video.volume = Math.min(1, Math.max(0, video.volume + by));
    else if (what === "mute") video.muted = !video.muted;
    else if (what === "speed") this.#setSpeed(nextSpeed(video.playbackRate, by));
    else if (what === "captions") this.#nextCaptions();
    else if (what === "fullscreen") document.fullscreenElement ? document.exitFullscreen() : this.requestFullscreen?.().catch(() => {});
  }

  /** While a link is on its way it is kept what shall be when it is there. */
  #playOrPause() {
    if (this.#wanted) this.#asked = this.#wanted.play = !this.#wanted.play;
    else if (this.#video.paused) this.#play();
    else this.#video.pause();
  }

  #play() {
    this.#asked = true;
    this.#video.play().catch(() => {});
  }

  #seek(ms) {
    const end = Number.isFinite(this.#video.duration) ? this.#video.duration * 1000 : Infinity;
    const to = Math.min(Math.max(0, ms), end);
    if (this.#wanted) this.#wanted.ms = to;
    else this.#video.currentTime = to / 1000;
    this.#showTime();
  }

  #setSpeed(speed) {
    this.#video.defaultPlaybackRate = speed;
    this.#video.playbackRate = speed;
  }

  /** Off, then one language after the other. */
  #nextCaptions() {
    const tracks = [...this.#video.textTracks];
    const next = tracks[tracks.findIndex((track) => track.mode === "showing") + 1];
    for (const track of tracks) track.mode = track === next ? "showing" : "disabled";
    const button = this.querySelector('[data-do="captions"]');
    button.setAttribute("aria-pressed", String(Boolean(next)));
    this.querySelector("[data-captions]").textContent = next ? next.label : "";
  }

  #showSpeed() {
    this.querySelector("[data-speed]").value = String(this.#video.playbackRate);
  }

  #showVolume() {
    const silent = this.#video.muted || this.#video.volume === 0;
    this.querySelector('[data-do="mute"]').setAttribute("aria-pressed", String(silent));
  }

  #showTime() {
    const ms = this.positionMs;
    const end = (Number.isFinite(this.#video.duration) ? this.#video.duration * 1000 : this.#options.watching.durationMs) || 0;
    const playing = !this.#video.paused && !this.#video.ended;
    const slider = this.querySelector("[data-position]");
    slider.value = String(Math.round(ms));
    slider.setAttribute("aria-valuetext", t("{at} of {length}", { at: clock(ms), length: clock(end) }));
    this.querySelector("[data-time]").textContent = `${clock(ms)} / ${clock(end)}`;
    if (this.dataset.playing === String(playing)) return;
    this.dataset.playing = String(playing);
    for (const button of this.querySelectorAll("[data-do=play]")) {
      render(button, html`${icon(playing ? "pause" : "play")}<span class="visually-hidden">${playing ? t("Pause") : t("Play")}</span>`);
    }
  }

  /** The parts that were watched, under the slider. */
  #drawWatched() {
    const end = (this.#video.duration || 0) * 1000 || this.#options.watching.durationMs;
    if (!end) return;
    const parts = this.#options.watching.watched.map(([begin, stop]) => {
      const x = (begin / end) * 1000;
      return html`<rect x="${x.toFixed(1)}" y="0" width="${Math.max(1.5, ((stop - begin) / end) * 1000).toFixed(1)}" height="6"/>`;
    });
    render(this.querySelector("[data-watched]"), html`${parts}`);
  }
}

function layout({ captions, title }) {
  return html`
    <div class="video__stage">
      <video class="video__picture" playsinline aria-label="${title}" tabindex="0"></video>
      <button class="video__begin" type="button" data-do="play" tabindex="-1">${icon("play")}<span class="visually-hidden">${t("Play")}</span></button>
      <p class="video__busy" data-busy role="status">${t("Loading…")}</p>
      <div class="video__trouble" data-trouble role="alert" hidden>
        ${icon("alert")}<p data-trouble-text></p>
        <button class="button button--small button--light" type="button" data-do="again">${t("Try again")}</button>
      </div>
    </div>
    <div class="video__bar" role="group" aria-label="${t("Video controls")}">
      <div class="video__line">
        <svg class="video__watched" viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true" focusable="false" data-watched></svg>
        <input type="range" min="0" max="1000" step="100" value="0" data-position aria-label="${t("Position in the video")}">
      </div>
      <button class="video__button video__play" type="button" data-do="play">${icon("play")}<span class="visually-hidden">${t("Play")}</span></button>
      <button class="video__button video__skip" type="button" data-do="skip" data-by="-10000">${icon("back5")}<span class="visually-hidden">${t("Back 10 seconds")}</span></button>
      <button class="video__button video__skip" type="button" data-do="skip" data-by="10000">${icon("ahead5")}<span class="visually-hidden">${t("Forward 10 seconds")}</span></button>
      <span class="video__time" data-time>0:00 / 0:00</span>
      <span class="video__space"></span>
      <select class="video__speed" data-speed aria-label="${t("Speed")}">${SPEEDS.map((speed) => html`<option value="${speed}" ${speed === 1 && html`selected`}>${speed}×</option>`)}</select>
      ${captions.length ? html`<button class="video__button" type="button" data-do="captions" aria-pressed="false" disabled>${icon("captions")}<span class="visually-hidden">${t("Captions")}</span><span data-captions></span></button>` : null}
      <button class="video__button" type="button" data-do="mute" aria-pressed="false">${icon("speaker")}<span class="visually-hidden">${t("Mute")}</span></button>
      <button class="video__button" type="button" data-do="fullscreen">${icon("fullscreen")}<span class="visually-hidden">${t("Full screen")}</span></button>
    </div>`;
}

customElements.define("video-player", VideoPlayer);
