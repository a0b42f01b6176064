/** Moving about in a recording: silences, words, turns, marks and keys. PURE. */

export const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];
export const STEP_MS = 5_000;
const LEAST_SILENCE_MS = 1_500;
const KEPT_SILENCE_MS = 350;

/** `[{from, to}]`: where nobody speaks for longer than a breath. Turns may overlap. */
export function silencesOf(turns, durationMs) {
  const silences = [];
  let heardUntil = 0;
  const spoken = [...turns].filter((turn) => turn.end_ms > turn.start_ms).sort((left, right) => left.start_ms - right.start_ms);
  for (const { start_ms, end_ms } of [...spoken, { start_ms: durationMs, end_ms: durationMs }]) {
    if (start_ms - heardUntil >= LEAST_SILENCE_MS) silences.push({ from: heardUntil + KEPT_SILENCE_MS, to: start_ms - KEPT_SILENCE_MS });
    heardUntil = Math.max(heardUntil, end_ms);
  }
  return silences;
}

/** Where to go on when `ms` lies in a silence, else null. */
export function afterSilence(silences, ms) {
  return silences.find(({ from, to }) => ms >= from && ms < to - 50)?.to ?? null;
}

/** The word that is said at `ms` as `[start, end]` in the turn's text, or null. Told from its place: turns have no times of words. */
export function wordAt({ text, start_ms, end_ms }, ms) {
  if (!text || end_ms === null || ms < start_ms || ms >= end_ms) return null;
  const words = [...text.matchAll(/\S+/g)];
  if (!words.length) return null;
  const weights = words.map(([word]) => weightOf(word));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = ((ms - start_ms) / (end_ms - start_ms)) * total;
  const place = weights.findIndex((weight) => (left -= weight) < 0);
  const found = words[place < 0 ? words.length - 1 : place];
  return [found.index, found.index + found[0].length];
}

/** How long a word takes to say: its letters, and a pause after a mark. */
function weightOf(word) {
  return Math.max(2, word.length) + (/[.!?]["”’)]*$/.test(word) ? 5 : /[,;:—–]$/.test(word) ? 2 : 0);
}

/** The start of the turn after (`step` 1) or before (-1) the place; a turn that has just begun counts as behind. */
export function turnFrom(turns, ms, step) {
  const starts = turns.map((turn) => turn.start_ms).sort((left, right) => left - right);
  return step > 0 ? (starts.find((start) => start > ms + 50) ?? null) : (starts.filter((start) => start < ms - 1_000).at(-1) ?? starts[0] ?? null);
}

/** Everything worth jumping to, in order: `[{at_ms, kind, tone}]`, kind `feedback`, `comment` or `auto_fail`. */
export function marksOf({ turns, comments = [], autoFail = null }) {
  const marks = turns
    .filter((turn) => turn.feedback)
    .map((turn) => ({ at_ms: turn.start_ms, kind: "feedback", tone: ["poor", "fair"].includes(turn.feedback.rating) ? "bad" : "good" }));
  for (const comment of comments) {
    if (comment.at_ms !== null && !comment.reply_to && !comment.deleted_at) marks.push({ at_ms: comment.at_ms, kind: "comment", tone: "none" });
  }
  if (autoFail && autoFail.at_ms !== null && autoFail.at_ms !== undefined) marks.push({ at_ms: autoFail.at_ms, kind: "auto_fail", tone: "bad" });
  return marks.sort((left, right) => left.at_ms - right.at_ms);
}

/** The next mark after `ms`, beginning anew at the end; null without marks. */
export function nextMark(marks, ms) {
  return marks.find((mark) => mark.at_ms > ms + 50) ?? marks[0] ?? null;
}

/** Milliseconds in `?t=83000`, within the call; null without. */
export function startOf(search, durationMs) {
  const text = new URLSearchParams(search).get("t");
  return /^\d{1,9}$/.test(text ?? "") ? Math.min(Number(text), durationMs) : null;
}

const KEYS = { " ": "play", k: "play", j: "back", l: "ahead", ",": "turn_back", ".": "turn_ahead", f: "next_mark", c: "comment", s: "silence", "<": "slower", ">": "faster", "?": "help" };

/**
 * What a key does in the replay, or null: nothing with Ctrl, Alt or Meta, nothing in a field, and the space bar nothing
 * on what it presses. `target` has `tagName` and `type`.
 */
export function actionOf({ key, ctrlKey, altKey, metaKey, target }) {
  if (ctrlKey || altKey || metaKey || isField(target)) return null;
  const isPressed = ["BUTTON", "A", "SUMMARY"].includes(target.tagName);
  if (key === " " && isPressed) return null;
  return KEYS[key.toLowerCase()] ?? null;
}

function isField({ tagName, type, isContentEditable }) {
  if (isContentEditable || ["TEXTAREA", "SELECT"].includes(tagName)) return true;
  return tagName === "INPUT" && !["range", "checkbox", "radio", "button"].includes(type);
}

/** The speed `step` places from `speed`, within what there is. */
export function speedFrom(speed, step) {
  const place = SPEEDS.indexOf(speed) + step;
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, place))];
}
