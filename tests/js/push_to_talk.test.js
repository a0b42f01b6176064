import assert from "node:assert/strict";
import { test } from "node:test";

import { initialState, isSilent, reduce, view } from "../../static/js/call/call_state.js";
import { letGo, pressed, released, switched, TAP_MS, toggled } from "../../static/js/call/push_to_talk.js";

const READY = switched(true);

test("a button that is held talks until it is let go", () => {
  const down = pressed(READY, 1_000);
  assert.equal(down.talking, true);
  assert.equal(pressed(down, 1_500), down, "a key repeats while it is down");
  assert.deepEqual(released(down, 1_000 + TAP_MS), READY);
});

test("a tap keeps it talking until the next press", () => {
  const kept = released(pressed(READY, 1_000), 1_000 + TAP_MS - 1);
  assert.deepEqual([kept.talking, kept.kept], [true, true]);
  const off = pressed(kept, 5_000);
  assert.equal(off.talking, false);
  assert.equal(released(off, 5_050).talking, false, "the end of that press changes nothing");
});

test("without holding, each press turns it over", () => {
  assert.equal(toggled(READY).talking, true);
  assert.deepEqual(toggled(toggled(READY)), READY);
  assert.equal(toggled(switched(false)).talking, false);
  assert.equal(pressed(switched(false), 0).talking, false);
});

test("a window that goes out of sight lets go of what is held, not of what was kept", () => {
  assert.equal(letGo(pressed(READY, 1_000)).talking, false);
  assert.equal(letGo(toggled(READY)).talking, true);
});

test("the microphone is heard only while the button talks, and whoever had muted it finds it muted again", () => {
  const events = ["push_to_talk", "talk_pressed", "talk_released"];
  const live = reduce(initialState({ callId: "c", customerName: "Dana Ortiz", limits: {} }), { type: "ready", now_ms: 0, seq: 1 }, 0);
  const [on, talking, quiet] = events.reduce((states, type) => [...states, reduce(states.at(-1) ?? live, { type, on: true }, 1_000 * (states.length + 1))], []);
  assert.deepEqual([live, on, talking, quiet].map(isSilent), [false, true, false, true]);
  assert.deepEqual([on, talking, quiet].map((state) => view(state, 4_000).status), ["push_to_talk", "talking", "push_to_talk"]);
  const muted = reduce(reduce(on, { type: "muted", on: true }, 5_000), { type: "push_to_talk", on: false }, 5_100);
  assert.deepEqual([isSilent(muted), view(muted, 5_200).status], [true, "muted"]);
});

test("a microphone that goes away while it talks does not talk when it is back", () => {
  const start = initialState({ callId: "c", customerName: "Dana", limits: {} });
  const talking = [{ type: "push_to_talk", on: true }, { type: "talk_toggled" }].reduce((state, event) => reduce(state, event, 0), start);
  const back = [{ type: "microphone", present: false, lost: true }, { type: "microphone", present: true }].reduce((state, event) => reduce(state, event, 0), talking);
  assert.deepEqual([isSilent(talking), isSilent(back), back.talk.on], [false, true, true]);
});
