/** Texts in the person's language. The English text is the key, as in gettext. PURE, but for the language that was chosen. */

/** What people can choose, for letters too, each by its own name. */
export const LANGUAGES = { en: "English", es: "Español", fr: "Français", de: "Deutsch", ar: "العربية" };

/** Those of them that have a catalogue (English needs none): the interface speaks these. */
export const SPOKEN = ["en", "es", "de"];

/** Languages for whoever looks for texts that do not fit or were forgotten: `?lang=pseudo`. */
export const PSEUDO_LANGUAGES = ["pseudo", "pseudo-rtl"];

const RIGHT_TO_LEFT = new Set(["ar", "pseudo-rtl"]);
const ACCENTED = Object.fromEntries([..."aáeéiíoóuúyýcçnñsšzžAÁEÉIÍOÓUÚYÝCÇNÑSŠZŽ".matchAll(/(.)(.)/gu)].map(([, plain, accented]) => [plain, accented]));
const LENGTHENING = 0.4;

let catalogue = {};
let rules = new Intl.PluralRules("en");
let disguise = (text) => text;

/** `entries`: English text → text, or → `{one, few, many, other, …}` for what is counted. */
export function speak(locale, entries) {
  const isPseudo = PSEUDO_LANGUAGES.includes(locale);
  catalogue = entries;
  rules = new Intl.PluralRules(isPseudo ? "en" : locale);
  disguise = isPseudo ? pseudo : (text) => text;
}

/** `t("Hello {name}", { name })`; a text that has no translation is said in English. */
export function t(text, values = {}) {
  return filled(catalogue[text] ?? disguise(text), values);
}

/** `tn("{n} lesson", "{n} lessons", n)`: the catalogue is asked for the second text, its forms are CLDR's. */
export function tn(one, other, n, values = {}) {
  const forms = catalogue[other];
  const form = forms ? (forms[rules.select(n)] ?? forms.other) : disguise(n === 1 ? one : other);
  return filled(form, { n, ...values });
}

/**
 * The language to speak: what the address asks for, else the person's setting, else what was kept in this browser, else
 * the first of the browser's languages that there is, else English.
 */
export function languageOf({ asked = null, person = null, kept = null, wanted = [] } = {}) {
  if (SPOKEN.includes(asked) || PSEUDO_LANGUAGES.includes(asked)) return asked;
  const bases = wanted.map((locale) => locale.toLowerCase().split("-")[0]);
  return [person, kept, ...bases].find((language) => SPOKEN.includes(language)) ?? "en";
}

/** The locale of numbers and dates in `language`: the region that the browser names; Arabic with the digits of the clocks. */
export function localeOf(language, wanted = []) {
  if (!(language in LANGUAGES)) return "en";
  const locale = wanted.find((one) => one.toLowerCase().split("-")[0] === language) ?? language;
  return language === "ar" ? new Intl.Locale(locale, { numberingSystem: "latn" }).toString() : locale;
}

export function directionOf(language) {
  return RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
}

/** The text accented and 40 % longer, its `{places}` as they were. */
export function pseudo(text) {
  const words = text.split(/(\{\w+\})/).map((part, place) => (place % 2 ? part : part.replace(/[A-Za-z]/g, (letter) => ACCENTED[letter] ?? letter)));
  return `[${words.join("")}${"·".repeat(Math.max(0, Math.ceil(text.length * LENGTHENING) - 2))}]`;
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}
