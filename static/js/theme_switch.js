/** The button that goes through the themes: as the system has it, light, dark. */

import { element, html } from "./lib/html.js";
import { t } from "./lib/i18n.js";
import { icon } from "./lib/icons.js";

const WORDS = { system: () => t("as the system"), light: () => t("light"), dark: () => t("dark") };
const THEMES = { system: { icon: "contrast", next: "light" }, light: { icon: "sun", next: "dark" }, dark: { icon: "moon", next: "system" } };

/** Makes `button` show and change the theme. */
export function switchTheme(button) {
  button.addEventListener("click", () => setTheme(THEMES[chosenTheme()].next, button));
  setTheme(chosenTheme(), button);
}

function chosenTheme() {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

function setTheme(theme, button) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem("callx.theme");
    else localStorage.setItem("callx.theme", theme);
  } catch {
    // storage can be forbidden; the choice then lasts as long as the page
  }
  button.title = t("Theme: {theme}", { theme: WORDS[theme]() });
  const label = html`${icon(THEMES[theme].icon)}<span class="visually-hidden">${t("Theme: {theme}. Change to {next}.", { theme: WORDS[theme](), next: WORDS[THEMES[theme].next]() })}</span>`;
  button.replaceChildren(element(html`<span class="icon-button__face">${label}</span>`));
}
