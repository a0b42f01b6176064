/** The audit log as it is asked for and read. PURE. */

export const SHOWN_AT_ONCE = 50;

/** What was chosen, from an address: `{actor, action, from, to}`. */
export function viewOf(query) {
  const day = (name) => (/^\d{4}-\d{2}-\d{2}$/.test(query.get(name) ?? "") ? query.get(name) : "");
  return { actor: query.get("actor") ?? "", action: query.get("action") ?? "", from: day("from"), to: day("to") };
}

export function queryOf(view) {
  return new URLSearchParams(Object.entries(view).filter(([, value]) => value));
}

/**
 * The request for events, the newest first; `before` is the id of the last one that is shown. An action may be given by
 * its beginning. Days are those of the browser, and both belong to it.
 */
export function askedFor(view, before = null) {
  const and = [];
  if (view.from) and.push(`at.gte.${new Date(`${view.from}T00:00:00`).toISOString()}`);
  if (view.to) and.push(`at.lt.${nextDay(view.to).toISOString()}`);
  if (before !== null) and.push(`id.lt.${before}`);
  return {
    select: "id,at,actor_id,actor_role,action,subject_kind,subject_id,details,request_id",
    order: "id.desc",
    limit: SHOWN_AT_ONCE,
    ...(view.actor ? { actor_id: `eq.${view.actor}` } : {}),
    ...(view.action ? { action: `like.${view.action.replace(/[*%\\,()"]/g, "")}*` } : {}),
    ...(and.length ? { and: `(${and.join(",")})` } : {}),
  };
}

function nextDay(day) {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + 1);
  return date;
}

/** The details of an event as lines `{name, before, after}`; what was not changed, but told, has `before` null. */
export function detailLines(details) {
  const { changed = {}, ...rest } = details ?? {};
  const changes = Object.entries(changed).map(([name, pair]) => (Array.isArray(pair) ? { name, before: said(pair[0]), after: said(pair[1]) } : { name, before: null, after: said(pair) }));
  return [...changes, ...Object.entries(rest).map(([name, value]) => ({ name, before: null, after: said(value) }))];
}

function said(value) {
  if (value === null || value === undefined) return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
