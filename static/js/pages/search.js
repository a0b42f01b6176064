/** Looking for words in lessons and their documents. */

import { html, render } from "../lib/html.js";
import { t, tn } from "../lib/i18n.js";
import { icon, LESSON_TYPES } from "../lib/icons.js";
import { addressOf, queryOf, resultOf } from "../search_model.js";
import { emptyPanel, errorCard } from "./states.js";

const WAIT_MS = 250;
const MOST = 30;

export async function show(main, { app }) {
  const query = queryOf(location.search);
  document.title = `${t("Search")} · CallX`;
  render(main, html`<section class="page page--narrow search">
    <h1>${t("Search")}</h1>
    <form class="search__form" role="search">
      ${icon("search")}<input type="search" name="q" value="${query}" maxlength="200" autocomplete="off" data-search-field aria-label="${t("Words in lessons and documents")}" placeholder="${t("Words in lessons and documents")}">
    </form>
    <p class="search__count" role="status" data-count></p>
    <div data-results></div>
  </section>`);
  const page = new Results(main, app);
  const field = main.querySelector("[data-search-field]");
  field.addEventListener("input", () => page.soon(field.value.trim()));
  main.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    page.now(field.value.trim());
  });
  main.addEventListener("click", (event) => event.target.closest("[data-retry]") && page.now(field.value.trim()), { signal: page.left });
  if (!query) requestAnimationFrame(() => field.focus());
  page.now(query);
  return () => page.leave();
}

class Results {
  #main;
  #app;
  #timer = null;
  #asking = new AbortController();
  #leaving = new AbortController();

  constructor(main, app) {
    this.#main = main;
    this.#app = app;
  }

  get left() {
    return this.#leaving.signal;
  }

  soon(query) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(query), WAIT_MS);
  }

  async now(query) {
    clearTimeout(this.#timer);
    this.#asking.abort();
    const mine = (this.#asking = new AbortController());
    history.replaceState(null, "", addressOf(query));
    if (!query) return this.#draw(hint(), "");
    this.#main.querySelector("[data-results]").setAttribute("aria-busy", "true");
    try {
      const rows = await this.#app.api.rpc("search_lessons", { query, most: MOST }, { signal: mine.signal });
      if (mine.signal.aborted) return;
      const count = rows.length < MOST ? tn("{n} result", "{n} results", rows.length) : t("The best {n} results", { n: MOST });
      this.#draw(rows.length ? list(rows) : nothing(query), rows.length ? count : t("Nothing found"));
    } catch (error) {
      if (error.name !== "AbortError" && !mine.signal.aborted) this.#draw(errorCard(error), "");
    }
  }

  leave() {
    clearTimeout(this.#timer);
    this.#asking.abort();
    this.#leaving.abort();
  }

  #draw(content, count) {
    const place = this.#main.querySelector("[data-results]");
    if (!place) return;
    place.removeAttribute("aria-busy");
    render(place, content);
    this.#main.querySelector("[data-count]").textContent = count;
  }
}

function list(rows) {
  return html`<ol class="search__list">${rows.map((row) => resultRow(resultOf(row, { icons: LESSON_TYPES })))}</ol>`;
}

function resultRow({ href, title, where, from, icon: symbol, parts }) {
  const place = from ? html`<span class="search__from">${from.name}, ${t("page {page}", { page: from.page })}</span>` : null;
  return html`<li class="search__result">
    <span class="search__symbol">${icon(symbol)}</span>
    <div>
      <h2><a class="stretched" href="${href}">${title}</a></h2>
      <p class="search__where">${where.join(" · ")}${place ? html` · ${place}` : null}</p>
      ${parts.length ? html`<p class="search__snippet">${parts.map(({ text, isHit }) => (isHit ? html`<mark>${text}</mark>` : text))}</p>` : null}
    </div>
  </li>`;
}

function hint() {
  return emptyPanel({ symbol: "search", title: t("What are you looking for?"), text: t("Words of a lesson or of its documents. “Words in quotes” are looked for as they stand, -word leaves out what has it.") });
}

function nothing(query) {
  return emptyPanel({ symbol: "search", title: t("Nothing found for “{query}”", { query }), text: t("Try fewer or other words. Lessons that are still locked are not searched.") });
}
