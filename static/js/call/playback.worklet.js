/** Runs in the audio thread: plays the customer's frames and says what was heard. */

import { PlaybackModel } from "./playback_model.js";

const LEVEL_EVERY_QUANTA = 8;

class Playback extends AudioWorkletProcessor {
  #model = new PlaybackModel(sampleRate);
  #quanta = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => (data.type === "audio" ? this.#model.add(data) : this.#clear(data.epoch));
  }

  #clear(epoch) {
    this.port.postMessage({ type: "cleared", epoch, playedMs: this.#model.clear(epoch), contextFrame: currentFrame });
  }

  process(_inputs, [output]) {
    const channel = output[0];
    for (const report of this.#model.pull(channel)) {
      this.port.postMessage({ ...report, contextFrame: currentFrame });
    }
    this.#quanta += 1;
    if (this.#quanta % LEVEL_EVERY_QUANTA === 0) this.#postLevel(channel);
    return true;
  }

  #postLevel(channel) {
    let sum = 0;
    for (const value of channel) sum += value * value;
    const level = Math.sqrt(sum / channel.length);
    this.port.postMessage({ type: "level", level, queuedMs: this.#model.queuedMs });
  }
}

registerProcessor("callx-playback", Playback);
