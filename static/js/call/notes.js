/** A trainee's own notes about calls. They stay on this device: the server never sees them. */

const KEY = "callx.notes";
export const MOST_CALLS = 50;
export const LONGEST_NOTE = 10_000;

/** `notes` (`{call id: {text, at}}`) with this text; the calls that were written about longest ago make room. PURE. */
export function withNote(notes, callId, text, atMs) {
  const { [callId]: _before, ...others } = notes;
  const kept = text.trim() ? { ...others, [callId]: { text: text.slice(0, LONGEST_NOTE), at: atMs } } : others;
  const newest = Object.entries(kept).sort(([, left], [, right]) => right.at - left.at);
  return Object.fromEntries(newest.slice(0, MOST_CALLS));
}

/** What was noted about a call; empty where there is nothing, or where the browser keeps nothing. */
export function noteOf(callId, storage = globalThis.localStorage) {
  const text = all(storage)[callId]?.text;
  return typeof text === "string" ? text : "";
}

/** Returns whether the browser has kept it. */
export function keepNote(callId, text, atMs = Date.now(), storage = globalThis.localStorage) {
  try {
    storage.setItem(KEY, JSON.stringify(withNote(all(storage), callId, text, atMs)));
    return true;
  } catch {
    return false;
  }
}

function all(storage) {
  try {
    return JSON.parse(storage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
