/** What this tab remembers of its live call, so that a reload can go back into it. */

const KEY = "callx.call";

export function keepCall(kept, storage = sessionStorage) {
  storage.setItem(KEY, JSON.stringify(kept));
}

/** `{call, brief, startedAt}` of call `callId`, or null. `startedAt` is the time of day when it was answered, or null. */
export function keptCall(callId, storage = sessionStorage) {
  try {
    const kept = JSON.parse(storage.getItem(KEY));
    return kept?.call?.call_id === callId ? kept : null;
  } catch {
    return null;
  }
}

export function forgetCall(storage = sessionStorage) {
  storage.removeItem(KEY);
}
