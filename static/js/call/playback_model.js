/**
 * What the customer's voice has still to say and what of it was heard. PURE; the playback worklet runs it.
 *
 * A reply (`epoch`) is played from its first sample to its last. What was played is counted in samples, so that an
 * interruption is reported at the exact place. Epochs only grow: frames of a cleared or finished one are late and dropped.
 */

export const REPORT_EVERY_MS = 200;
const START_WITH_MS = 60;
const MAXIMUM_QUEUED_MS = 30_000;

export class PlaybackModel {
  #perMs;
  #replies = [];
  #closedThrough = 0;

  constructor(rate) {
    this.#perMs = rate / 1000;
  }

  /** Milliseconds that wait to be played. */
  get queuedMs() {
    return this.#replies.reduce((sum, reply) => sum + reply.queuedSamples, 0) / this.#perMs;
  }

  /** The reply that is being heard, or null. */
  get playing() {
    const reply = this.#replies[0];
    return reply?.started ? reply.epoch : null;
  }

  /** Takes one frame; `samples` is a Float32Array. Returns false when it was late or too much, and was dropped. */
  add({ epoch, samples, last }) {
    if (epoch <= this.#closedThrough || this.queuedMs > MAXIMUM_QUEUED_MS) return false;
    let reply = this.#replies.find((candidate) => candidate.epoch === epoch);
    if (!reply) {
      reply = { epoch, frames: [], offset: 0, queuedSamples: 0, played: 0, reported: 0, complete: false, started: false, waiting: true };
      this.#replies.push(reply);
      this.#replies.sort((left, right) => left.epoch - right.epoch);
    }
    if (samples.length) reply.frames.push(samples);
    reply.queuedSamples += samples.length;
    reply.complete ||= last;
    this.#completeOlderThan(epoch);
    return true;
  }

  /** A newer reply exists: nothing more will come of the older ones. */
  #completeOlderThan(epoch) {
    for (const reply of this.#replies) if (reply.epoch < epoch) reply.complete = true;
  }

  /** Throws away what is left up to and including `epoch`; returns what of that epoch was heard, in ms. */
  clear(epoch) {
    const reply = this.#replies.find((candidate) => candidate.epoch === epoch);
    this.#replies = this.#replies.filter((candidate) => candidate.epoch > epoch);
    this.#closedThrough = Math.max(this.#closedThrough, epoch);
    return reply ? this.#ms(reply.played) : 0;
  }

  /**
   * Fills `output` with the next samples, silence where there are none. Returns reports
   * `{type: "started" | "progress" | "ended", epoch, playedMs}` in the order they happened.
   */
  pull(output) {
    const reports = [];
    let filled = 0;
    while (filled < output.length && this.#replies.length) {
      const reply = this.#replies[0];
      if (!this.#isReady(reply)) break;
      if (!reply.started) {
        reply.started = true;
        reports.push({ type: "started", epoch: reply.epoch, playedMs: 0 });
      }
      filled += this.#play(reply, output, filled);
      this.#report(reply, reports);
      if (reply.queuedSamples) continue;
      if (!reply.complete) {
        reply.waiting = true;
        break;
      }
      this.#close(reply, reports);
    }
    output.fill(0, filled);
    return reports;
  }

  /** After a beginning or a gap a little is gathered first, so that the voice does not stutter. */
  #isReady(reply) {
    if (reply.complete) return true;
    if (reply.waiting && reply.queuedSamples < START_WITH_MS * this.#perMs) return false;
    reply.waiting = false;
    return reply.queuedSamples > 0;
  }

  #play(reply, output, from) {
    let filled = from;
    while (filled < output.length && reply.frames.length) {
      const frame = reply.frames[0];
      const count = Math.min(output.length - filled, frame.length - reply.offset);
      output.set(frame.subarray(reply.offset, reply.offset + count), filled);
      filled += count;
      reply.offset += count;
      if (reply.offset === frame.length) {
        reply.frames.shift();
        reply.offset = 0;
      }
    }
    reply.queuedSamples -= filled - from;
    reply.played += filled - from;
    return filled - from;
  }

  #report(reply, reports) {
    const playedMs = this.#ms(reply.played);
    if (playedMs - reply.reported < REPORT_EVERY_MS) return;
    reply.reported = playedMs;
    reports.push({ type: "progress", epoch: reply.epoch, playedMs });
  }

  #close(reply, reports) {
    this.#replies.shift();
    this.#closedThrough = Math.max(this.#closedThrough, reply.epoch);
    reports.push({ type: "ended", epoch: reply.epoch, playedMs: this.#ms(reply.played) });
  }

  #ms(samples) {
    return Math.round(samples / this.#perMs);
  }
}
