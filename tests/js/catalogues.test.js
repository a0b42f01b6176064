import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { LANGUAGES, SPOKEN } from "../../static/js/lib/i18n.js";
import { textsOf, textsOfTheInterface } from "./support/texts.js";

const FOLDER = new URL("../../static/i18n/", import.meta.url);
/** The languages that must have every text; the others may be on their way. */
const FINISHED = ["de", "es"];
/** Texts that one change may add or drop before a translation follows; beyond it a finished language is not finished. */
const IN_FLIGHT = 0;

const texts = textsOfTheInterface();
const english = new Set([...texts.single.keys(), ...texts.counted.keys()]);
const catalogues = Object.fromEntries(
  readdirSync(FOLDER).map((file) => [file.replace(".json", ""), JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"))]),
);

test("every text is found, whatever quotes it stands in", () => {
  const source = 'html`${t("a \\"b\\"")} ${t(\'c\')} ${t(`d`)} ${tn("{n} e", "{n} es", n)} ${t(late ? "f" : "g")} ${at("no")} ${t(name)}`';
  const found = textsOf(source, "x.js", { single: new Map(), counted: new Map(), unreadable: [] });
  assert.deepEqual([...found.single.keys()], ['a "b"', "c", "d", "f", "g"]);
  assert.deepEqual([...found.counted], [["{n} es", { one: "{n} e", file: "x.js" }]]);
  assert.equal(found.unreadable.length, 1);
  assert.ok(texts.single.size > 500, `only ${texts.single.size} texts in static/js`);
});

test("the interface speaks the languages that are finished", () => {
  assert.deepEqual([...SPOKEN].sort(), ["en", ...FINISHED].sort());
});

test("there is a catalogue for no language that is not offered", () => {
  assert.deepEqual(Object.keys(catalogues).filter((language) => !(language in LANGUAGES) || language === "en"), []);
});

for (const language of FINISHED) {
  test(`${language} has every text of the interface`, () => {
    assert.ok(language in catalogues, "there is no catalogue");
    const missing = [...english].filter((text) => !(text in catalogues[language]));
    assert.ok(missing.length <= IN_FLIGHT, `${missing.length} texts are missing:\n${missing.join("\n")}`);
  });
}

for (const [language, catalogue] of Object.entries(catalogues)) {
  test(`${language} has no text that nobody says`, (context) => {
    const had = [...english].filter((text) => text in catalogue).length;
    context.diagnostic(`${language}: ${had} of ${english.size} texts, ${((100 * had) / english.size).toFixed(1)} %`);
    const unused = Object.keys(catalogue).filter((text) => !english.has(text));
    assert.ok(unused.length <= IN_FLIGHT, `${unused.length} texts are not used:\n${unused.join("\n")}`);
  });

  test(`${language} keeps the {places} of the English text`, () => {
    const wrong = Object.entries(catalogue).filter(([text, said]) => formsOf(said).some((form) => !hasPlacesOf(form, text)));
    assert.deepEqual(wrong, []);
  });

  test(`${language} has the plural forms that CLDR wants`, () => {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort();
    const wrong = Object.entries(catalogue).filter(([text, said]) => texts.counted.has(text) && String(Object.keys(said).sort()) !== String(wanted));
    assert.deepEqual(wrong, []);
    assert.deepEqual(Object.entries(catalogue).filter(([text, said]) => texts.single.has(text) && !texts.counted.has(text) && typeof said !== "string"), []);
  });
}

function formsOf(said) {
  return typeof said === "string" ? [said] : Object.values(said);
}

/** A form such as "one lesson" or the Arabic dual may say its number in a word: then `{n}` is not there. */
function hasPlacesOf(form, text) {
  const wanted = placesOf(text);
  const had = placesOf(form);
  return [...had].every((place) => wanted.has(place)) && [...wanted].every((place) => had.has(place) || (place === "{n}" && texts.counted.has(text)));
}

function placesOf(text) {
  return new Set(text.match(/\{\w+\}/g));
}
