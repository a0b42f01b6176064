/** One call from this device: joins socket, microphone and loudspeaker to the state that the screen shows. Glue. */

import { t } from "../lib/i18n.js";
import { CallClient } from "./call_client.js";
import { CaptureClock } from "./capture_model.js";
import { initialState, isOver, isSilent, reduce, view } from "./call_state.js";
import { CustomerVoice } from "./customer_voice.js";
import { Microphone, stopStream } from "./microphone.js";

const REDRAW_EVERY_MS = 250;
const REPORT_TYPES = { started: "played", progress: "played", ended: "played", cleared: "cleared" };

export class LiveCall {
  #client;
  #clock;
  #context;
  #stream;
  #microphone = null;
  #voice;
  #state;
  #onChange;
  #onLevel;
  #ticking = null;
  #lastFrameAt = null;

  /**
   * `call` is the answer of POST /voice/v1/calls; `stream` may be null: then the trainee types. `capturedMs` is what an
   * earlier page of this call has captured. `onChange(state, view)` at each change, `onLevel("ai" | "user", 0…1)` often.
   */
  constructor({ call, context, stream, capturedMs = 0, onChange, onLevel }) {
    this.#context = context;
    this.#clock = new CaptureClock(capturedMs);
    this.#voice = new CustomerVoice(context);
    this.#stream = stream;
    this.#onChange = onChange;
    this.#onLevel = onLevel;
    this.#state = initialState({
      callId: call.call_id,
      customerName: call.customer?.name ?? t("Customer"),
      offline: Boolean(call.customer?.offline),
      limits: call.limits ?? {},
    });
    this.#client = new CallClient({
      url: socketUrl(call.socket),
      token: call.token,
      resumeWindowMs: call.limits?.resume_window_ms,
      openSocket: (url) => new WebSocket(url),
      now: () => performance.now(),
      setTimer: (work, ms) => setTimeout(work, ms),
      clearTimer: (timer) => clearTimeout(timer),
      onEvent: (event) => this.#happened(event),
      onAudio: (frame) => this.#voice.add(frame),
    });
  }

  get state() {
    return this.#state;
  }

  async start() {
    await this.#context.resume();
    await this.#voice.start({
      onReport: (report) => this.#reported(report),
      onLevel: (level) => this.#onLevel("ai", level),
    });
    if (this.#stream) await this.#listen(this.#stream);
    else this.#happened({ type: "microphone", present: false });
    this.#client.connect();
    this.#ticking = setInterval(() => this.#draw(), REDRAW_EVERY_MS);
    this.#draw();
  }

  /** Goes on with another microphone, or the first one of a call that began by typing. */
  async useMicrophone(stream) {
    if (isOver(this.#state)) return stopStream(stream);
    this.#microphone?.stop();
    const now = performance.now();
    this.#clock = this.#clock.continued(now - (this.#lastFrameAt ?? this.#state.liveAt ?? now));
    await this.#listen(stream);
    this.#happened({ type: "microphone", present: true });
    if (!isSilent(this.#state)) this.#client.send({ type: "mute", on: false });
  }

  /** Says why there is none. */
  microphoneFailed(problem) {
    this.#happened({ type: "microphone", present: false, problem });
  }

  async #listen(stream) {
    this.#microphone = new Microphone(stream);
    await this.#microphone.start(this.#context, {
      onFrame: (frame) => this.#captured(frame),
      onLost: () => this.#lostMicrophone(),
    });
  }

  #lostMicrophone() {
    this.#microphone?.stop();
    this.#microphone = null;
    this.#client.send({ type: "mute", on: true });
    this.#happened({ type: "microphone", present: false, lost: true });
  }

  mute(on) {
    this.#client.send({ type: "mute", on });
    this.#happened({ type: "muted", on });
  }

  /** The server answers with the call's state; until then nothing has changed. */
  hold(on) {
    return this.#client.send({ type: "hold", on });
  }

  pressKey(digit) {
    if (this.#client.send({ type: "keypad", digit })) this.#happened({ type: "key", digit });
  }

  /** `action` of the talk button: `pressed`, `released`, `toggled` or `let_go`. */
  talk(action) {
    this.#happened({ type: `talk_${action}` });
  }

  /** From now on the microphone is heard only while the talk button is down, or no longer so. */
  pushToTalk(on) {
    this.#happened({ type: "push_to_talk", on });
  }

  /** Returns whether the server could be told; on hold it would not listen. */
  type(text) {
    return this.#state.phase === "live" && this.#client.send({ type: "text", text: text.slice(0, 2_000) });
  }

  /** Tells the server; its `ended` ends the call. Returns false when the server could not be told. */
  hangUp() {
    this.#happened({ type: "hanging_up" });
    return this.#client.send({ type: "hangup" });
  }

  /** Lets go of everything; the call itself stays open on the server for its resume window. */
  leave() {
    clearInterval(this.#ticking);
    this.#client.close();
    this.#microphone?.stop();
    this.#voice.stop();
    this.#context.close();
  }

  #captured({ pcm, startSample, level, contextFrame }) {
    const silent = isSilent(this.#state);
    this.#onLevel("user", silent ? 0 : level);
    if (!this.#client.ready && this.#clock.at(null) === null) return;
    const capturedMs = this.#clock.frame(startSample, this.#microphone.sharesContext ? contextFrame : null);
    this.#lastFrameAt = performance.now();
    if (!silent) this.#client.sendAudio(pcm, capturedMs);
  }

  #reported({ type, epoch, playedMs, contextFrame }) {
    const t_ms = this.#microphone && this.#clock.at(this.#microphone.sharesContext ? contextFrame : null);
    const message = { type: REPORT_TYPES[type], epoch, played_ms: playedMs };
    this.#client.send(t_ms === null ? message : { ...message, t_ms });
    if (type === "started") this.#happened({ type: "playback", audible: true });
    if (type === "ended" || type === "cleared") this.#happened({ type: "playback", audible: false });
  }

  #happened(event) {
    if (event.type === "clear") this.#voice.clear(event.epoch);
    const before = this.#state;
    this.#state = reduce(before, event, performance.now());
    if (event.type === "ready" && isSilent(this.#state)) this.#client.send({ type: "mute", on: true });
    if (this.#state.talk !== before.talk && this.#state.microphone) this.#tellTalk(before.talk, this.#state);
    this.#voice.ring(this.#state.phase === "ringing");
    if (isOver(this.#state) && !isOver(before)) this.#release();
    this.#draw();
  }

  #tellTalk(before, { talk, muted }) {
    if (before.on && !talk.on) this.#client.send({ type: "mute", on: muted });
    else if (before.on !== talk.on || before.talking !== talk.talking) this.#client.send({ type: "talk", pressed: talk.talking });
  }

  /** The call is over: nobody listens any more, the customer's last words may still sound. */
  #release() {
    clearInterval(this.#ticking);
    this.#microphone?.stop();
    this.#microphone = null;
  }

  #draw() {
    this.#onChange(this.#state, view(this.#state, performance.now()));
  }
}

function socketUrl(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
