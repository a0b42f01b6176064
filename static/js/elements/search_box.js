/** <search-box>: looks for words in lessons and documents; the key `/` leads to it from anywhere. */

import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { addressOf, opensSearch } from "../search_model.js";

class SearchBox extends HTMLElement {
  #stop = new AbortController();

  setUp(app) {
    render(this, html`
      <form class="search-box__form" role="search" aria-label="${t("All lessons")}">
        ${icon("search")}<input type="search" name="q" maxlength="200" autocomplete="off" aria-label="${t("Search")}" placeholder="${t("Search")}" aria-keyshortcuts="/">
        <kbd aria-hidden="true">/</kbd>
      </form>
      <a class="icon-button search-box__link" href="/search" title="${t("Search")}">${icon("search")}<span class="visually-hidden">${t("Search")}</span></a>`);
    const field = this.querySelector("input");
    this.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      const query = field.value.trim();
      if (!query) return;
      app.router.go(addressOf(query));
      field.value = "";
      field.blur();
    });
    document.addEventListener("keydown", (event) => this.#begin(event, app), { signal: this.#stop.signal });
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  #begin(event, app) {
    if (!opensSearch(event) || document.body.classList.contains("immersive")) return;
    event.preventDefault();
    const field = this.querySelector("input");
    const onPage = document.querySelector("[data-search-field]");
    if (onPage) onPage.focus();
    else if (field.checkVisibility()) field.focus();
    else app.router.go("/search");
  }
}

customElements.define("search-box", SearchBox);
