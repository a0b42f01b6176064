/** Runs in the audio thread: microphone to frames. */

import { CaptureModel } from "./capture_model.js";

class Capture extends AudioWorkletProcessor {
  #model = new CaptureModel(sampleRate);

  process([input]) {
    const channel = input[0];
    if (!channel) return true;
    for (const { pcm, startSample, level } of this.#model.add(channel)) {
      const message = { pcm, startSample, level, contextFrame: currentFrame + channel.length };
      this.port.postMessage(message, [pcm.buffer]);
    }
    return true;
  }
}

registerProcessor("callx-capture", Capture);
