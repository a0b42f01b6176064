/** What somebody has watched of a video: milliseconds, merged as the server merges them, told in parcels. PURE. */

export const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];
export const COMPLETE_FROM_PERCENT = 90;
const GAP_MS = 1_000;
/** A clock that jumps by more was moved by somebody; at twice the speed a report may be late by a second. */
const JUMP_MS = 2_500;
const MOST_RANGES = 100;
/** Players begin a little after the beginning. */
const FIRST_MS = 500;

/** Sorted, without overlaps; gaps of up to a second are closed. */
export function merged(ranges) {
  const result = [];
  for (const [begin, end] of [...ranges].sort((left, right) => left[0] - right[0])) {
    const last = result.at(-1);
    if (last && begin - last[1] <= GAP_MS) last[1] = Math.max(last[1], end);
    else result.push([begin, end]);
  }
  return result;
}

function lengthMs(ranges) {
  return ranges.reduce((sum, [begin, end]) => sum + end - begin, 0);
}

/** Where to go on, or null where the beginning is as good: at the very start and at the end. */
export function resumeAt(positionMs, durationMs) {
  const nearEnd = durationMs && positionMs > durationMs - Math.min(10_000, durationMs * 0.05);
  return positionMs >= 5_000 && !nearEnd ? positionMs : null;
}

/**
 * Collects what is played. `play(ms)` begins a stretch, `at(ms)` goes on with it, `stop(ms)` ends it. `take()` gives
 * `{ranges, position_ms}` for the server or null; then `told(answer)` or `failed()`.
 */
export class Watching {
  #run = null;
  #waiting = [];
  #sent = null;
  #position = 0;
  #positionTold = 0;

  /** `known` is what the server knows: ranges, position, length. */
  constructor({ watched = [], positionMs = 0, durationMs = null } = {}) {
    this.known = watched;
    this.durationMs = durationMs;
    this.#position = this.#positionTold = positionMs;
  }

  play(ms) {
    this.#end();
    this.#run = [ms < FIRST_MS ? 0 : ms, ms];
    this.#position = ms;
  }

  at(ms) {
    this.#position = ms;
    if (!this.#run) return;
    if (ms < this.#run[1] || ms - this.#run[1] > JUMP_MS) this.play(ms);
    else this.#run[1] = ms;
  }

  stop(ms) {
    this.at(ms);
    this.#end();
  }

  /** Moved while nothing plays, or to somewhere else: what lies between was not watched. */
  seek(ms) {
    const playing = this.#run !== null;
    this.#end();
    this.#position = ms;
    if (playing) this.play(ms);
  }

  take() {
    if (this.#sent) return null;
    if (this.#run) {
      this.#keep(this.#run);
      this.#run = [this.#run[1], this.#run[1]];
    }
    const position = Math.round(this.#position);
    if (!this.#waiting.length && position === this.#positionTold) return null;
    const ranges = merged(this.#waiting);
    this.#sent = ranges.slice(0, MOST_RANGES);
    this.#waiting = ranges.slice(MOST_RANGES);
    this.#positionTold = position;
    return { ranges: this.#sent, position_ms: position };
  }

  /** What the server did not accept is told again later. */
  told(answer) {
    if (!answer.is_accepted) this.#waiting.push(...(this.#sent ?? []));
    this.#sent = null;
    this.known = answer.watched;
    this.durationMs = answer.duration_ms ?? this.durationMs;
  }

  failed() {
    this.#waiting.push(...(this.#sent ?? []));
    this.#sent = null;
    this.#positionTold = -1;
  }

  /** Everything, also what the server does not know yet. */
  get watched() {
    const run = this.#run && this.#run[1] > this.#run[0] ? [this.#run] : [];
    return merged([...this.known, ...this.#waiting, ...(this.#sent ?? []), ...run].map((range) => [...range]));
  }

  /** 0 to 100 and whole, rounded down; null while the length is unknown. */
  percent(durationMs = this.durationMs) {
    return durationMs ? Math.min(100, Math.floor((lengthMs(this.watched) / durationMs) * 100)) : null;
  }

  #end() {
    if (this.#run) this.#keep(this.#run);
    this.#run = null;
  }

  #keep([begin, end]) {
    const range = [Math.round(begin), Math.round(end)];
    if (range[1] > range[0]) this.#waiting.push(range);
  }
}

/** What a key does in the player: `{do, by}`, or null. Arrows move by five seconds, J and L by ten, 0–9 by tenths. */
export function keyAction({ key, ctrlKey, metaKey, altKey }, onControl = false) {
  if (ctrlKey || metaKey || altKey) return null;
  if (onControl && [" ", "Enter", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(key)) return null;
  if (/^[0-9]$/.test(key)) return { do: "tenth", by: Number(key) };
  return KEYS[key.length === 1 ? key.toLowerCase() : key] ?? null;
}

const KEYS = {
  " ": { do: "play" },
  k: { do: "play" },
  ArrowLeft: { do: "skip", by: -5_000 },
  ArrowRight: { do: "skip", by: 5_000 },
  j: { do: "skip", by: -10_000 },
  l: { do: "skip", by: 10_000 },
  ArrowUp: { do: "louder", by: 0.1 },
  ArrowDown: { do: "louder", by: -0.1 },
  Home: { do: "tenth", by: 0 },
  m: { do: "mute" },
  c: { do: "captions" },
  f: { do: "fullscreen" },
  "<": { do: "speed", by: -1 },
  ">": { do: "speed", by: 1 },
};

/** The speed so many steps from this one. */
export function nextSpeed(speed, steps) {
  const at = SPEEDS.indexOf(speed);
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, (at < 0 ? 1 : at) + steps))];
}

/** Where a video is: `{kind: "file", bucket, path}`, `{kind: "elsewhere", href, host}` or null. */
export function videoPlace(videoUrl) {
  const text = String(videoUrl ?? "").trim();
  if (!text) return null;
  if (/^https?:\/\//i.test(text)) {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url && { kind: "elsewhere", href: url.href, host: url.hostname.replace(/^www\./, "") };
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return null;
  return { kind: "file", bucket: "lesson-videos", path: text.replace(/^lesson-videos\//, "") };
}

/** Why a link does not play, by what the server says to it: "expired", "missing", "unsupported" or "network". */
export function reasonOf(status) {
  if (status === 0 || status >= 500) return "network";
  if (status === 404) return "missing";
  return status >= 400 ? "expired" : "unsupported";
}

/** Whether an error of asking for a link means that there is no such file: this wire says 400 or 404 to that. */
export function isGone(error) {
  return error.status === 404 || error.status === 400;
}
