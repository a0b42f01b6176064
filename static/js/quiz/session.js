/**
 * A started attempt between the page and the server: it saves what changes, follows the server's clock, hands in once
 * however bad the line is, and knows when another window has taken over. Server, storage, locks and timers are arguments.
 *
 * Events: `save` (detail: a state of autosave.js), `tick`, `time` (detail: what a screen reader is told), `more_time`,
 * `handing_in` (detail `{isWaiting, isTimeUp}`), `submitted` (detail: what submit_quiz answered), `elsewhere`, `refused`
 * (detail: the error).
 */

import { Autosave, mayPass, SAVED } from "./autosave.js";
import { Sitting } from "./sitting.js";
import { TimeLeft } from "./time_left.js";

const TICK_MS = 250;
const FOLLOW_MS = 45_000;
const RETRY_MS = 3_000;
const FRESH_MS = 5_000;

export class QuizSession extends EventTarget {
  #api;
  #window;
  #drafts;
  #tick;
  #timers;
  #autosave;
  #beat = null;
  #followedAtMs = 0;
  #isEnded = false;
  #wake = () => {};

  /** `window` is a QuizWindow, `drafts` a Drafts; `tick()` gives milliseconds of a clock that only runs on. */
  constructor({ api, window, drafts, tick = () => performance.now(), timers = globalThis }) {
    super();
    this.#api = api;
    this.#window = window;
    this.#drafts = drafts;
    this.#tick = tick;
    this.#timers = timers;
    this.time = new TimeLeft();
    this.saveState = SAVED;
    this.isHandingIn = false;
  }

  /** Starts an attempt, or goes on with the open one. Throws the ApiError of a refusal. */
  async start(quizId) {
    const started = await this.#api.rpc("start_quiz", { quiz_id: quizId, window_id: this.#window.id });
    this.#window.hold(started.sitting_id, () => this.#taken());
    this.sitting = new Sitting(started, this.#drafts.of(started.sitting_id));
    this.time.follow(started, this.#tick());
    this.#followedAtMs = this.#tick();
    this.#autosave = new Autosave({
      save: () => this.#save(),
      onState: (state) => this.#saveStateIs(state),
      onRefused: (error) => this.#refused(error),
      timers: this.#timers,
    });
    this.#keep();
    this.#beat = this.#timers.setInterval(() => this.#onBeat(), TICK_MS);
    if (this.sitting.isHandingIn) this.submit();
    else if (this.sitting.unsaved.size) this.#autosave.now();
  }

  answer(questionId, value) {
    this.sitting.answer(questionId, value);
    this.#keep();
    this.#autosave.changed();
  }

  toggleFlag(questionId) {
    const isFlagged = this.sitting.toggleFlag(questionId);
    this.#keep();
    return isFlagged;
  }

  go(place) {
    this.sitting.go(place);
    this.#keep();
  }

  get leftMs() {
    return this.time.leftMs(this.#tick());
  }

  /** The line is back, or somebody looks at the page again or away: asks the server how things stand. */
  wake() {
    if (this.#isEnded) return;
    this.#wake();
    const isFresh = this.#tick() - this.#followedAtMs < FRESH_MS;
    if (!this.isHandingIn && (this.#autosave.isDirty || !isFresh)) this.#autosave.now();
  }

  /** Hands in, and goes on trying until the server has it. */
  async submit({ isTimeUp = false } = {}) {
    if (this.isHandingIn) return;
    this.isHandingIn = true;
    this.sitting.isHandingIn = true;
    this.#keep();
    this.#autosave.stop();
    this.#tell("handing_in", { isWaiting: false, isTimeUp });
    while (!this.#isEnded) {
      try {
        return this.#submitted(await this.#submitOnce());
      } catch (error) {
        if (!mayPass(error)) return this.#refused(error);
        this.#tell("handing_in", { isWaiting: true, isTimeUp });
        await this.#pause(RETRY_MS);
      }
    }
  }

  /** Nobody looks any more; what waits is sent along, and kept in the browser. */
  leave() {
    if (this.#isEnded) return;
    if (this.#autosave.isDirty && !this.isHandingIn) this.#save({ keepalive: true }).catch(() => {});
    this.#end();
  }

  #submitOnce() {
    const sending = { sitting_id: this.sitting.id, answers: this.sitting.answers, window_id: this.#window.id };
    return this.#api.rpc("submit_quiz", sending);
  }

  #submitted(attempt) {
    this.#drafts.forget(this.sitting.id);
    this.#end();
    this.#tell("submitted", attempt);
  }

  async #save(options) {
    const taken = this.sitting.takeForSaving();
    const sending = { sitting_id: this.sitting.id, answers: taken.answers, window_id: this.#window.id };
    const saved = await this.#api.rpc("save_quiz_answers", sending, options);
    taken.saved();
    this.#keep();
    this.#followedAtMs = this.#tick();
    if (this.time.follow(saved, this.#tick())) this.#tell("more_time");
  }

  #saveStateIs(state) {
    this.saveState = state;
    this.#tell("save", state);
  }

  #refused(error) {
    if (this.#isEnded) return;
    if (error.reason === "open_elsewhere") return this.#taken();
    if (error.reason === "handed_in" || error.reason === "time_is_up") return this.submit({ isTimeUp: error.reason === "time_is_up" });
    this.isHandingIn = false;
    this.sitting.isHandingIn = false;
    this.#keep();
    this.#end();
    this.#tell("refused", error);
  }

  #taken() {
    if (this.#isEnded) return;
    this.#end();
    this.#tell("elsewhere");
  }

  #onBeat() {
    const now = this.#tick();
    this.#tell("tick");
    const news = this.time.news(now);
    if (news) this.#tell("time", news);
    if (this.isHandingIn) return;
    if (this.time.isOver(now)) this.#timeIsUp();
    else if (this.time.isLimited && now - this.#followedAtMs > FOLLOW_MS) {
      this.#followedAtMs = now;
      this.#autosave.now();
    }
  }

  /** Somebody may have been given more time meanwhile: the server is asked before it is over. */
  async #timeIsUp() {
    this.#timers.clearInterval(this.#beat);
    await this.#autosave.now();
    if (this.#isEnded || this.isHandingIn) return;
    if (this.time.isOver(this.#tick())) this.submit({ isTimeUp: true });
    else this.#beat = this.#timers.setInterval(() => this.#onBeat(), TICK_MS);
  }

  #keep() {
    this.#drafts.keep(this.sitting.id, { ...this.sitting.draft, windowId: this.#window.id });
  }

  #pause(ms) {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#timers.setTimeout(resolve, ms);
    });
  }

  #end() {
    this.#isEnded = true;
    this.#autosave.stop();
    this.#timers.clearInterval(this.#beat);
    this.#window.release();
    this.#wake();
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
