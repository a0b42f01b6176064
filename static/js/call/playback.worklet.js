/** Runs in the audio thread: plays the customer's frames and says what was heard. */

import { HeardReports } from "./heard_reports.js";
import { PlaybackModel } from "./playback_model.js";

const LEVEL_EVERY_QUANTA = 8;

class Playback extends AudioWorkletProcessor {
  #model = new PlaybackModel(sampleRate);
  #heard = new HeardReports(sampleRate);
  #quanta = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => this.#told(data);
  }

  #told(data) {
    if (data.type === "audio") this.#model.add(data);
    else if (data.type === "clear") this.#clear(data.epoch);
    else this.#heard.setLatency(data.ms);
  }

  /** What the device has already been given cannot be taken back: it counts as heard. */
  #clear(epoch) {
    this.#heard.clear(epoch);
    this.port.postMessage({ type: "cleared", epoch, playedMs: this.#model.clear(epoch), contextFrame: currentFrame });
  }

  process(_inputs, [output]) {
    const channel = output[0];
    for (const report of this.#model.pull(channel)) this.#heard.add(report, currentFrame);
    for (const report of this.#heard.due(currentFrame)) this.port.postMessage(report);
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
