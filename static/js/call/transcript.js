/** The turns of a call as they grow. PURE: each change gives a new list. */

import { t } from "../lib/i18n.js";

/** The turns after a `turn` message: the same turn again replaces itself; the order is that of `number`, then of arrival. */
export function withTurn(turns, message) {
  const turn = turnOf(message);
  const index = turns.findIndex((known) => known.turnId === turn.turnId);
  const next = index < 0 ? [...turns, turn] : turns.map((known, place) => (place === index ? { ...known, ...turn } : known));
  return inSpokenOrder(next);
}

function turnOf(message) {
  return {
    turnId: message.turn_id,
    number: message.number ?? null,
    speaker: message.speaker,
    text: message.text ?? "",
    heardText: message.heard_text ?? null,
    startMs: message.start_ms ?? 0,
    endMs: message.end_ms ?? null,
    cutOff: Boolean(message.cut_off),
    notTranscribed: message.not_transcribed ?? null,
    final: Boolean(message.final),
  };
}

function inSpokenOrder(turns) {
  return turns
    .map((turn, place) => ({ turn, place }))
    .sort((left, right) => inOrder(left.turn, right.turn) || left.place - right.place)
    .map(({ turn }) => turn);
}

/** Numbers are given as turns begin; times come from two clocks, and a typed line and its answer can be close together. */
function inOrder(left, right) {
  const numbered = left.number !== null && right.number !== null;
  return numbered ? left.number - right.number : left.startMs - right.startMs;
}

/** Stands for what was said and could not be put into words; the recording has it. */
export function withoutWords() {
  return t("(could not be transcribed)");
}

/** What a caption shows: what was really heard, with a dash where the customer was cut off. */
export function captionOf(turn) {
  if (turn.notTranscribed) return withoutWords();
  const text = turn.cutOff && turn.heardText !== null ? turn.heardText : turn.text;
  if (!turn.cutOff) return text;
  const heard = text.replace(/[\s.,–—-]+$/, "");
  return heard ? `${heard} —` : t("(interrupted)");
}

/** The turn that is spoken at `ms`, or the last one before it; null before the first. */
export function turnAt(turns, ms) {
  let found = null;
  for (const turn of turns) {
    if (turn.start_ms > ms) break;
    found = turn;
  }
  return found;
}
