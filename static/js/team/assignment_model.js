/** Who has to take which course until when, and how far they are. PURE. */

import { hasWords } from "../lib/plain.js";

/**
 * The rows of the list: each assignment with `who` (a name, or null for the whole team), `title`, `state` and counts.
 * `agents` are those of get-team-progress for that product, by the product's id.
 */
export function rowsOf(assignments, { names, titles, agentsByProduct, nowMs }) {
  return assignments.map((assignment) => {
    const agents = agentsByProduct.get(assignment.product_id) ?? [];
    const concerned = assignment.user_id ? agents.filter((agent) => agent.user_id === assignment.user_id) : agents;
    const counts = countsOf(concerned);
    return {
      ...assignment,
      who: assignment.user_id ? (names.get(assignment.user_id) ?? null) : null,
      isTeam: !assignment.user_id,
      title: titles.get(assignment.product_id) ?? "",
      counts,
      state: stateOf(assignment, counts, nowMs),
    };
  });
}

function countsOf(agents) {
  const of = (status) => agents.filter((agent) => agent.status === status).length;
  return { total: agents.length, completed: of("Completed"), inProgress: of("In progress"), notStarted: of("Not started"), pastDue: of("Past due"), failed: of("Did not pass") };
}

/** `done`, `late`, `failed` or `open`. */
function stateOf({ due_at }, counts, nowMs) {
  if (counts.total > 0 && counts.completed === counts.total) return "done";
  if (counts.failed) return "failed";
  return due_at && Date.parse(due_at) < nowMs ? "late" : "open";
}

/** The rows of `view` (`{state, q}`), those that are due first coming first. */
export function chosenRows(rows, { state, q }) {
  return rows
    .filter((row) => (!state || row.state === state) && hasWords(`${row.title} ${row.who ?? ""}`, q ?? ""))
    .sort((left, right) => dueOf(left) - dueOf(right) || left.title.localeCompare(right.title));
}

function dueOf({ due_at }) {
  return due_at ? Date.parse(due_at) : Number.MAX_SAFE_INTEGER;
}

/** The end of a day in the browser's zone as the server's time; null for no day. `day` is `2026-12-24`. */
export function endOfDay(day) {
  return day ? new Date(`${day}T23:59:59`).toISOString() : null;
}

/** The day of a time in the browser's zone, for a field of the type date. */
export function dayOf(iso) {
  if (!iso) return "";
  const date = new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/**
 * What is wrong with a new assignment: `{field, code}`, or null. `value` is `{productId, whole, people, day}`; `known`
 * are the rows that exist.
 */
export function gapIn({ productId, whole, people, day }, known, todayDay) {
  if (!productId) return { field: "product", code: "no_product" };
  if (!whole && !people.length) return { field: "people", code: "nobody" };
  if (day && day < todayDay) return { field: "day", code: "past" };
  const taken = known.filter((row) => row.product_id === productId);
  if (whole && taken.some((row) => !row.user_id)) return { field: "product", code: "team_has_it" };
  return null;
}

/** The people of `people` who have an assignment of their own for this product already. */
export function alreadyAssigned(productId, people, known) {
  return known.filter((row) => row.product_id === productId && people.includes(row.user_id)).map((row) => row.user_id);
}
