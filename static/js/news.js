/** The reads and writes of notifications. */

import { MOST_COUNTED } from "./notifications_model.js";

const FIELDS = "id,kind,title,body,path,created_at,read_at";

export function newest(api, { limit, before = null }, options) {
  const query = { select: FIELDS, order: "created_at.desc,id", limit: String(limit) };
  if (before) query.created_at = `lt.${before}`;
  return api.rows("notifications", query, options);
}

/** How many are unread; counts no further than one more than a badge can say. */
export async function countUnread(api, options) {
  const query = { select: "id", read_at: "is.null", limit: String(MOST_COUNTED + 1) };
  return (await api.rows("notifications", query, options)).length;
}

export function markRead(api, id) {
  return api.update("notifications", { id: `eq.${id}`, read_at: "is.null" }, { read_at: new Date().toISOString() });
}

export function markAllRead(api) {
  return api.update("notifications", { read_at: "is.null" }, { read_at: new Date().toISOString() });
}

const CHANGED = "callx.news";

/** Tells the bell that something was read elsewhere on the page. */
export function tellNewsRead() {
  document.dispatchEvent(new CustomEvent(CHANGED));
}

export function onNewsRead(listener, signal) {
  document.addEventListener(CHANGED, listener, { signal });
}
