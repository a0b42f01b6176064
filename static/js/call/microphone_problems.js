/** Why there is no microphone, in words that say what to do. PURE. */

import { t } from "../lib/i18n.js";

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
    get title() {
      return t("This browser cannot use the microphone here");
    },
    get text() {
      return t("A microphone needs a secure address (https, or localhost) and a current Chrome, Edge, Firefox or Safari.");
    },
    steps: [],
    retry: false,
  },
  blocked: {
    get title() {
      return t("The microphone is blocked for this site");
    },
    get text() {
      return t("Your browser was told not to let CallX listen. You can change that:");
    },
    get steps() {
      return [
        t("Click the symbol to the left of the address, at the top of the window."),
        t("Set “Microphone” to “Allow”."),
        t("Come back here and try again."),
      ];
    },
    retry: true,
  },
  missing: {
    get title() {
      return t("No microphone was found");
    },
    get text() {
      return t("Plug in a headset or a microphone. We notice it by ourselves.");
    },
    steps: [],
    retry: true,
  },
  in_use: {
    get title() {
      return t("Another program is using the microphone");
    },
    get text() {
      return t("Close the other program or tab that is in a call, then try again.");
    },
    steps: [],
    retry: true,
  },
  unknown: {
    get title() {
      return t("The microphone could not be started");
    },
    get text() {
      return t("Unplug it and plug it in again, or restart the browser.");
    },
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
