import assert from "node:assert/strict";
import { test } from "node:test";
import { isGone, keyAction, merged, nextSpeed, reasonOf, resumeAt, videoPlace, Watching } from "../../static/js/watching_model.js";

const ACCEPTED = { is_accepted: true, watched: [[0, 9_000]], duration_ms: 60_000 };

test("Stretches that were played are told once, merged.", () => {
  const watching = new Watching();
  watching.play(40);
  for (let ms = 250; ms <= 5_000; ms += 250) watching.at(ms);
  assert.deepEqual(watching.take(), { ranges: [[0, 5_000]], position_ms: 5_000 });
  assert.equal(watching.take(), null, "one parcel at a time");
  watching.at(6_000);
  watching.told({ ...ACCEPTED, watched: [[0, 5_000]] });
  watching.stop(6_500);
  assert.deepEqual(watching.take(), { ranges: [[5_000, 6_500]], position_ms: 6_500 });
  watching.told({ ...ACCEPTED, watched: [[0, 6_500]] });
  assert.equal(watching.take(), null, "nothing new, nothing to tell");
});

test("What is skipped was not watched.", () => {
  const watching = new Watching({ durationMs: 60_000 });
  watching.play(0);
  watching.at(2_000);
  watching.seek(30_000);
  watching.at(31_000);
  watching.at(50_000);
  watching.stop(50_500);
  assert.deepEqual(watching.watched, [[0, 2_000], [30_000, 31_000], [50_000, 50_500]]);
  assert.equal(watching.percent(), 5);
});

test("What was refused or lost is told again with what came since.", () => {
  const watching = new Watching();
  watching.play(0);
  watching.at(2_000);
  watching.take();
  watching.failed();
  watching.stop(3_000);
  assert.deepEqual(watching.take(), { ranges: [[0, 3_000]], position_ms: 3_000 });
  watching.told({ ...ACCEPTED, is_accepted: false, watched: [] });
  assert.deepEqual(watching.watched, [[0, 3_000]]);
  watching.seek(9_000);
  assert.deepEqual(watching.take(), { ranges: [[0, 3_000]], position_ms: 9_000 });
});

test("Very many stretches go in several parcels.", () => {
  const watching = new Watching();
  for (let at = 0; at < 150; at += 1) {
    watching.play(at * 5_000);
    watching.stop(at * 5_000 + 1_000);
  }
  assert.equal(watching.take().ranges.length, 100);
  watching.told({ ...ACCEPTED, watched: [] });
  watching.seek(1);
  assert.equal(watching.take().ranges.length, 50);
});

test("Ranges are merged in any order, over gaps of a second.", () => {
  assert.deepEqual(merged([[9_000, 9_500], [0, 1_000], [2_000, 3_000], [500, 800]]), [[0, 3_000], [9_000, 9_500]]);
  assert.deepEqual(merged([]), []);
});

test("One goes on where it matters.", () => {
  assert.equal(resumeAt(4_999, 60_000), null);
  assert.equal(resumeAt(5_000, 60_000), 5_000);
  assert.equal(resumeAt(58_000, 60_000), null);
  assert.equal(resumeAt(58_000, null), 58_000);
});

test("Keys mean something in the player, and controls keep theirs.", () => {
  assert.deepEqual(keyAction({ key: " " }), { do: "play" });
  assert.deepEqual(keyAction({ key: "J" }), { do: "skip", by: -10_000 });
  assert.deepEqual(keyAction({ key: "7" }), { do: "tenth", by: 7 });
  assert.equal(keyAction({ key: " " }, true), null);
  assert.equal(keyAction({ key: "ArrowLeft" }, true), null);
  assert.deepEqual(keyAction({ key: "c" }, true), { do: "captions" });
  assert.equal(keyAction({ key: "c", ctrlKey: true }), null);
  assert.equal(keyAction({ key: "x" }), null);
  assert.equal(nextSpeed(2, 1), 2);
  assert.equal(nextSpeed(1, -1), 0.75);
  assert.equal(nextSpeed(3, 1), 1.25);
});

test("A video is a file of ours, or elsewhere, or nothing.", () => {
  assert.deepEqual(videoPlace("a/film.mp4"), { kind: "file", bucket: "lesson-videos", path: "a/film.mp4" });
  assert.deepEqual(videoPlace("lesson-videos/film.mp4"), { kind: "file", bucket: "lesson-videos", path: "film.mp4" });
  assert.deepEqual(videoPlace("https://www.youtube.com/watch?v=1"), {
    kind: "elsewhere", href: "https://www.youtube.com/watch?v=1", host: "youtube.com",
  });
  for (const nothing of ["", null, "javascript:alert(1)", "data:text/html,x", "https://"]) assert.equal(videoPlace(nothing), null);
});

test("Why a link does not play is told by what the server says.", () => {
  assert.deepEqual([0, 503, 404, 400, 401, 403, 206].map(reasonOf), ["network", "network", "missing", "expired", "expired", "expired", "unsupported"]);
  assert.ok(isGone({ status: 400 }));
  assert.ok(!isGone({ status: 0 }));
});
