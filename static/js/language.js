/** The language of the page: fetches its texts, tells the document, and lets people change it. */

import { readAs } from "./lib/format.js";
import { element, html } from "./lib/html.js";
import { directionOf, LANGUAGES, languageOf, localeOf, PSEUDO_LANGUAGES, speak, SPOKEN, t } from "./lib/i18n.js";
import { icon } from "./lib/icons.js";

const KEPT = "callx.language";
const LONGEST_WAIT_MS = 4_000;

let spoken = "en";

/** Speaks what `person` has chosen, or this browser; true when that is another language than before. Never rejects. */
export async function speakFor(person) {
  const asked = new URLSearchParams(location.search).get("lang") ?? (PSEUDO_LANGUAGES.includes(spoken) ? spoken : null);
  const language = languageOf({ asked, person: person?.language, kept: kept(), wanted: navigator.languages });
  const entries = language === spoken ? null : await textsIn(language);
  if (entries) {
    spoken = language;
    speak(language, entries);
    keep(person?.language);
  }
  readAs({ locale: localeOf(spoken, navigator.languages), timeZone: person?.timeZone ?? undefined });
  if (entries) tellDocument();
  return entries !== null;
}

/** English text → text; null when it cannot be had, and everything stays as it is. */
async function textsIn(language) {
  if (language === "en" || PSEUDO_LANGUAGES.includes(language)) return {};
  try {
    const answer = await fetch(`/static/i18n/${language}.json`, { signal: AbortSignal.timeout(LONGEST_WAIT_MS) });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function tellDocument() {
  const { documentElement: root } = document;
  root.lang = spoken in LANGUAGES ? spoken : "en";
  root.dir = directionOf(spoken);
  document.querySelector(".skip-link").textContent = t("Skip to content");
  document.querySelector("#offline").textContent = t("You are offline. What you see may be out of date.");
}

/** A list of the languages behind an icon; `save(language)` keeps the choice for the person, and may reject. */
export function languageSwitch(save) {
  const choice = element(html`<label class="icon-button language-switch" title="${t("Read CallX in")}">
    <span class="icon-button__face">${icon("globe")}</span>
    <select aria-label="${t("Read CallX in")}">${SPOKEN.map((code) => html`<option value="${code}" lang="${code}" ${code === spoken && html`selected`}>${LANGUAGES[code]}</option>`)}</select>
  </label>`);
  choice.querySelector("select").addEventListener("change", async (event) => {
    const language = event.target.value;
    keep(language);
    await Promise.resolve(save(language)).catch(() => {});
    startAgainIn(language);
  });
  return choice;
}

/** Draws everything anew in `language`, which is kept for this browser. */
export function startAgainIn(language) {
  keep(language);
  const address = new URL(location.href);
  address.searchParams.delete("lang");
  history.replaceState(null, "", address);
  location.reload();
}

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(language) {
  if (!language) return;
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // storage can be forbidden; the choice then lasts as long as the page
  }
}
