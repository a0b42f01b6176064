import assert from "node:assert/strict";
import { test } from "node:test";

import { PlaybackModel } from "../../static/js/call/playback_model.js";

const RATE = 24_000;
const FRAME = 480;

function frame(epoch, value, last = false, length = FRAME) {
  return { epoch, samples: new Float32Array(length).fill(value), last };
}

/** Pulls `ms` in quanta of 128 samples, as the audio thread does; returns sound and reports. */
function play(model, ms) {
  const samples = [];
  const reports = [];
  for (let count = 0; count < (ms * RATE) / 1000; count += 128) {
    const quantum = new Float32Array(128).fill(9);
    reports.push(...model.pull(quantum));
    samples.push(...quantum);
  }
  return { samples, reports };
}

function filled(model, epoch, ms, { last = true } = {}) {
  const frames = ms / 20;
  for (let index = 0; index < frames; index += 1) model.add(frame(epoch, 0.5, last && index === frames - 1));
}

test("without a reply there is silence", () => {
  const { samples, reports } = play(new PlaybackModel(RATE), 20);
  assert.ok(samples.every((value) => value === 0));
  assert.deepEqual(reports, []);
});

test("a reply is reported at its start, every 200 ms and at its end", () => {
  const model = new PlaybackModel(RATE);
  filled(model, 1, 500);
  const { reports } = play(model, 700);
  assert.deepEqual(reports.map((report) => report.type), ["started", "progress", "progress", "ended"]);
  assert.equal(reports[0].playedMs, 0);
  assert.ok(Math.abs(reports[1].playedMs - 200) <= 6);
  assert.deepEqual(reports.at(-1), { type: "ended", epoch: 1, playedMs: 500 });
  assert.equal(model.playing, null);
});

test("a little is gathered before a reply begins", () => {
  const model = new PlaybackModel(RATE);
  model.add(frame(1, 0.5));
  assert.deepEqual(play(model, 40).reports, []);
  model.add(frame(1, 0.5));
  model.add(frame(1, 0.5));
  assert.equal(play(model, 10).reports[0].type, "started");
});

test("a short reply that is complete begins at once", () => {
  const model = new PlaybackModel(RATE);
  model.add(frame(1, 0.5, true));
  assert.deepEqual(play(model, 30).reports.map((report) => report.type), ["started", "ended"]);
});

test("a gap in the middle is silence, is not counted, and the reply goes on", () => {
  const model = new PlaybackModel(RATE);
  filled(model, 1, 100, { last: false });
  assert.equal(play(model, 300).reports.at(-1).type, "started");
  filled(model, 1, 100);
  const { reports } = play(model, 300);
  assert.deepEqual(reports.at(-1), { type: "ended", epoch: 1, playedMs: 200 });
});

test("clear stops at once and tells exactly what was heard", () => {
  const model = new PlaybackModel(RATE);
  filled(model, 3, 1000);
  const { samples } = play(model, 512);
  const heard = samples.filter((value) => value === 0.5).length;
  assert.equal(model.clear(3), Math.round((heard * 1000) / RATE));
  assert.ok(play(model, 100).samples.every((value) => value === 0));
  assert.equal(model.queuedMs, 0);
});

test("frames of a cleared reply that come late are dropped", () => {
  const model = new PlaybackModel(RATE);
  filled(model, 3, 200);
  model.clear(3);
  assert.equal(model.add(frame(3, 0.5, true)), false);
  assert.equal(model.add(frame(2, 0.5, true)), false);
  assert.deepEqual(play(model, 100).reports, []);
  assert.equal(model.add(frame(4, 0.5, true)), true);
});

test("a reply that was never heard is cleared at 0", () => {
  const model = new PlaybackModel(RATE);
  assert.equal(model.clear(5), 0);
  assert.equal(model.add(frame(5, 0.5)), false);
});

test("clearing one reply leaves a newer one alone", () => {
  const model = new PlaybackModel(RATE);
  filled(model, 1, 200);
  filled(model, 2, 200);
  model.clear(1);
  assert.equal(play(model, 10).reports[0].epoch, 2);
});

test("replies are played one after the other, in their order", () => {
  const model = new PlaybackModel(RATE);
  filled(model, 1, 100);
  filled(model, 2, 100);
  const { reports } = play(model, 300);
  assert.deepEqual(reports.map(({ type, epoch }) => `${type} ${epoch}`), ["started 1", "ended 1", "started 2", "ended 2"]);
});

test("a newer reply means that nothing more comes of the older one", () => {
  const model = new PlaybackModel(RATE);
  filled(model, 1, 100, { last: false });
  play(model, 50);
  filled(model, 2, 100);
  assert.ok(play(model, 300).reports.some(({ type, epoch }) => type === "ended" && epoch === 1));
});

test("an empty last frame ends the reply", () => {
  const model = new PlaybackModel(RATE);
  filled(model, 1, 100, { last: false });
  model.add(frame(1, 0, true, 0));
  assert.deepEqual(play(model, 200).reports.at(-1), { type: "ended", epoch: 1, playedMs: 100 });
});

test("the queue is bounded", () => {
  const model = new PlaybackModel(RATE);
  filled(model, 1, 60_000, { last: false });
  assert.ok(model.queuedMs <= 30_020);
});

test("whatever arrives and whenever, no more is heard than was sent", () => {
  let seed = 7;
  const random = (below) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let run = 0; run < 50; run += 1) {
    const model = new PlaybackModel(RATE);
    const sent = new Map();
    let epoch = 1;
    for (let step = 0; step < 60; step += 1) {
      const what = random(10);
      if (what < 5 && model.add(frame(epoch, 0.5, random(6) === 0))) sent.set(epoch, (sent.get(epoch) ?? 0) + 20);
      else if (what === 5) epoch += 1;
      else if (what === 6) assert.ok(model.clear(epoch) <= (sent.get(epoch) ?? 0));
      else for (const report of play(model, random(80)).reports) assert.ok(report.playedMs <= sent.get(report.epoch));
    }
  }
});
