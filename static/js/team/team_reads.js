/** What the manager's pages read. */

const EXPIRING_DAYS = 30;
const MOST_PEOPLE = 200;

/** The managers whose team an admin can look at: `[{id, full_name}]` by name. */
export async function managers(api, options) {
  const rows = await api.rows("user_roles", { select: "user_id", role: "eq.manager" }, options);
  if (!rows.length) return [];
  const ids = rows.map((row) => row.user_id).join(",");
  return api.rows("profiles", { select: "id,full_name", id: `in.(${ids})`, order: "full_name" }, options);
}

/**
 * Whose team is looked at: `{managers, manager}`; a manager's own is `{managers: [], manager: null}`, an admin's choice
 * comes from `?manager=`. `manager` is undefined for an admin while there is no manager at all.
 */
export async function teamOf(app, query, options) {
  const me = await app.me.get();
  if (!me.roles.includes("admin")) return { managers: [], manager: null };
  const all = await managers(app.api, options);
  return { managers: all, manager: all.find((one) => one.id === query.get("manager")) ?? all[0] };
}

export function progress(api, managerId, options) {
  return api.invoke("get-team-progress", managerId ? { manager_id: managerId } : {}, options);
}

export function scores(api, managerId, filter, options) {
  return api.invoke("get-team-scores", { ...(managerId ? { manager_id: managerId } : {}), limit: MOST_PEOPLE, ...filter }, options);
}

/** The ids of those with a certificate that ends within thirty days. */
export async function expiring(api, nowMs, options) {
  const until = new Date(nowMs + EXPIRING_DAYS * 86_400_000).toISOString();
  const query = { select: "user_id", revoked_at: "is.null", and: `(expires_at.gt.${new Date(nowMs).toISOString()},expires_at.lt.${until})` };
  const rows = await api.rows("certifications", query, options);
  return new Set(rows.map((row) => row.user_id));
}

export function products(api, options) {
  return api.rows("products", { select: "id,title", is_active: "eq.true", order: "title" }, options);
}
