/** Microphone samples of any rate become frames of 20 ms at 24 kHz. PURE; the capture worklet runs it. */

import { FRAME_SAMPLES, RATE, rms, toPcm16 } from "./wire.js";

export class CaptureModel {
  #resample;
  #frame = new Float32Array(FRAME_SAMPLES);
  #filled = 0;
  #samples = 0;

  constructor(inputRate) {
    this.#resample = inputRate === RATE ? (samples) => samples : resampler(inputRate, RATE);
  }

  /** Takes what was captured; returns finished frames `{pcm, startSample, level}`, `startSample` counted at 24 kHz. */
  add(samples) {
    const frames = [];
    for (const value of this.#resample(samples)) {
      this.#frame[this.#filled] = value;
      this.#filled += 1;
      if (this.#filled < FRAME_SAMPLES) continue;
      const pcm = toPcm16(this.#frame);
      frames.push({ pcm, startSample: this.#samples, level: rms(pcm) });
      this.#samples += FRAME_SAMPLES;
      this.#filled = 0;
    }
    return frames;
  }
}

/** Linear interpolation behind a moving average that keeps what the lower rate cannot hold out of it. */
function resampler(from, to) {
  const step = from / to;
  const window = Math.max(1, Math.round(step));
  const recent = new Float32Array(window);
  let recentSum = 0;
  let count = 0;
  let previous = 0;
  let next = 0;
  return (samples) => {
    const out = [];
    for (const value of samples) {
      const slot = count % window;
      recentSum += value - recent[slot];
      recent[slot] = value;
      const smooth = recentSum / window;
      while (next <= count) {
        const before = next - (count - 1);
        out.push(previous + (smooth - previous) * before);
        next += step;
      }
      previous = smooth;
      count += 1;
    }
    return out;
  };
}

/**
 * The device's clock: milliseconds captured since the first frame that was sent. Frames move it on; in between it is
 * carried on by the audio context's own sample count where both worklets share one.
 */
export class CaptureClock {
  #firstSample = null;
  #offsetMs;
  #last = { sample: 0, contextFrame: null };

  /** `offsetMs` is what an earlier page of the same call had captured. */
  constructor(offsetMs = 0) {
    this.#offsetMs = offsetMs;
  }

  /** The time of a frame that is about to be sent; the first one is the beginning. */
  frame(startSample, contextFrame) {
    this.#firstSample ??= startSample;
    this.#last = { sample: startSample + FRAME_SAMPLES, contextFrame };
    return this.#ms(startSample);
  }

  /** The time at a frame of the audio context; null before anything was sent. */
  at(contextFrame) {
    if (this.#firstSample === null) return null;
    const since = contextFrame === null || this.#last.contextFrame === null ? 0 : contextFrame - this.#last.contextFrame;
    return Math.round(this.#ms(this.#last.sample + since));
  }

  /** The clock of another microphone that begins now, `gapMs` after the last frame of this one. */
  continued(gapMs) {
    return new CaptureClock((this.at(null) ?? 0) + gapMs);
  }

  #ms(sample) {
    return this.#offsetMs + ((sample - this.#firstSample) * 1000) / RATE;
  }
}
