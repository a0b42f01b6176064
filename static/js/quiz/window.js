/** Which window an attempt is open in: an id of this tab's own, and a lock that tabs of one browser pass on. No DOM. */

const KEY = "callx.quiz.window";
const UNLOADING_MS = 250; // a page that is loaded again may hold its lock so long

export class QuizWindow {
  #storage;
  #locks;
  #release = () => {};

  /** `storage` is the tab's own, sessionStorage; `locks` navigator.locks, or null where there is none. */
  constructor({ storage, locks }) {
    this.#storage = storage;
    this.#locks = locks ?? null;
    this.id = crypto.randomUUID?.() ?? randomUuid();
  }

  /** Whether this tab had that attempt open before it was loaded again. Then it goes on under the same id. */
  async wasHere(sittingId) {
    const before = this.#remembered();
    if (before?.sittingId !== sittingId || (await this.isHeldElsewhere(sittingId))) return false;
    this.id = before.windowId;
    return true;
  }

  /** Whether another tab of this browser has it open. A copy of a tab remembers as much as the tab; the lock knows. */
  async isHeldElsewhere(sittingId) {
    if (!this.#locks || !(await this.#isHeld(sittingId))) return false;
    await new Promise((resolve) => setTimeout(resolve, UNLOADING_MS));
    return this.#isHeld(sittingId);
  }

  /** Takes the attempt from whichever tab has it; `onTaken()` is called when another takes it from this one. */
  hold(sittingId, onTaken) {
    this.#storage.setItem(KEY, JSON.stringify({ sittingId, windowId: this.id }));
    if (!this.#locks) return;
    const held = new Promise((resolve) => {
      this.#release = resolve;
    });
    this.#locks.request(nameOf(sittingId), { steal: true }, () => held).catch(onTaken);
  }

  async #isHeld(sittingId) {
    const { held } = await this.#locks.query();
    return held.some((lock) => lock.name === nameOf(sittingId));
  }

  release() {
    this.#release();
  }

  #remembered() {
    try {
      return JSON.parse(this.#storage.getItem(KEY));
    } catch {
      return null;
    }
  }
}

function nameOf(sittingId) {
  return `callx.quiz.${sittingId}`;
}

/** Pages that did not come over HTTPS have no crypto.randomUUID. */
function randomUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
