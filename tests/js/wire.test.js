import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeAudio, decodeMessage, encodeAudio, HEADER_BYTES, rms, toPcm16 } from "../../static/js/call/wire.js";

function serverFrame({ kind = 1, flags = 0, epoch = 3, sequence = 7, positionMs = 140, samples = [1, -2, 32767] }) {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + samples.length * 2));
  view.setUint8(0, kind);
  view.setUint8(1, flags);
  view.setUint16(2, epoch, true);
  view.setUint32(4, sequence, true);
  view.setUint32(8, positionMs, true);
  samples.forEach((sample, index) => view.setInt16(HEADER_BYTES + index * 2, sample, true));
  return view.buffer;
}

test("a frame of 20 ms has 12 bytes of header and 960 of sound", () => {
  const bytes = encodeAudio(new Int16Array(480), 0, 0);
  assert.equal(bytes.byteLength, 972);
});

test("the header is little-endian: kind, flags, epoch, sequence, time", () => {
  const bytes = new Uint8Array(encodeAudio(Int16Array.of(-2, 258), 0x01020304, 1500));
  assert.deepEqual([...bytes], [1, 0, 0, 0, 4, 3, 2, 1, 0xdc, 5, 0, 0, 0xfe, 0xff, 2, 1]);
});

test("a sequence and a time beyond 32 bits wrap and do not throw", () => {
  const view = new DataView(encodeAudio(new Int16Array(0), 2 ** 32 + 5, 2 ** 32 + 9));
  assert.equal(view.getUint32(4, true), 5);
  assert.equal(view.getUint32(8, true), 9);
});

test("a server frame is read with its flags", () => {
  const frame = decodeAudio(serverFrame({ flags: 1 }));
  assert.equal(frame.last, true);
  assert.equal(frame.epoch, 3);
  assert.equal(frame.sequence, 7);
  assert.equal(frame.positionMs, 140);
  assert.deepEqual([...frame.pcm], [1, -2, 32767]);
  assert.equal(decodeAudio(serverFrame({ flags: 2 })).last, false);
});

test("what is no audio frame is null", () => {
  assert.equal(decodeAudio(new ArrayBuffer(11)), null);
  assert.equal(decodeAudio(new ArrayBuffer(13)), null);
  assert.equal(decodeAudio(serverFrame({ kind: 2 })), null);
});

test("messages are objects with a type", () => {
  assert.deepEqual(decodeMessage('{"type":"ready","seq":3}'), { type: "ready", seq: 3 });
  for (const text of ["", "nonsense", "[]", "null", "3", '{"seq":1}', '{"type":5}']) assert.equal(decodeMessage(text), null, text);
});

test("samples are clipped to 16 bits", () => {
  assert.deepEqual([...toPcm16(Float32Array.of(0, 1, -1, 2, -2, 0.5))], [0, 32767, -32768, 32767, -32768, 16384]);
});

test("loudness is 0 for silence and for nothing, 1 at most", () => {
  assert.equal(rms(new Int16Array(0)), 0);
  assert.equal(rms(new Int16Array(480)), 0);
  assert.equal(rms(Int16Array.of(-32768, -32768)), 1);
});
