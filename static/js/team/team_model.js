/** Which people of a team are shown, in which order, and how that stands in the address. PURE. */

import { t } from "../lib/i18n.js";
import { hasWords } from "../lib/plain.js";

/** What can be chosen; `fits(agent, expiring)` says who belongs to it. */
export const SHOWS = {
  certified: { word: () => t("Certified"), fits: (agent) => agent.certification_status === "Certified" },
  in_progress: { word: () => t("In progress"), fits: (agent) => agent.certification_status === "In Progress" },
  not_started: { word: () => t("Not started"), fits: (agent) => agent.certification_status === "Not Started" },
  overdue: { word: () => t("Overdue"), fits: (agent) => agent.products.past_due > 0 },
  did_not_pass: { word: () => t("Did not pass"), fits: (agent) => agent.products.did_not_pass > 0 },
  expiring: { word: () => t("Expiring in 30 days"), fits: (agent, expiring) => expiring.has(agent.user_id) },
};

const ATTENTION = ["Did not pass", "Past due", "In progress", "Not started", "Completed"];
const LAST = Number.POSITIVE_INFINITY;

const KEYS = {
  name: (agent) => agent.full_name,
  status: (agent) => ATTENTION.indexOf(agent.status),
  progress: (agent) => agent.overall_progress,
  due: (agent) => (agent.due_at ? Date.parse(agent.due_at) : LAST),
  score: (agent, scores) => scores.get(agent.user_id)?.latest ?? -1,
  activity: (agent) => (agent.last_activity ? Date.parse(agent.last_activity) : 0),
};
const SORTS = Object.keys(KEYS);

/** `{show, q, sort, down}` from the address; what it does not know is left out. */
export function viewOf(query) {
  const [show, sort] = [query.get("show"), query.get("sort")];
  return {
    show: show in SHOWS ? show : null,
    q: query.get("q") ?? "",
    sort: SORTS.includes(sort) ? sort : "name",
    down: query.get("down") === "1",
  };
}

/** The address of a view; what is as it is anyway is left out. */
export function queryOf({ show, q, sort, down }) {
  const query = new URLSearchParams();
  if (show) query.set("show", show);
  if (q) query.set("q", q);
  if (sort !== "name") query.set("sort", sort);
  if (down) query.set("down", "1");
  return query;
}

/** The people of a view. `expiring` is a Set of ids, `scores` a Map from ids to `{latest, best}`. */
export function chosen(agents, view, { expiring = new Set(), scores = new Map() } = {}) {
  const fits = view.show ? SHOWS[view.show].fits : () => true;
  const found = agents.filter((agent) => fits(agent, expiring) && hasWords(agent.full_name, view.q));
  const key = KEYS[view.sort];
  const sign = view.down ? -1 : 1;
  return found.sort((left, right) => sign * compare(key(left, scores), key(right, scores)) || compare(left.full_name, right.full_name));
}

/** A click on a heading: the same one turns the order round. */
export function sortedBy(view, sort) {
  return { ...view, sort, down: view.sort === sort ? !view.down : ["progress", "score", "activity"].includes(sort) };
}

function compare(left, right) {
  if (typeof left === "string") return left.localeCompare(right);
  return left === right ? 0 : left < right ? -1 : 1;
}

/** 0 to 4 of a score, for its colour. */
export function heatOf(score) {
  return score >= 90 ? 4 : score >= 80 ? 3 : score >= 65 ? 2 : score >= 50 ? 1 : 0;
}

/** A place in words as points, so that words have a colour too: the worst 0, the best 100, what is between them good. */
export function pointsOf(dimension, value) {
  if (dimension.kind !== "words") return value;
  if (value === 0) return 0;
  return value === dimension.words.length - 1 ? 100 : 80;
}

/** A row of the heat map without gaps: null where somebody was never assessed. */
export function cellsOf(person, dimensions) {
  return dimensions.map((dimension) => person.scores[dimension.key] ?? null);
}

/** The mean of a column over those who were assessed, of words the word below it; null for nobody. */
export function meanOf(people, dimension, which) {
  const values = people.map((person) => person.scores[dimension.key]?.[which]).filter((value) => value !== undefined);
  if (!values.length) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return dimension.kind === "words" ? Math.floor(mean) : Math.round(mean);
}
