/** Everything that this person was told, newest first. */

import { newsItem } from "../elements/notification_bell.js";
import { daysBetween } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import * as news from "../news.js";
import { byDay } from "../notifications_model.js";
import { emptyPanel } from "./states.js";

const AT_ONCE = 50;

export async function show(main, { app, signal }) {
  document.title = `${t("Notifications")} · CallX`;
  let items = await news.newest(app.api, { limit: AT_ONCE }, { signal });
  let more = items.length === AT_ONCE;
  const draw = () => render(main, page(items, more, Date.now()));
  draw();
  main.addEventListener("click", (event) => act(event).catch((error) => app.announce(error.message, { urgent: true })), { signal });

  async function act(event) {
    const link = event.target.closest("[data-news]");
    if (link?.dataset.unread) news.markRead(app.api, link.dataset.news).then(news.tellNewsRead, () => {});
    if (event.target.closest("[data-read-all]")) {
      await news.markAllRead(app.api);
      news.tellNewsRead();
      items = items.map((item) => ({ ...item, read_at: item.read_at ?? new Date().toISOString() }));
      draw();
      app.announce(t("Everything is marked as read"));
      main.querySelector("h1").focus();
    }
    if (event.target.closest("[data-more]")) {
      const older = await news.newest(app.api, { limit: AT_ONCE, before: items.at(-1).created_at }, { signal });
      more = older.length === AT_ONCE;
      items = [...items, ...older];
      draw();
    }
  }
}

function page(items, more, nowMs) {
  const groups = byDay(items, (item) => daysBetween(Date.parse(item.created_at), nowMs));
  const unread = items.some((item) => !item.read_at);
  return html`<div class="page page--narrow">
    <header class="page-head page-head--split"><h1 tabindex="-1">${t("Notifications")}</h1>
      <div class="row">${unread ? html`<button class="button button--quiet button--small" type="button" data-read-all>${icon("check")}${t("Mark all as read")}</button>` : null}
        <a class="button button--quiet button--small" href="/notifications/preferences">${icon("gear")}${t("What you are told")}</a></div></header>
    ${groups.map(({ title, items: own }) => html`<section class="news-group"><h2>${title}</h2><ul class="news news--page">${own.map((item) => newsItem(item, nowMs))}</ul></section>`)}
    ${items.length ? null : emptyPanel({ symbol: "bell", title: t("Nothing yet"), text: t("Due dates, reports, unlocked modules and certificates will be told here.") })}
    ${more ? html`<p class="row row--center"><button class="button button--quiet" type="button" data-more>${t("Show earlier ones")}</button></p>` : null}
  </div>`;
}
