import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { directionOf, languageOf, localeOf, pseudo, speak, t, tn } from "../../static/js/lib/i18n.js";

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

test("the address asks first, then the person, then this browser, then its languages", () => {
  const all = { asked: "de", person: "es", kept: "fr", wanted: ["pt-BR", "ar-EG"] };
  assert.deepEqual(
    [all, { ...all, asked: "xx" }, { kept: "es", wanted: ["de"] }, { wanted: ["pt-BR", "es-MX"] }, { wanted: ["pt"] }, {}].map(languageOf),
    ["de", "es", "es", "es", "en", "en"],
  );
  assert.equal(languageOf({ kept: "pseudo" }), "en");
  assert.equal(languageOf({ asked: "pseudo-rtl" }), "pseudo-rtl");
});

test("numbers and dates are those of the browser's region, and Arabic counts as the clocks do", () => {
  assert.deepEqual([localeOf("de", ["en-US", "de-AT"]), localeOf("de", ["fr"]), localeOf("pseudo", ["de"])], ["de-AT", "de", "en"]);
  assert.equal(new Intl.NumberFormat(localeOf("ar", ["ar-EG"])).format(12), "12");
});

test("Arabic runs from right to left", () => {
  assert.deepEqual(["en", "ar", "pseudo", "pseudo-rtl"].map(directionOf), ["ltr", "rtl", "ltr", "rtl"]);
});

test("the pseudo-language is longer, and keeps what is filled in", () => {
  speak("pseudo", {});
  assert.equal(t("Hello {name}", { name: "Ana" }), "[Hélló Ana···]");
  assert.ok(pseudo("A text of some length").length >= 1.4 * "A text of some length".length);
  assert.match(tn("{n} lesson", "{n} lessons", 2), /^\[2 léššóñš/);
});
