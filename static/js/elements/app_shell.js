/** <app-shell>: the frame round every page; brand, navigation, who is signed in, theme. */

import { brandMark } from "./brand_mark.js";
import { element, html } from "../lib/html.js";
import { initials } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { switchTheme } from "../theme_switch.js";

const PLACES = [
  { href: "/", label: "Courses", icon: "book", owns: (path) => path === "/" || /^\/(courses|lessons)\//.test(path) },
  { href: "/calls", label: "My calls", icon: "history", owns: (path) => /^\/calls(\/|$)/.test(path) },
];
const ROLE_WORDS = { admin: "Administrator", manager: "Manager", trainee: "Trainee" };

class AppShell extends HTMLElement {
  #rail = null;
  #rolesOf = null;

  /** Marks where we are; without a user the frame is bare. */
  follow(path, user, app) {
    this.classList.toggle("shell--bare", !user);
    if (!user) {
      this.#rail?.remove();
      this.#rail = null;
      this.#rolesOf = null;
      return;
    }
    this.#rail ??= this.#build(user, app);
    for (const place of PLACES) {
      const link = this.#rail.querySelector(`a[href="${place.href}"].rail__link`);
      if (place.owns(path)) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (this.#rolesOf !== user.id) this.#showPerson(user, app);
  }

  #build(user, app) {
    const name = user.user_metadata?.full_name || user.email;
    const rail = element(html`
      <header class="rail">
        <a class="rail__brand" href="/" aria-label="CallX, to your courses">${brandMark()}<span>CallX</span></a>
        <nav class="rail__nav" aria-label="Main">
          ${PLACES.map((place) => html`<a class="rail__link" href="${place.href}">${icon(place.icon)}<span>${place.label}</span></a>`)}
        </nav>
        <div class="rail__foot">
          <div class="rail__person">
            <span class="avatar avatar--small" aria-hidden="true">${initials(name)}</span>
            <span class="rail__who"><strong data-name>${name}</strong><span data-role>&nbsp;</span></span>
          </div>
          <div class="rail__tools">
            <button class="icon-button" type="button" data-theme-switch></button>
            <button class="icon-button" type="button" data-sign-out title="Sign out">${icon("out")}<span class="visually-hidden">Sign out</span></button>
          </div>
        </div>
      </header>`);
    switchTheme(rail.querySelector("[data-theme-switch]"));
    rail.querySelector("[data-sign-out]").addEventListener("click", () => app.login.signOut());
    this.prepend(rail);
    return rail;
  }

  async #showPerson(user, app) {
    this.#rolesOf = user.id;
    const [profile, roles] = await Promise.all([
      app.api.firstRow("profiles", { select: "full_name", id: `eq.${user.id}` }).catch(() => null),
      app.api.rows("user_roles", { select: "role", user_id: `eq.${user.id}` }).catch(() => []),
    ]);
    const role = ["admin", "manager", "trainee"].find((name) => roles.some((row) => row.role === name));
    app.role = role ?? null;
    if (!this.#rail) return;
    const name = profile?.full_name || user.email;
    this.#rail.querySelector("[data-name]").textContent = name;
    this.#rail.querySelector(".avatar").textContent = initials(name);
    this.#rail.querySelector("[data-role]").textContent = ROLE_WORDS[role] ?? "";
  }
}

customElements.define("app-shell", AppShell);
