/** The trainee's loudspeaker: the customer's replies, the ring-back tone, the test tone. */

import { outputLatencyMs } from "./heard_reports.js";

const WORKLET = new URL("./playback.worklet.js", import.meta.url);

export class CustomerVoice {
  #context;
  #player = null;
  #ringing = null;
  #epoch = 0;

  constructor(context) {
    this.#context = context;
  }

  /** `onReport({type: "started"|"progress"|"ended"|"cleared", epoch, playedMs, contextFrame})`, `onLevel(level)`. */
  async start({ onReport, onLevel }) {
    await this.#context.audioWorklet.addModule(WORKLET);
    this.#player = new AudioWorkletNode(this.#context, "callx-playback", { numberOfInputs: 0, outputChannelCount: [1] });
    this.#player.port.onmessage = ({ data }) => (data.type === "level" ? onLevel(data.level) : onReport(data));
    this.#player.connect(this.#context.destination);
  }

  /** Takes a decoded frame of the wire. */
  add({ epoch, pcm, last }) {
    if (epoch !== this.#epoch) this.#measureLatency();
    this.#epoch = epoch;
    const samples = new Float32Array(pcm.length);
    for (let index = 0; index < pcm.length; index += 1) samples[index] = pcm[index] / 0x8000;
    this.#player.port.postMessage({ type: "audio", epoch, samples, last }, [samples.buffer]);
  }

  /** Asked again at each reply: a headset can be changed, and some browsers know the latency only after a while. */
  #measureLatency() {
    this.#player.port.postMessage({ type: "latency", ms: outputLatencyMs(this.#context) });
  }

  clear(epoch) {
    this.#player.port.postMessage({ type: "clear", epoch });
  }

  /** The tone of a telephone that rings at the other end. */
  ring(on) {
    if (on === (this.#ringing !== null)) return;
    if (on) this.#ringing = ringTone(this.#context);
    else {
      this.#ringing();
      this.#ringing = null;
    }
  }

  stop() {
    this.ring(false);
    this.#player?.disconnect();
  }
}

function ringTone(context) {
  const gain = context.createGain();
  gain.gain.value = 0;
  gain.connect(context.destination);
  const tones = [440, 480].map((frequency) => {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start();
    return tone;
  });
  const start = context.currentTime + 0.1;
  for (let ring = 0; ring < 10; ring += 1) {
    gain.gain.setTargetAtTime(0.04, start + ring * 4, 0.03);
    gain.gain.setTargetAtTime(0, start + ring * 4 + 1.4, 0.05);
  }
  return () => {
    gain.gain.cancelScheduledValues(0);
    gain.gain.setTargetAtTime(0, context.currentTime, 0.03);
    setTimeout(() => {
      for (const tone of tones) tone.stop();
      gain.disconnect();
    }, 200);
  };
}

/** Two soft notes; resolves when they have sounded. */
export async function testTone(context) {
  const gain = context.createGain();
  gain.gain.value = 0;
  gain.connect(context.destination);
  const now = context.currentTime + 0.05;
  for (const [index, frequency] of [523.25, 783.99].entries()) {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(now + index * 0.35);
    tone.stop(now + index * 0.35 + 0.35);
  }
  gain.gain.setTargetAtTime(0.18, now, 0.02);
  gain.gain.setTargetAtTime(0, now + 0.6, 0.05);
  await new Promise((resolve) => setTimeout(resolve, 950));
  gain.disconnect();
}
