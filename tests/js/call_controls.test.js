import assert from "node:assert/strict";
import { test } from "node:test";

import { initialState, reduce, view } from "../../static/js/call/call_state.js";
import { keepNote, LONGEST_NOTE, MOST_CALLS, noteOf, withNote } from "../../static/js/call/notes.js";
import { shortcutOf } from "../../static/js/call/shortcuts.js";

const START = initialState({ callId: "c", customerName: "Dana Ortiz", offline: true, limits: { idle_ms: 120_000 } });
const LIVE = reduce(START, { type: "ready", now_ms: 0, seq: 1 }, 1_000);

test("on hold the time of it counts, over a break of the connection too, and is gone afterwards", () => {
  const held = reduce(LIVE, { type: "state", state: "held", seq: 2 }, 10_000);
  assert.deepEqual([view(held, 14_500).status, view(held, 14_500).heldMs], ["held", 4_500]);
  const lost = reduce(held, { type: "socket_lost", giveUpAt: 90_000, attempt: 1 }, 20_000);
  assert.equal(view(lost, 20_100).heldMs, null);
  const again = reduce(reduce(lost, { type: "ready", now_ms: 21_000, resumed: true, seq: 3 }, 22_000), { type: "state", state: "held", seq: 4 }, 22_001);
  assert.deepEqual([view(again, 25_000).status, view(again, 25_000).heldMs], ["held", 15_000]);
  const back = reduce(again, { type: "state", state: "live", seq: 5 }, 26_000);
  assert.deepEqual([view(back, 27_000).status, view(back, 27_000).heldMs], ["listening", null]);
  const twice = reduce(back, { type: "state", state: "held", seq: 6 }, 40_000);
  assert.equal(view(twice, 41_000).heldMs, 1_000, "another time on hold is counted anew");
});

test("keys stay on the display, the newest ones", () => {
  const typed = [..."12345678901234567#*"].reduce((state, digit) => reduce(state, { type: "key", digit }, 0), LIVE);
  assert.equal(typed.keys, "45678901234567#*");
});

test("half a minute before silence ends the call it is said, and whoever speaks has time again", () => {
  assert.equal(view(LIVE, 90_000).idleLeftMs, null);
  assert.equal(view(LIVE, 101_000).idleLeftMs, 20_000);
  assert.equal(view(LIVE, 200_000).idleLeftMs, 0);
  const speaking = reduce(LIVE, { type: "speech", speaker: "user", event: "started", seq: 2 }, 101_000);
  assert.equal(view(speaking, 240_000).idleLeftMs, null);
  const stopped = reduce(speaking, { type: "speech", speaker: "user", event: "stopped", seq: 3 }, 240_000);
  assert.equal(view(stopped, 250_000).idleLeftMs, null);
  const held = reduce(LIVE, { type: "state", state: "held", seq: 2 }, 5_000);
  assert.equal(view(held, 900_000).idleLeftMs, null, "on hold nobody has to speak");
});

const PRESSED = { altKey: false, shiftKey: false, ctrlKey: false, metaKey: false };
const HERE = { inside: true, writes: false, presses: false, tray: null, pushes: false };
const key = (name, place = {}, keys = {}) => shortcutOf({ ...PRESSED, key: name, ...keys }, { ...HERE, ...place });

test("letters work on the telephone, elsewhere with Alt and Shift, and never in a field", () => {
  assert.deepEqual(key("h"), { do: "hold" });
  assert.deepEqual(key("N"), { do: "notes" });
  assert.equal(key("h", { inside: false }), null);
  assert.deepEqual(key("K", { inside: false }, { altKey: true, shiftKey: true }), { do: "keypad" });
  assert.equal(key("h", {}, { ctrlKey: true }), null);
  assert.equal(key("h", { writes: true }), null);
  assert.equal(key("h", { writes: true }, { altKey: true, shiftKey: true }), null);
  assert.equal(key("x"), null);
});

test("digits are keys of the keypad only while it is open", () => {
  assert.deepEqual(key("5", { tray: "keypad" }), { digit: "5" });
  assert.deepEqual(key("#", { tray: "keypad" }, { shiftKey: true }), { digit: "#" });
  assert.equal(key("5", { tray: "notes" }), null);
  assert.equal(key("5", { tray: "keypad", writes: true }), null);
});

test("Space talks where talking needs it, but still presses the button that has the focus", () => {
  assert.equal(key(" "), null);
  assert.deepEqual(key(" ", { pushes: true }), { talk: true });
  assert.equal(key(" ", { pushes: true, presses: true }), null);
  assert.equal(key(" ", { pushes: true, writes: true }), null);
});

test("Escape closes what is open, from a field too", () => {
  assert.deepEqual(key("Escape", { tray: "notes", writes: true }), { close: true });
  assert.equal(key("Escape"), null);
});

function storageWith(setItem) {
  const kept = new Map();
  return { getItem: (name) => kept.get(name) ?? null, setItem: setItem ?? ((name, text) => kept.set(name, text)) };
}

test("notes are kept per call, and an emptied note is gone", () => {
  const storage = storageWith();
  assert.equal(keepNote("a", "Account 4471", 1, storage), true);
  keepNote("b", "Refund due", 2, storage);
  assert.deepEqual([noteOf("a", storage), noteOf("b", storage), noteOf("c", storage)], ["Account 4471", "Refund due", ""]);
  keepNote("a", "  ", 3, storage);
  assert.equal(noteOf("a", storage), "");
});

test("old notes make room, a long one is cut", () => {
  let notes = {};
  for (let call = 0; call <= MOST_CALLS; call += 1) notes = withNote(notes, `c${call}`, "x", call);
  assert.deepEqual([Object.keys(notes).length, "c0" in notes, "c1" in notes], [MOST_CALLS, false, true]);
  assert.equal(withNote({}, "a", "x".repeat(LONGEST_NOTE + 1), 0).a.text.length, LONGEST_NOTE);
});

test("a browser that keeps nothing says so, and odd contents are no note", () => {
  const full = storageWith(() => {
    throw new Error("QuotaExceededError");
  });
  assert.equal(keepNote("a", "x", 0, full), false);
  for (const text of ["{", "null", "[]", '{"a": 5}', '{"a": {"text": 5}}']) assert.equal(noteOf("a", { getItem: () => text }), "");
});
