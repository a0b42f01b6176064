/** <app-shell>: the frame round every page; brand, navigation by role, news, who is signed in, theme. */

import "./notification_bell.js";
import "./search_box.js";
import { brandMark } from "./brand_mark.js";
import { element, html, render } from "../lib/html.js";
import { initials } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { groupsOf, placesFor, roleWord } from "../places.js";
import { languageSwitch } from "../language.js";
import { switchTheme } from "../theme_switch.js";

class AppShell extends HTMLElement {
  #rail = null;
  #path = "/";
  #places = [];
  #bareSwitch = null;

  /** Marks where we are; without a user the frame is bare. */
  follow(path, user, app) {
    this.#path = path;
    this.classList.toggle("shell--bare", !user);
    if (!user) {
      this.#rail?.remove();
      this.#rail = null;
      this.#offerLanguages();
      return;
    }
    this.#bareSwitch?.remove();
    this.#bareSwitch = null;
    if (this.#rail?.dataset.of !== user.id) this.#begin(user, app);
    this.#mark();
    this.#rail.querySelector("notification-bell").refresh();
  }

  /** Draws the frame anew: the language is another one. */
  beginAgain(path, user, app) {
    this.#bareSwitch?.remove();
    this.#bareSwitch = null;
    this.#rail?.remove();
    this.#rail = null;
    this.follow(path, user, app);
  }

  #offerLanguages() {
    if (this.#bareSwitch) return;
    this.#bareSwitch = languageSwitch(() => {});
    this.#bareSwitch.classList.add("language-switch--alone");
    this.append(this.#bareSwitch);
  }

  #begin(user, app) {
    this.#rail?.remove();
    this.#rail = this.#build(user, app);
    this.prepend(this.#rail);
    this.#rail.querySelector("notification-bell").setUp(app);
    this.#rail.querySelector("search-box").setUp(app);
    this.showPerson(app.me.known ?? { name: user.user_metadata?.full_name || user.email, roles: [], role: null });
    const rail = this.#rail;
    app.me.get().then(
      (person) => rail === this.#rail && this.showPerson(person),
      () => {},
    );
  }

  #build(user, app) {
    const rail = element(html`
      <header class="rail" data-of="${user.id}">
        <div class="rail__top">
          <a class="rail__brand" href="/" aria-label="${t("CallX, to the start")}">${brandMark()}<span>CallX</span></a>
          <notification-bell class="bell"></notification-bell>
        </div>
        <search-box class="search-box"></search-box>
        <nav class="rail__nav" aria-label="${t("Main")}"></nav>
        <div class="rail__foot">
          <a class="rail__person" href="/profile" title="${t("Your profile and settings")}">
            <span class="avatar avatar--small" aria-hidden="true"></span>
            <span class="rail__who"><strong data-name></strong><span data-role>&nbsp;</span></span>
            <span class="visually-hidden">${t("Your profile and settings")}</span>
          </a>
          <div class="rail__tools">
            <button class="icon-button" type="button" data-theme-switch></button>
            <button class="icon-button" type="button" data-sign-out title="${t("Sign out")}">${icon("out")}<span class="visually-hidden">${t("Sign out")}</span></button>
          </div>
        </div>
      </header>`);
    switchTheme(rail.querySelector("[data-theme-switch]"));
    const keepFor = async (language) => {
      await app.api.upsert("personal_settings", { user_id: user.id, language }, "user_id");
      app.me.forget();
    };
    rail.querySelector(".rail__tools").prepend(languageSwitch(keepFor));
    rail.querySelector("[data-sign-out]").addEventListener("click", () => app.login.signOut());
    rail.addEventListener("click", (event) => event.target.closest("a") && rail.querySelector(".rail__more")?.removeAttribute("open"));
    rail.addEventListener("keydown", (event) => event.key === "Escape" && this.#closeMore());
    return rail;
  }

  #closeMore() {
    const more = this.#rail.querySelector(".rail__more[open]");
    more?.removeAttribute("open");
    more?.querySelector("summary").focus();
  }

  /** Draws who is signed in, and what their roles open. */
  showPerson({ name, roles, role }) {
    this.#rail.querySelector("[data-name]").textContent = name;
    this.#rail.querySelector(".avatar").textContent = initials(name);
    this.#rail.querySelector("[data-role]").textContent = role ? roleWord(role) : "";
    this.#places = placesFor(roles);
    render(this.#rail.querySelector(".rail__nav"), navigation(this.#places));
    this.#mark();
  }

  /** What is shown belongs to another place than its address says: a call of somebody else to the team. */
  belongTo(href) {
    this.#path = href;
    this.#mark();
  }

  #mark() {
    for (const place of this.#places) {
      for (const link of this.#rail.querySelectorAll(`.rail__nav a[href="${place.href}"]`)) {
        if (place.owns(this.#path)) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
    }
  }
}

function navigation(places) {
  const minor = places.filter((place) => place.minor);
  return html`${groupsOf(places).map(
    ({ title, places: own }) => html`${title ? html`<p class="rail__group">${title}</p>` : null}<ul class="rail__list">${own.map(placeLink)}</ul>`,
  )}
  ${minor.length ? html`<details class="rail__more"><summary class="rail__link">${icon("more")}<span>${t("More")}</span></summary>
    <ul class="rail__sheet">${minor.map(placeLink)}</ul></details>` : null}`;
}

function placeLink({ href, label, short, icon: symbol, minor }) {
  return html`<li class="${minor ? "rail__minor" : ""}"><a class="rail__link" href="${href}">${icon(symbol)}<span class="rail__label">${label}</span><span class="rail__short" aria-hidden="true">${short}</span></a></li>`;
}

customElements.define("app-shell", AppShell);
