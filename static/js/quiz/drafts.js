/** What this browser keeps of started attempts until the server has it. No DOM. */

const PREFIX = "callx.quiz.";
const KEPT_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

export class Drafts {
  #storage;
  #now;

  /** `now` gives milliseconds of the day. */
  constructor(storage, now = Date.now) {
    this.#storage = storage;
    this.#now = now;
  }

  /** What was kept of an attempt; null if nothing. */
  of(sittingId) {
    try {
      return JSON.parse(this.#storage.getItem(PREFIX + sittingId));
    } catch {
      return null;
    }
  }

  /** Keeps it; false when the browser has no room or forbids it. */
  keep(sittingId, draft) {
    try {
      this.#storage.setItem(PREFIX + sittingId, JSON.stringify({ ...draft, keptAtMs: this.#now() }));
      return true;
    } catch {
      return false;
    }
  }

  forget(sittingId) {
    this.#storage.removeItem(PREFIX + sittingId);
  }

  /** Forgets what nobody went on with for a month. */
  tidy() {
    const keys = Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index));
    for (const key of keys.filter((each) => each?.startsWith(PREFIX))) {
      const keptAtMs = this.of(key.slice(PREFIX.length))?.keptAtMs ?? 0;
      if (this.#now() - keptAtMs > KEPT_DAYS * DAY_MS) this.#storage.removeItem(key);
    }
  }
}
