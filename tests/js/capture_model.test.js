import assert from "node:assert/strict";
import { test } from "node:test";

import { CaptureClock, CaptureModel } from "../../static/js/call/capture_model.js";

function tone(rate, seconds, hertz = 300) {
  return Float32Array.from({ length: rate * seconds }, (_, index) => 0.5 * Math.sin((2 * Math.PI * hertz * index) / rate));
}

function captured(rate, samples, chunk = 128) {
  const model = new CaptureModel(rate);
  const frames = [];
  for (let from = 0; from < samples.length; from += chunk) frames.push(...model.add(samples.subarray(from, from + chunk)));
  return frames;
}

test("24 kHz passes through in frames of 480 samples, counted", () => {
  const frames = captured(24_000, tone(24_000, 1));
  assert.equal(frames.length, 50);
  assert.deepEqual(frames.slice(0, 3).map((frame) => frame.startSample), [0, 480, 960]);
  assert.ok(frames.every((frame) => frame.pcm.length === 480));
});

for (const rate of [16_000, 44_100, 48_000, 96_000]) {
  test(`${rate} Hz becomes 24 kHz without losing time or loudness`, () => {
    const frames = captured(rate, tone(rate, 2));
    assert.ok(Math.abs(frames.length - 100) <= 1, `${frames.length} frames`);
    assert.ok(Math.abs(frames[50].level - 0.5 / Math.SQRT2) < 0.03, `${frames[50].level}`);
    const crossings = frames.slice(10, 60).flatMap((frame) => [...frame.pcm]).filter((value, index, all) => index && value >= 0 !== all[index - 1] >= 0);
    assert.ok(Math.abs(crossings.length - 600) <= 3, `${crossings.length} crossings`);
  });
}

test("the capture clock begins with the first frame that is sent", () => {
  const clock = new CaptureClock();
  assert.equal(clock.at(5_000), null);
  assert.equal(clock.frame(9_600, 10_080), 0);
  assert.equal(clock.frame(10_080, 10_560), 20);
  assert.equal(clock.at(10_560), 40);
  assert.equal(clock.at(10_560 + 240), 50);
});

test("without a shared context the clock stands at the last frame", () => {
  const clock = new CaptureClock();
  clock.frame(0, null);
  assert.equal(clock.at(null), 20);
  assert.equal(clock.at(99_999), 20);
});

test("after a reload the clock goes on where the earlier page stopped", () => {
  const clock = new CaptureClock(61_000);
  assert.equal(clock.frame(0, 0), 61_000);
});

test("another microphone goes on where the lost one stopped, with the gap in between", () => {
  const lost = new CaptureClock();
  lost.frame(0, 480);
  const next = lost.continued(1_000);
  assert.equal(next.at(5_000), null);
  assert.equal(next.frame(480, 50_000), 1_020);
  assert.equal(new CaptureClock().continued(8_000).frame(0, 0), 8_000);
});
