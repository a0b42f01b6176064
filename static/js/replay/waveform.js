/** The peaks of both lanes of a recording, computed from it in the browser and bounded: see MOST. */

import { workerUrl } from "../lib/html.js";

const RATE_HZ = 8_000;
const PIECES = 400;
const MOST = { bytes: 15_000_000, durationMs: 30 * 60_000 };
const WORKER = "/static/js/replay/peaks.worker.js";

/** `[trainee, customer]`, each a Float32Array of 400 peaks; null where there are none to be had, or they would cost too much. */
export async function waveformOf(url, durationMs, signal) {
  if (durationMs > MOST.durationMs || navigator.connection?.saveData) return null;
  const response = await fetch(url, { signal });
  if (!response.ok || Number(response.headers.get("Content-Length")) > MOST.bytes) return null;
  const bytes = await response.arrayBuffer();
  const context = new OfflineAudioContext(2, 1, RATE_HZ);
  const audio = await context.decodeAudioData(bytes).catch(() => null);
  if (!audio || audio.numberOfChannels < 2 || signal.aborted) return null;
  return counted([audio.getChannelData(0), audio.getChannelData(1)], signal);
}

function counted(lanes, signal) {
  const worker = new Worker(workerUrl(WORKER), { type: "module" });
  return new Promise((resolve) => {
    const end = (peaks) => {
      worker.terminate();
      resolve(peaks);
    };
    worker.addEventListener("message", ({ data }) => end(data), { once: true });
    worker.addEventListener("error", () => end(null), { once: true });
    signal.addEventListener("abort", () => end(null), { once: true });
    const copies = lanes.map((lane) => new Float32Array(lane));
    worker.postMessage({ lanes: copies, count: PIECES }, copies.map((lane) => lane.buffer));
  });
}
