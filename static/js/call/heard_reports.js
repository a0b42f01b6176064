/**
 * What was played is heard a little later: after the device's output latency, which is a fraction of a second with
 * Bluetooth. Reports wait here until what they say has reached the ear. PURE; the playback worklet runs it.
 */

export const LONGEST_LATENCY_MS = 500;

/** Milliseconds from a sample in the worklet to the ear, as far as the audio context knows; 0 where it does not say. */
export function outputLatencyMs({ baseLatency, outputLatency }) {
  const seconds = [baseLatency, outputLatency].reduce((sum, value) => sum + (Number.isFinite(value) ? Math.max(0, value) : 0), 0);
  return Math.min(LONGEST_LATENCY_MS, Math.round(seconds * 1000));
}

export class HeardReports {
  #perMs;
  #latencyFrames = 0;
  #waiting = [];

  /** `rate` in frames a second. */
  constructor(rate) {
    this.#perMs = rate / 1000;
  }

  setLatency(ms) {
    this.#latencyFrames = Math.round(ms * this.#perMs);
  }

  /** Takes a report `{type, epoch, playedMs}` of what was handed to the device at `frame` of the context. */
  add(report, frame) {
    this.#waiting.push({ ...report, contextFrame: frame + this.#latencyFrames });
  }

  /** What has been heard by `frame`, in order, each with the `contextFrame` at which it was. */
  due(frame) {
    const count = this.#waiting.findIndex((report) => report.contextFrame > frame);
    return this.#waiting.splice(0, count < 0 ? this.#waiting.length : count);
  }

  /** `epoch` and all before it were thrown away: what still waits about them is out of date. */
  clear(epoch) {
    this.#waiting = this.#waiting.filter((report) => report.epoch > epoch);
  }
}
