/** The time of an attempt by the server's clock; a `tick` is milliseconds of a clock that only runs on. PURE. */

import { t, tn } from "../lib/i18n.js";

/** When a screen reader is told how much time is left. */
export const TOLD_AT_MS = [300_000, 60_000, 30_000, 10_000];

export class TimeLeft {
  #deadlineMs = null;
  #serverMs = 0;
  #tickMs = 0;
  #toldMs = Infinity;

  /** What the server said at `tickMs`: `{now, deadline_at}`. Returns whether there is more time than before. */
  follow({ now, deadline_at }, tickMs) {
    const before = this.#deadlineMs;
    const hadOne = this.#serverMs > 0;
    this.#serverMs = Date.parse(now);
    this.#tickMs = tickMs;
    this.#deadlineMs = deadline_at ? Date.parse(deadline_at) : null;
    const isMore = hadOne && before !== null && (this.#deadlineMs === null || this.#deadlineMs > before);
    if (!hadOne || isMore) this.#toldMs = this.leftMs(tickMs) ?? Infinity;
    return isMore;
  }

  get isLimited() {
    return this.#deadlineMs !== null;
  }

  /** Milliseconds of the day, by the server's clock. */
  serverNowMs(tickMs) {
    return this.#serverMs + tickMs - this.#tickMs;
  }

  /** Never below 0; null without a limit. */
  leftMs(tickMs) {
    return this.isLimited ? Math.max(0, this.#deadlineMs - this.serverNowMs(tickMs)) : null;
  }

  isOver(tickMs) {
    return this.isLimited && this.leftMs(tickMs) === 0;
  }

  /** What is to be told now, once: a sentence, or null. */
  news(tickMs) {
    const left = this.leftMs(tickMs);
    if (left === null) return null;
    const due = TOLD_AT_MS.findLast((at) => left <= at && at < this.#toldMs);
    if (due === undefined) return null;
    this.#toldMs = due;
    return left > 0 ? leftInWords(left) : null;
  }
}

/** `4 minutes 30 seconds left`; hours and minutes alone when it is long. */
export function leftInWords(leftMs) {
  return t("{time} left", { time: inWords(leftMs) });
}

export function inWords(ms) {
  const seconds = Math.ceil(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  return [
    hours && tn("{n} hour", "{n} hours", hours),
    minutes && tn("{n} minute", "{n} minutes", minutes),
    !hours && (rest || !minutes) && tn("{n} second", "{n} seconds", rest),
  ]
    .filter(Boolean)
    .join(" ");
}
