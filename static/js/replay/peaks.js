/** How loud a recording is, piece by piece. PURE. */

/** The loudest sample, 0 to 1, of each of `count` equal pieces of `samples` (Float32Array). */
export function peaksOf(samples, count) {
  const peaks = new Float32Array(count);
  for (let piece = 0; piece < count; piece += 1) {
    const end = Math.floor(((piece + 1) * samples.length) / count);
    let peak = 0;
    for (let place = Math.floor((piece * samples.length) / count); place < end; place += 1) {
      const loud = samples[place] < 0 ? -samples[place] : samples[place];
      if (loud > peak) peak = loud;
    }
    peaks[piece] = Math.min(1, peak);
  }
  return peaks;
}

/**
 * Peaks as the path of an SVG lane: mirrored about `middle`, at most `half` high, over 1,000 units. Both lanes
 * have one scale, against the loudest piece of all; its root shows quiet voices, too.
 */
export function lanePath(peaks, { middle, half, loudest }) {
  const width = 1000 / peaks.length;
  let path = "";
  for (let place = 0; place < peaks.length; place += 1) {
    const height = Math.max(0.4, loudest > 0 ? Math.sqrt(peaks[place] / loudest) * half : 0);
    const x = ((place + 0.5) * width).toFixed(1);
    path += `M${x} ${(middle - height).toFixed(1)}V${(middle + height).toFixed(1)}`;
  }
  return path;
}

export function loudestOf(...lanes) {
  return lanes.reduce((most, lane) => lane.reduce((peak, value) => Math.max(peak, value), most), 0);
}
