/**
 * Saves what was changed: soon, one request at a time, and again until it has arrived. Timers are an argument. PURE but
 * for them.
 */

export const SOON_MS = 500;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/** The states that people see. */
export const SAVED = "saved";
export const SAVING = "saving";
export const NOT_SAVED = "not_saved";

export class Autosave {
  #save;
  #onState;
  #onRefused;
  #timers;
  #timer = null;
  #running = null;
  #isDirty = false;
  #failures = 0;
  #stopped = false;

  /**
   * `save()` resolves when everything has arrived, and rejects with an ApiError; `onState(state)` and `onRefused(error)`
   * tell. Nothing more is saved after a refusal, which trying again would not mend.
   */
  constructor({ save, onState, onRefused, timers = globalThis }) {
    this.#save = save;
    this.#onState = onState;
    this.#onRefused = onRefused;
    this.#timers = timers;
  }

  /** Something was changed. */
  changed() {
    this.#isDirty = true;
    this.#onState(this.#failures ? NOT_SAVED : SAVING);
    if (!this.#failures) this.#in(SOON_MS);
  }

  /** Saves at once; resolves when this try has ended, whatever became of it. */
  now() {
    this.#isDirty = true;
    if (this.#running) return this.#running.then(() => (this.#isDirty && !this.#failures ? this.#try() : undefined));
    return this.#try();
  }

  /** The line may be back: what waits is tried at once. */
  retry() {
    if (this.#isDirty && !this.#running) this.#try();
  }

  get isDirty() {
    return this.#isDirty;
  }

  stop() {
    this.#stopped = true;
    this.#timers.clearTimeout(this.#timer);
  }

  #in(ms) {
    this.#timers.clearTimeout(this.#timer);
    this.#timer = this.#timers.setTimeout(() => !this.#running && this.#try(), ms);
  }

  #try() {
    if (this.#stopped) return Promise.resolve();
    this.#timers.clearTimeout(this.#timer);
    this.#isDirty = false;
    this.#running = this.#save().then(
      () => this.#arrived(),
      (error) => this.#failed(error),
    );
    return this.#running;
  }

  #arrived() {
    this.#running = null;
    this.#failures = 0;
    if (this.#stopped) return;
    if (this.#isDirty) this.#in(SOON_MS);
    else this.#onState(SAVED);
  }

  #failed(error) {
    this.#running = null;
    this.#isDirty = true;
    if (this.#stopped) return;
    if (!mayPass(error)) {
      this.stop();
      this.#onRefused(error);
      return;
    }
    this.#failures += 1;
    this.#onState(NOT_SAVED);
    this.#in(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1)));
  }
}

/** Whether trying again may help: a broken line, a server that restarts or has too much to do. */
export function mayPass(error) {
  return error.status === 0 || error.status === 429 || error.status >= 500;
}
