/** The voice wire, version 1 (docs/protocol.md): audio frames to bytes and back, JSON messages. PURE. */

export const RATE = 24_000;
export const FRAME_SAMPLES = 480;
export const HEADER_BYTES = 12;
const KIND_AUDIO = 1;
const FLAG_LAST = 1;

/** One frame from the microphone. `pcm` is an Int16Array, `capturedMs` counts what was captured before it. */
export function encodeAudio(pcm, sequence, capturedMs) {
  const bytes = new ArrayBuffer(HEADER_BYTES + pcm.length * 2);
  const view = new DataView(bytes);
  view.setUint8(0, KIND_AUDIO);
  view.setUint8(1, 0);
  view.setUint16(2, 0, true);
  view.setUint32(4, sequence >>> 0, true);
  view.setUint32(8, Math.round(capturedMs) >>> 0, true);
  for (let index = 0; index < pcm.length; index += 1) view.setInt16(HEADER_BYTES + index * 2, pcm[index], true);
  return bytes;
}

/** `{epoch, sequence, positionMs, last, pcm}`, or null for bytes that are no audio of this version. */
export function decodeAudio(bytes) {
  if (bytes.byteLength < HEADER_BYTES || (bytes.byteLength - HEADER_BYTES) % 2) return null;
  const view = new DataView(bytes);
  if (view.getUint8(0) !== KIND_AUDIO) return null;
  const pcm = new Int16Array((bytes.byteLength - HEADER_BYTES) / 2);
  for (let index = 0; index < pcm.length; index += 1) pcm[index] = view.getInt16(HEADER_BYTES + index * 2, true);
  return {
    last: (view.getUint8(1) & FLAG_LAST) !== 0,
    epoch: view.getUint16(2, true),
    sequence: view.getUint32(4, true),
    positionMs: view.getUint32(8, true),
    pcm,
  };
}

/** A text message as an object with a `type`, or null for what is not ours. */
export function decodeMessage(text) {
  try {
    const message = JSON.parse(text);
    return message && typeof message === "object" && typeof message.type === "string" ? message : null;
  } catch {
    return null;
  }
}

/** Sample values -1 to 1 as 16-bit integers. */
export function toPcm16(samples) {
  const pcm = new Int16Array(samples.length);
  for (let index = 0; index < samples.length; index += 1) {
    const value = Math.max(-1, Math.min(1, samples[index]));
    pcm[index] = Math.round(value < 0 ? value * 0x8000 : value * 0x7fff);
  }
  return pcm;
}

/** Loudness of 16-bit samples, 0 to 1. */
export function rms(pcm) {
  let sum = 0;
  for (let index = 0; index < pcm.length; index += 1) sum += pcm[index] * pcm[index];
  return pcm.length ? Math.sqrt(sum / pcm.length) / 0x8000 : 0;
}
