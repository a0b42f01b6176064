import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { speak, t, tn } from "../../static/js/lib/i18n.js";

afterEach(() => speak("en", {}));

test("what nobody translated is said in English", () => {
  assert.equal(t("Hello {name}", { name: "Ana" }), "Hello Ana");
  assert.equal(tn("{n} lesson", "{n} lessons", 1), "1 lesson");
  assert.equal(tn("{n} lesson", "{n} lessons", 0), "0 lessons");
});

test("a language has as many forms of a plural as it needs", () => {
  speak("ar", { "{n} lessons": { zero: "z{n}", one: "o{n}", two: "t{n}", few: "f{n}", many: "m{n}", other: "x{n}" } });
  assert.deepEqual([0, 1, 2, 3, 11, 100].map((n) => tn("{n} lesson", "{n} lessons", n)), ["z0", "o1", "t2", "f3", "m11", "x100"]);
});

test("a value that is not given stays visible", () => {
  assert.equal(t("Hello {name}"), "Hello {name}");
});

test("a text of a person is not taken for a pattern", () => {
  assert.equal(t("{a} {b}", { a: "{b}", b: "$&" }), "{b} $&");
});
