/** Texts in the person's language. The English text is the key, as in gettext. */

let catalogue = {};
let rules = new Intl.PluralRules("en");

/** `entries`: English text → text, or → `{one, few, many, other, …}` for what is counted. */
export function speak(locale, entries) {
  catalogue = entries;
  rules = new Intl.PluralRules(locale);
}

/** `t("Hello {name}", { name })`; a text that has no translation is said in English. */
export function t(text, values = {}) {
  return filled(catalogue[text] ?? text, values);
}

/** `tn("{n} lesson", "{n} lessons", n)`: the catalogue is asked for the second text, its forms are CLDR's. */
export function tn(one, other, n, values = {}) {
  const forms = catalogue[other];
  const form = forms ? (forms[rules.select(n)] ?? forms.other) : n === 1 ? one : other;
  return filled(form, { n, ...values });
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}
