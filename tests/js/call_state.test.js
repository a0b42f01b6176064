import assert from "node:assert/strict";
import { test } from "node:test";

import { endText, initialState, leadsToReport, reduce, view } from "../../static/js/call/call_state.js";

const START = initialState({ callId: "c", customerName: "Dana Ortiz", offline: true, limits: { max_ms: 600_000 } });

/** Runs `[atMs, event]` pairs; server messages get their `seq` by themselves. */
function after(...steps) {
  let seq = 0;
  const local = new Set(["socket_opened", "socket_lost", "given_up", "muted", "microphone", "playback", "hanging_up", "pong"]);
  return steps.reduce((state, [atMs, event]) => {
    if (!local.has(event.type) && event.seq === undefined) {
      seq += 1;
      event = { ...event, seq };
    }
    return reduce(state, event, atMs);
  }, START);
}

const RINGING = [100, { type: "state", state: "ringing" }];
const READY = [2_000, { type: "ready", resumed: false, now_ms: 0 }];

test("a call connects, rings, and is live when the customer answers", () => {
  assert.equal(view(START, 0).status, "connecting");
  assert.equal(view(after(RINGING), 200).text, "Ringing…");
  assert.equal(view(after(RINGING, READY), 2_100).text, "Dana is listening");
});

test("ringing for long is said", () => {
  assert.equal(view(after(RINGING), 9_000).status, "slow");
});

test("time counts from the answer and stands still after the end", () => {
  const live = after(RINGING, READY);
  assert.equal(view(live, 14_500).elapsedMs, 12_500);
  const ended = reduce(live, { type: "ended", reason: "customer_hung_up", seq: 9 }, 10_000);
  assert.equal(view(ended, 99_000).elapsedMs, 8_000);
  assert.equal(view(ended, 99_000).text, "Dana hung up");
});

test("after a resume the clock is that of the call", () => {
  const state = after(RINGING, READY, [30_000, { type: "ready", resumed: true, now_ms: 27_500 }]);
  assert.equal(view(state, 31_000).elapsedMs, 28_500);
});

test("a pong corrects a clock that went astray, not one that is a little off", () => {
  const live = after(RINGING, READY);
  assert.equal(reduce(live, { type: "pong", now_ms: 1_000 }, 3_100), live);
  assert.equal(view(reduce(live, { type: "pong", now_ms: 9_000 }, 3_000), 3_000).elapsedMs, 9_000);
});

test("who speaks is on the screen; the trainee comes first when both do", () => {
  const customer = after(RINGING, READY, [3_000, { type: "playback", audible: true }]);
  assert.equal(view(customer, 3_001).status, "customer");
  const both = reduce(customer, { type: "speech", speaker: "user", event: "started", seq: 7 }, 3_500);
  assert.equal(view(both, 3_501).text, "You are speaking");
});

test("thinking appears only after 1.2 seconds, and goes when the customer is heard", () => {
  const state = after(
    RINGING,
    READY,
    [5_000, { type: "speech", speaker: "user", event: "started" }],
    [6_000, { type: "speech", speaker: "user", event: "stopped" }],
  );
  assert.equal(view(state, 7_000).status, "listening");
  assert.equal(view(state, 7_300).status, "thinking");
  const heard = reduce(state, { type: "playback", audible: true }, 7_400);
  const over = reduce(heard, { type: "playback", audible: false }, 9_000);
  assert.equal(view(over, 20_000).status, "listening");
});

test("a message that was seen already changes nothing", () => {
  const state = after(RINGING, READY);
  assert.equal(reduce(state, { type: "state", state: "ringing", seq: 1 }, 5_000), state);
});

test("a growing turn replaces itself, and turns stand in the order of their start", () => {
  const state = after(
    RINGING,
    READY,
    [2_500, { type: "turn", turn_id: "t1", speaker: "ai", text: "Yes", start_ms: 500, end_ms: null, final: false }],
    [3_000, { type: "turn", turn_id: "t3", speaker: "user", text: "Hi", start_ms: 4_000, end_ms: 4_400, final: true }],
    [3_500, { type: "turn", turn_id: "t2", speaker: "ai", text: "Well", start_ms: 3_000, end_ms: 3_300, final: true }],
    [4_000, { type: "turn", turn_id: "t1", speaker: "ai", text: "Yes, hello?", start_ms: 500, end_ms: 1_900, final: true }],
  );
  assert.deepEqual(state.turns.map((turn) => `${turn.turnId} ${turn.text}`), ["t1 Yes, hello?", "t2 Well", "t3 Hi"]);
});

test("a lost connection counts down and is forgotten when the server speaks again", () => {
  const lost = after(RINGING, READY, [5_000, { type: "socket_lost", giveUpAt: 65_000, attempt: 1 }]);
  assert.equal(view(lost, 38_000).status, "reconnecting");
  assert.equal(view(lost, 38_000).reconnectMs, 27_000);
  const again = reduce(lost, { type: "socket_lost", giveUpAt: 65_000, attempt: 2 }, 9_000);
  assert.equal(again.connection.lostAt, 5_000);
  assert.equal(view(reduce(again, { type: "socket_opened" }, 9_500), 9_600).status, "listening");
});

test("giving up says why in the trainee's words, and keeps what the server knows of the customer", () => {
  const taken = { type: "error", code: "call_taken", message: "Another socket.", retryable: false };
  const elsewhere = after(RINGING, [300, taken], [400, { type: "given_up", code: "call_taken", message: "In another tab." }]);
  assert.equal(view(elsewhere, 500).status, "failed");
  assert.equal(elsewhere.error.message, "In another tab.");
  const busy = { type: "error", code: "upstream_busy", message: "All lines are busy.", retryable: true };
  const refused = after(RINGING, [300, busy], [400, { type: "given_up", code: "upstream_unreachable", message: "General." }]);
  assert.equal(refused.error.message, "All lines are busy.");
});

test("nothing brings an ended call back", () => {
  const ended = after(RINGING, READY, [9_000, { type: "ended", reason: "idle" }]);
  for (const event of [{ type: "socket_lost", giveUpAt: 1, attempt: 1 }, { type: "given_up", code: "x", message: "" }, { type: "hanging_up" }, { type: "state", state: "live", seq: 99 }]) {
    assert.equal(reduce(ended, event, 9_500).phase, "ended");
  }
});

test("a message of a later version is passed over", () => {
  const live = after(RINGING, READY);
  assert.deepEqual(reduce(live, { type: "weather", seq: 50 }, 4_000), { ...live, seq: 50 });
});

test("every end has a text, and only an answered call leads to a report", () => {
  for (const reason of ["trainee_hung_up", "customer_hung_up", "time_limit", "idle", "trainee_lost", "upstream_lost", "upstream_refused", "server_stopped", "interrupted", "not_answered"]) {
    assert.notEqual(endText(reason, "Dana"), endText("unheard of", "Dana"), reason);
  }
  assert.equal(leadsToReport("customer_hung_up"), true);
  assert.equal(leadsToReport("upstream_refused"), false);
});

test("a customer whose line drops is called again, and nobody is blamed", () => {
  const lost = after(RINGING, READY, [4_000, { type: "line", line: "lost" }]);
  assert.equal(view(lost, 4_100).status, "redialling");
  assert.match(view(lost, 4_100).text, /on our side/);
  assert.equal(view(reduce(lost, { type: "line", line: "back" }, 5_000), 5_000).status, "listening");
  const both = reduce(lost, { type: "socket_lost", giveUpAt: 9_000, attempt: 1 }, 4_200);
  assert.equal(view(both, 4_300).status, "reconnecting", "one's own connection comes first");
});

test("mood, hint, time left and mute are kept", () => {
  const state = after(RINGING, READY, [4_000, { type: "mood", mood: 35 }], [5_000, { type: "hint", text: "Verify." }], [6_000, { type: "time", left_ms: 30_000 }], [6_500, { type: "muted", on: true }]);
  assert.deepEqual([state.mood, state.moods, state.hint, state.leftMs, state.muted], [35, [{ atMs: 2_000, mood: 35 }], "Verify.", 30_000, true]);
  assert.equal(view(state, 7_000).status, "muted");
});

test("a microphone that is lost is missed until there is one again", () => {
  const at = (state, event) => reduce(state, { type: "microphone", ...event }, 0);
  const typing = at(START, { present: false });
  assert.deepEqual([typing.microphone, typing.microphoneLost], [false, false]);
  const lost = at(START, { present: false, lost: true });
  assert.equal(lost.microphoneLost, true);
  const failed = at(lost, { present: false, problem: "No microphone was found" });
  assert.deepEqual([failed.microphoneLost, failed.microphoneProblem], [true, "No microphone was found"]);
  const back = at(failed, { present: true });
  assert.deepEqual([back.microphone, back.microphoneLost, back.microphoneProblem], [true, false, null]);
});
