/**
 * <mic-check>: permission, microphone, level meter, voice test, loudspeaker test. What is wrong is said in words that
 * help. `take()` hands the open microphone over to the call.
 */

import { testTone } from "../call/customer_voice.js";
import { microphones, openAudioContext, openMicrophone, permission, stopStream } from "../call/microphone.js";
import { problemOf, PROBLEMS, VoiceTest } from "../call/microphone_problems.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

const METER_EVERY_MS = 50;
const PROMPT_HELP_AFTER_MS = 6_000;
const VERDICTS = {
  listening: { tone: "info", icon: "mic", text: () => t("Say a few words, for example: “Thank you for calling, how can I help?”") },
  heard: { tone: "good", icon: "check", text: () => t("We hear you well.") },
  too_quiet: { tone: "warn", icon: "alert", text: () => t("We hear almost nothing. Come closer, or choose another microphone.") },
  clipping: { tone: "warn", icon: "alert", text: () => t("That is very loud. Move the microphone away a little.") },
};

class MicCheck extends HTMLElement {
  #stream = null;
  #context = null;
  #metering = null;
  #test = new VoiceTest();
  #problem = null;
  #devicesChanged = () => this.#onDevicesChanged();

  connectedCallback() {
    navigator.mediaDevices?.addEventListener?.("devicechange", this.#devicesChanged);
    this.addEventListener("click", (event) => this.#clicked(event.target.closest("[data-do]")?.dataset.do));
    this.addEventListener("change", (event) => event.target.matches("select") && this.open(event.target.value));
    this.#drawIdle();
  }

  disconnectedCallback() {
    navigator.mediaDevices?.removeEventListener?.("devicechange", this.#devicesChanged);
    this.#close();
  }

  /** The audio context; made at the first click that needs one. */
  get context() {
    if (!this.#context || this.#context.state === "closed") this.#context = openAudioContext();
    this.#context.resume();
    return this.#context;
  }

  /** Opens the microphone and shows its level. Returns the stream, or null when there is a problem. */
  async open(deviceId = null) {
    this.#stopMeter();
    stopStream(this.#stream);
    this.#stream = null;
    const help = setTimeout(() => this.#draw(promptHelp()), PROMPT_HELP_AFTER_MS);
    if ((await permission()) === "prompt") this.#draw(asking());
    try {
      this.#stream = await openMicrophone(deviceId);
      this.#problem = null;
      await this.#drawMeter();
      this.#startMeter();
      return this.#stream;
    } catch (error) {
      this.#fail(problemOf(error));
      return null;
    } finally {
      clearTimeout(help);
    }
  }

  get stream() {
    return this.#stream;
  }

  /** Gives `{stream, context}` away: this element does not close them any more. */
  take() {
    const taken = { stream: this.#stream, context: this.context };
    this.#stopMeter();
    this.#stream = null;
    this.#context = null;
    return taken;
  }

  #clicked(what) {
    if (what === "open") this.open();
    if (what === "tone") testTone(this.context);
  }

  #onDevicesChanged() {
    if (this.#problem === "missing" || this.#problem === "in_use") this.open();
    else if (this.#stream) this.#drawMeter();
  }

  #fail(kind) {
    this.#problem = kind;
    const problem = PROBLEMS[kind];
    this.#draw(html`<div class="notice notice--bad" role="alert">
      ${icon("micOff")}
      <div>
        <strong>${problem.title}</strong>
        <p>${problem.text}</p>
        ${problem.steps.length ? html`<ol>${problem.steps.map((step) => html`<li>${step}</li>`)}</ol>` : null}
        <div class="row">
          ${problem.retry ? html`<button class="button button--small" type="button" data-do="open">${t("Try again")}</button>` : null}
          <button class="button button--small button--quiet" type="button" data-start-typing>${t("Type instead of speaking")}</button>
        </div>
      </div>
    </div>`);
    this.dispatchEvent(new CustomEvent("problem", { detail: kind }));
  }

  #drawIdle() {
    this.#draw(html`<p class="muted">${t("A quick test now saves you a bad call later.")}</p>
      <div class="row">
        <button class="button button--quiet" type="button" data-do="open">${icon("mic")}${t("Check my microphone")}</button>
        <button class="button button--ghost" type="button" data-do="tone">${icon("speaker")}${t("Play a test tone")}</button>
      </div>`);
  }

  async #drawMeter() {
    const devices = await microphones();
    const current = this.#stream?.getAudioTracks()[0]?.getSettings().deviceId;
    const choice =
      devices.length > 1
        ? html`<div class="field"><label for="microphone">${t("Microphone")}</label><select id="microphone">
            ${devices.map((device) => html`<option value="${device.deviceId}" ${device.deviceId === current ? html`selected` : null}>${device.label || t("Microphone")}</option>`)}
          </select></div>`
        : null;
    this.#draw(html`${choice}
      <div class="meter" aria-hidden="true"><svg viewBox="0 0 240 8" preserveAspectRatio="none" focusable="false"><rect class="meter__bar" width="0" height="8" rx="4" /></svg></div>
      <p class="verdict" data-verdict role="status"></p>
      <button class="button button--ghost button--small" type="button" data-do="tone">${icon("speaker")}${t("Play a test tone")}</button>`);
    this.#drawVerdict(this.#test.verdict);
  }

  #startMeter() {
    this.#test = new VoiceTest();
    const source = this.context.createMediaStreamSource(this.#stream.clone());
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 1024;
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let shown = 0;
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const level = Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
      shown = Math.max(level, shown * 0.8);
      this.querySelector(".meter__bar")?.setAttribute("width", String(Math.round(Math.min(1, Math.sqrt(shown) * 1.8) * 240)));
      this.#drawVerdict(this.#test.add(level, METER_EVERY_MS));
    }, METER_EVERY_MS);
    this.#metering = () => {
      clearInterval(timer);
      stopStream(source.mediaStream);
      source.disconnect();
    };
  }

  #drawVerdict(name) {
    const line = this.querySelector("[data-verdict]");
    if (!line || line.dataset.verdict === name) return;
    line.dataset.verdict = name;
    const verdict = VERDICTS[name];
    line.className = `verdict verdict--${verdict.tone}`;
    render(line, html`${icon(verdict.icon)}<span>${verdict.text()}</span>`);
  }

  #stopMeter() {
    this.#metering?.();
    this.#metering = null;
  }

  #close() {
    this.#stopMeter();
    stopStream(this.#stream);
    this.#stream = null;
    this.#context?.close();
    this.#context = null;
  }

  #draw(content) {
    render(this, content);
  }
}

function asking() {
  return html`<div class="notice notice--info" role="status">${icon("mic")}<div>
    <strong>${t("Your browser asks for the microphone")}</strong>
    <p>${t("Choose “Allow” in the small window near the address.")}</p>
  </div></div>`;
}

function promptHelp() {
  return html`<div class="notice notice--info" role="status">${icon("mic")}<div>
    <strong>${t("Still waiting for your browser")}</strong>
    <p>${t("Do you see no question? Click the symbol to the left of the address, allow the microphone, then:")}</p>
    <button class="button button--small" type="button" data-do="open">${t("Try again")}</button>
  </div></div>`;
}

customElements.define("mic-check", MicCheck);
