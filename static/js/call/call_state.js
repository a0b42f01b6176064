/**
 * What the call screen knows. PURE: `reduce(state, event)` takes the server's messages (docs/protocol.md) and the
 * client's own events and gives the next state; `view(state, nowMs)` says what the screen shows. `nowMs` and every `…At`
 * are milliseconds of the page's monotonic clock.
 */

import { t } from "../lib/i18n.js";
import { AT_REST, letGo, pressed, released, switched, toggled } from "./push_to_talk.js";
import { withTurn } from "./transcript.js";

export const THINKING_AFTER_MS = 1_200;
const IDLE_WARNING_MS = 30_000;
const SLOW_RING_MS = 8_000;
const MOST_KEYS_SHOWN = 16;

export function initialState({ callId, customerName, offline, limits }) {
  return {
    callId,
    customerName,
    offline,
    limits,
    phase: "connecting", // connecting, ringing, live, held, ending, ended, failed
    since: 0,
    seq: 0,
    heldAt: null,
    activeAt: 0, // when somebody was last heard; the server ends a call in which nobody is
    liveAt: null, // when call time 0 was, on the page's clock
    connection: { up: false, lostAt: null, giveUpAt: null, attempt: 0 },
    speaking: { ai: false, user: false },
    customerAudible: false,
    customerLost: false, // their line dropped on our side and is being dialled again
    userStoppedAt: null,
    turns: [],
    mood: null,
    moods: [],
    hint: null,
    leftMs: null,
    muted: false,
    talk: AT_REST,
    keys: "", // what was pressed on the keypad
    microphone: true,
    microphoneLost: false,
    microphoneProblem: null, // why the last try to get one failed, in words
    error: null,
    endReason: null,
  };
}

/** Server messages are dropped when their `seq` was seen already: a resumed socket repeats. */
export function reduce(state, event, nowMs) {
  if (typeof event.seq === "number") {
    if (event.seq <= state.seq) return state;
    state = { ...state, seq: event.seq };
  }
  const handler = HANDLERS[event.type];
  const next = handler ? handler(state, event, nowMs) : state;
  return ACTIVITY.has(event.type) ? { ...next, activeAt: nowMs } : next;
}

const ACTIVITY = new Set(["ready", "state", "speech", "turn", "line", "playback"]);

const LIVE_PHASES = new Set(["live", "held"]);
const PHASE_OF_CALL_STATE = { created: "connecting", ringing: "ringing", live: "live", held: "held", ending: "ending" };

const HANDLERS = {
  state(state, { state: callState }, nowMs) {
    const phase = PHASE_OF_CALL_STATE[callState];
    if (!phase || isOver(state)) return state;
    return phase === state.phase ? state : { ...state, phase, since: nowMs, heldAt: phase === "held" ? nowMs : null };
  },

  ready(state, { now_ms: callMs }, nowMs) {
    const phase = LIVE_PHASES.has(state.phase) ? state.phase : "live";
    return { ...state, phase, since: nowMs, liveAt: nowMs - callMs, error: null, connection: connected() };
  },

  speech(state, { speaker, event }, nowMs) {
    const started = event === "started";
    const speaking = { ...state.speaking, [speaker]: started };
    const userStoppedAt = speaker === "user" ? (started ? null : nowMs) : started ? null : state.userStoppedAt;
    return { ...state, speaking, userStoppedAt };
  },

  turn: (state, message) => ({ ...state, turns: withTurn(state.turns, message) }),

  line: (state, { line }) => ({ ...state, customerLost: line === "lost" }),

  mood: (state, { mood }, nowMs) => ({
    ...state,
    mood,
    moods: [...state.moods, { atMs: state.liveAt === null ? 0 : nowMs - state.liveAt, mood }],
  }),

  hint: (state, { text }) => ({ ...state, hint: text }),

  time: (state, { left_ms: leftMs }) => ({ ...state, leftMs }),

  error: (state, { code, message, retryable }) => ({ ...state, error: { code, message, retryable: Boolean(retryable) } }),

  ended: (state, { reason }, nowMs) => ({
    ...state,
    phase: "ended",
    since: nowMs,
    endReason: reason,
    speaking: { ai: false, user: false },
    connection: connected(),
  }),

  // A pong places call time 0 anew; half of a slow round trip is not worth a jump.
  pong: (state, { now_ms: callMs }, nowMs) =>
    state.liveAt !== null && Math.abs(nowMs - callMs - state.liveAt) > 500 ? { ...state, liveAt: nowMs - callMs } : state,

  // The client's own events
  socket_opened: (state) => ({ ...state, connection: connected() }),

  socket_lost: (state, { giveUpAt, attempt }, nowMs) =>
    isOver(state)
      ? state
      : {
          ...state,
          speaking: { ai: false, user: false },
          connection: { up: false, lostAt: state.connection.lostAt ?? nowMs, giveUpAt, attempt },
        },

  given_up: (state, { code, message }, nowMs) =>
    isOver(state)
      ? state
      : { ...state, phase: "failed", since: nowMs, error: ofUpstream(state.error) ?? { code, message, retryable: false } },

  muted: (state, { on }) => ({ ...state, muted: on }),
  key: (state, { digit }) => ({ ...state, keys: (state.keys + digit).slice(-MOST_KEYS_SHOWN) }),
  push_to_talk: (state, { on }) => ({ ...state, talk: switched(on) }),
  talk_pressed: (state, _event, nowMs) => ({ ...state, talk: pressed(state.talk, nowMs) }),
  talk_released: (state, _event, nowMs) => ({ ...state, talk: released(state.talk, nowMs) }),
  talk_toggled: (state) => ({ ...state, talk: toggled(state.talk) }),
  talk_let_go: (state) => ({ ...state, talk: letGo(state.talk) }),
  microphone: (state, { present, lost = false, problem = null }) => ({
    ...state,
    microphone: present,
    talk: present ? state.talk : switched(state.talk.on),
    microphoneLost: !present && (lost || state.microphoneLost),
    microphoneProblem: problem,
  }),
  playback: (state, { audible }) => ({
    ...state,
    customerAudible: audible,
    userStoppedAt: audible ? null : state.userStoppedAt,
  }),
  hanging_up: (state, _event, nowMs) => (isOver(state) ? state : { ...state, phase: "ending", since: nowMs }),
};

/** Of a customer who cannot be reached the server knows more than the number that the socket closed with. */
function ofUpstream(error) {
  return error?.code.startsWith("upstream_") ? error : null;
}

function connected() {
  return { up: true, lostAt: null, giveUpAt: null, attempt: 0 };
}

export function isOver(state) {
  return state.phase === "ended" || state.phase === "failed";
}

/** Whether nothing of the trainee's microphone reaches the customer. */
export function isSilent({ microphone, muted, talk }) {
  return !microphone || (talk.on ? !talk.talking : muted);
}

const STATUS = {
  connecting: () => t("Connecting…"),
  ringing: () => t("Ringing…"),
  slow: () => t("Ringing… this takes longer than usual"),
  reconnecting: () => t("Connection lost. Reconnecting…"),
  redialling: (name) => t("The line dropped on our side. Calling {name} again…", { name }),
  held: () => t("On hold"),
  ending: () => t("Ending the call…"),
  failed: () => t("The call could not go on"),
  customer: (name) => t("{name} is speaking", { name }),
  trainee: () => t("You are speaking"),
  thinking: (name) => t("{name} is thinking…", { name }),
  muted: () => t("Your microphone is off"),
  push_to_talk: () => t("Press Talk when you speak"),
  talking: () => t("Your microphone is on"),
  listening: (name) => t("{name} is listening", { name }),
};

/** `{status, text, elapsedMs, heldMs, idleLeftMs, reconnectMs, customerSpeaks, traineeSpeaks}` at `nowMs`. */
export function view(state, nowMs) {
  const status = statusOf(state, nowMs);
  const { giveUpAt } = state.connection;
  return {
    status,
    text: status === "ended" ? endText(state.endReason, state.customerName) : STATUS[status](firstName(state.customerName)),
    elapsedMs: state.liveAt === null ? 0 : Math.max(0, (isOver(state) ? state.since : nowMs) - state.liveAt),
    heldMs: status === "held" ? nowMs - state.heldAt : null,
    idleLeftMs: idleLeftMs(state, status, nowMs),
    reconnectMs: giveUpAt === null ? null : Math.max(0, giveUpAt - nowMs),
    customerSpeaks: status === "customer",
    traineeSpeaks: state.speaking.user && !isOver(state),
  };
}

const QUIET = new Set(["listening", "thinking", "muted", "push_to_talk", "talking"]);

/** How long until the server ends a call in which nobody speaks; null while that is far. */
function idleLeftMs({ limits, activeAt }, status, nowMs) {
  if (!limits.idle_ms || !QUIET.has(status)) return null;
  const leftMs = Math.max(0, limits.idle_ms - (nowMs - activeAt));
  return leftMs <= IDLE_WARNING_MS ? leftMs : null;
}

function statusOf(state, nowMs) {
  if (isOver(state)) return state.phase;
  if (!state.connection.up && state.connection.lostAt !== null) return "reconnecting";
  if (state.phase === "ringing" && nowMs - state.since > SLOW_RING_MS) return "slow";
  if (state.customerLost && LIVE_PHASES.has(state.phase)) return "redialling";
  if (state.phase !== "live") return state.phase;
  if (state.speaking.user) return "trainee";
  if (state.customerAudible || state.speaking.ai) return "customer";
  if (state.userStoppedAt !== null && nowMs - state.userStoppedAt > THINKING_AFTER_MS) return "thinking";
  if (state.talk.on && state.microphone) return state.talk.talking ? "talking" : "push_to_talk";
  return state.muted ? "muted" : "listening";
}

function firstName(name) {
  return String(name ?? "").split(" ")[0] || t("The customer");
}

const END_TEXTS = {
  trainee_hung_up: () => t("You ended the call"),
  customer_hung_up: (name) => t("{name} hung up", { name }),
  time_limit: () => t("Time is up"),
  idle: () => t("The call ended because nobody spoke"),
  trainee_lost: () => t("The call ended because your connection was gone for too long"),
  upstream_lost: () => t("The line dropped on our side"),
  upstream_refused: () => t("The customer could not be reached"),
  server_stopped: () => t("The server was stopped; your call is saved"),
  interrupted: () => t("The call was interrupted; what was said is saved"),
  not_answered: () => t("Nobody answered"),
};

export function endText(reason, customerName) {
  return END_TEXTS[reason]?.(firstName(customerName)) ?? t("The call has ended");
}

/** Whether there is anything to evaluate after this end. */
export function leadsToReport(reason) {
  return !["upstream_refused", "not_answered"].includes(reason);
}
