/** Counts peaks beside the page: takes `{lanes: [Float32Array…], count}`, answers with their peaks. */

import { peaksOf } from "./peaks.js";

self.addEventListener("message", ({ data: { lanes, count } }) => {
  const peaks = lanes.map((samples) => peaksOf(samples, count));
  self.postMessage(peaks, peaks.map((lane) => lane.buffer));
});
