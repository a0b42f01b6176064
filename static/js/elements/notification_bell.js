/** <notification-bell>: how many notifications are new, and the newest of them in a sheet. */

import { ago } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import * as news from "../news.js";
import { badge, iconOf } from "../notifications_model.js";

const SHOWN = 6;
const LOOK_EVERY_MS = 60_000;

class NotificationBell extends HTMLElement {
  #app;
  #unread = 0;
  #lookedAt = -Infinity;
  #timer = null;
  #stop = new AbortController();

  setUp(app) {
    this.#app = app;
    render(this, html`<button class="icon-button bell__button" type="button" popovertarget="news" aria-describedby="news-count">${icon("bell")}<span class="visually-hidden">${t("Notifications")}</span><span class="bell__badge" aria-hidden="true" hidden></span></button>
      <span id="news-count" class="visually-hidden"></span>
      <div class="bell__sheet" id="news" popover aria-label="${t("Notifications")}" role="dialog"></div>`);
    const sheet = this.#sheet;
    sheet.addEventListener("toggle", (event) => event.newState === "open" && this.#list());
    sheet.addEventListener("click", (event) => this.#clicked(event));
    const { signal } = this.#stop;
    news.onNewsRead(() => this.refresh({ anyway: true }), signal);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.refresh(), { signal });
    this.#timer = setInterval(() => document.visibilityState === "visible" && this.refresh({ anyway: true }), LOOK_EVERY_MS);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    this.#stop.abort();
  }

  /** Counts anew, unless that was done a moment ago. */
  async refresh({ anyway = false } = {}) {
    if (!anyway && performance.now() - this.#lookedAt < LOOK_EVERY_MS / 4) return;
    this.#lookedAt = performance.now();
    const count = await news.countUnread(this.#app.api, { signal: this.#stop.signal }).catch(() => null);
    if (count === null || !this.isConnected) return;
    if (count > this.#unread && this.#unread >= 0 && this.dataset.known) this.#app.announce(tn("{n} new notification", "{n} new notifications", count));
    this.dataset.known = "yes";
    this.#show(count);
  }

  get #sheet() {
    return this.querySelector(".bell__sheet");
  }

  #show(count) {
    this.#unread = count;
    const mark = this.querySelector(".bell__badge");
    mark.hidden = count === 0;
    mark.textContent = badge(count);
    this.querySelector("#news-count").textContent = count ? tn("{n} unread", "{n} unread", count) : t("Nothing new");
  }

  async #list() {
    render(this.#sheet, html`<div class="bell__head"><h2>${t("Notifications")}</h2></div><p class="muted bell__note" role="status">${t("Loading…")}</p>`);
    try {
      const items = await news.newest(this.#app.api, { limit: SHOWN }, { signal: this.#stop.signal });
      render(this.#sheet, sheet(items, Date.now()));
    } catch (error) {
      if (error.name !== "AbortError") render(this.#sheet, html`<p class="bell__note" role="alert">${error.message}</p>`);
    }
  }

  async #clicked(event) {
    const link = event.target.closest("[data-news]");
    if (link?.dataset.unread) {
      news.markRead(this.#app.api, link.dataset.news).then(() => this.refresh({ anyway: true }), () => {});
    }
    if (event.target.closest("a")) this.#sheet.hidePopover();
    if (event.target.closest("[data-read-all]")) {
      await news.markAllRead(this.#app.api).catch((error) => this.#app.announce(error.message, { urgent: true }));
      await Promise.all([this.#list(), this.refresh({ anyway: true })]);
      this.#sheet.querySelector("a")?.focus();
    }
  }
}

function sheet(items, nowMs) {
  const unread = items.some((item) => !item.read_at);
  return html`<div class="bell__head"><h2>${t("Notifications")}</h2>${unread ? html`<button class="link-button" type="button" data-read-all>${t("Mark all as read")}</button>` : null}</div>
    ${items.length ? html`<ul class="news">${items.map((item) => newsItem(item, nowMs))}</ul>` : html`<p class="muted bell__note">${t("Nothing yet. What concerns you will be here.")}</p>`}
    <p class="bell__foot"><a href="/notifications">${t("All notifications")}</a><a href="/notifications/preferences">${t("What you are told")}</a></p>`;
}

/** One notification as a link; also for the page of all. */
export function newsItem(item, nowMs) {
  return html`<li class="news__item ${item.read_at ? "" : "news__item--new"}">
    <span class="news__icon news__icon--${item.kind}">${icon(iconOf(item.kind))}</span>
    <div class="news__text">
      <a class="stretched" href="${item.path || "/notifications"}" data-news="${item.id}" data-unread="${item.read_at ? "" : "yes"}">${item.title}</a>
      ${item.body ? html`<p>${item.body}</p>` : null}
      <small><time datetime="${item.created_at}">${ago(item.created_at, nowMs)}</time>${item.read_at ? null : html`<span class="visually-hidden"> ${t("unread")}</span>`}</small>
    </div>
  </li>`;
}

customElements.define("notification-bell", NotificationBell);
