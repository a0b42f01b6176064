/** Why there is no microphone, in words that say what to do. PURE. */

/** The kind of problem behind an exception of getUserMedia: a key of PROBLEMS. */
export function problemOf(error) {
  switch (error?.name) {
    case "NotAllowedError":
    case "SecurityError":
    case "PermissionDeniedError":
      return "blocked";
    case "NotFoundError":
    case "OverconstrainedError":
    case "DevicesNotFoundError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
    case "TrackStartError":
      return "in_use";
    case "UnsupportedError":
      return "unsupported";
    default:
      return "unknown";
  }
}

export const PROBLEMS = {
  unsupported: {
    title: "This browser cannot use the microphone here",
    text: "A microphone needs a secure address (https, or localhost) and a current Chrome, Edge, Firefox or Safari.",
    steps: [],
    retry: false,
  },
  blocked: {
    title: "The microphone is blocked for this site",
    text: "Your browser was told not to let CallX listen. You can change that:",
    steps: [
      "Click the symbol to the left of the address, at the top of the window.",
      "Set “Microphone” to “Allow”.",
      "Come back here and try again.",
    ],
    retry: true,
  },
  missing: {
    title: "No microphone was found",
    text: "Plug in a headset or a microphone. We notice it by ourselves.",
    steps: [],
    retry: true,
  },
  in_use: {
    title: "Another program is using the microphone",
    text: "Close the other program or tab that is in a call, then try again.",
    steps: [],
    retry: true,
  },
  unknown: {
    title: "The microphone could not be started",
    text: "Unplug it and plug it in again, or restart the browser.",
    steps: [],
    retry: true,
  },
};

export const HEARD_LEVEL = 0.02;
const CLIPPING_LEVEL = 0.6;
const ENOUGH_VOICE_MS = 400;
const PATIENCE_MS = 4_000;

/** Judges a voice test from levels (0 to 1) as they come: `listening`, `heard`, `too_quiet` or `clipping`. */
export class VoiceTest {
  #voiceMs = 0;
  #clippingMs = 0;
  #totalMs = 0;

  add(level, ms) {
    this.#totalMs += ms;
    if (level >= HEARD_LEVEL) this.#voiceMs += ms;
    if (level >= CLIPPING_LEVEL) this.#clippingMs += ms;
    return this.verdict;
  }

  get verdict() {
    if (this.#clippingMs > ENOUGH_VOICE_MS) return "clipping";
    if (this.#voiceMs >= ENOUGH_VOICE_MS) return "heard";
    return this.#totalMs > PATIENCE_MS ? "too_quiet" : "listening";
  }
}
