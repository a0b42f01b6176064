/** The trainee's microphone: opening it, and frames of 20 ms out of it. */

import { RATE } from "./wire.js";

const WORKLET = new URL("./capture.worklet.js", import.meta.url);

/** Opens a microphone. Throws what getUserMedia throws, or an UnsupportedError; see microphone_problems.js. */
export async function openMicrophone(deviceId = null) {
  if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) {
    throw Object.assign(new Error("No microphone in this context."), { name: "UnsupportedError" });
  }
  return navigator.mediaDevices.getUserMedia({
    audio: {
      deviceId: deviceId ? { exact: deviceId } : undefined,
      channelCount: 1,
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
    },
  });
}

/** "granted", "denied" or "prompt"; "unknown" where the browser does not say. */
export async function permission() {
  try {
    return (await navigator.permissions.query({ name: "microphone" })).state;
  } catch {
    return "unknown";
  }
}

export async function microphones() {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return devices.filter((device) => device.kind === "audioinput" && device.deviceId && device.deviceId !== "default");
}

export function stopStream(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** An audio context at the wire's rate; must be made while the browser handles a click. */
export function openAudioContext() {
  return new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
}

export class Microphone {
  #stream;
  #context = null;
  #ownContext = null;
  #nodes = [];

  constructor(stream) {
    this.#stream = stream;
  }

  /** True when capture and playback share one clock. */
  get sharesContext() {
    return this.#ownContext === null;
  }

  /** Calls `onFrame({pcm, startSample, level, contextFrame})` every 20 ms, and `onLost()` if the device goes away. */
  async start(context, { onFrame, onLost }) {
    const source = await this.#source(context);
    await this.#context.audioWorklet.addModule(WORKLET);
    const capture = new AudioWorkletNode(this.#context, "callx-capture", { numberOfInputs: 1, numberOfOutputs: 1, channelCount: 1, channelCountMode: "explicit" });
    capture.port.onmessage = ({ data }) => onFrame(data);
    source.connect(capture).connect(this.#context.destination); // the node is silent; connected, it is kept running
    this.#nodes = [source, capture];
    for (const track of this.#stream.getAudioTracks()) track.onended = onLost;
  }

  /** Firefox cannot join a microphone to a context of another rate: then it gets one of its own, and the model resamples. */
  async #source(context) {
    try {
      this.#context = context;
      return context.createMediaStreamSource(this.#stream);
    } catch {
      this.#ownContext = new AudioContext({ latencyHint: "interactive" });
      this.#context = this.#ownContext;
      return this.#context.createMediaStreamSource(this.#stream);
    }
  }

  stop() {
    for (const node of this.#nodes) node.disconnect();
    for (const track of this.#stream.getAudioTracks()) track.onended = null;
    stopStream(this.#stream);
    this.#ownContext?.close();
  }
}
