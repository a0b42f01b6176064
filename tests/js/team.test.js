import assert from "node:assert/strict";
import { test } from "node:test";

import { alreadyAssigned, chosenRows, dayOf, endOfDay, gapIn, rowsOf } from "../../static/js/team/assignment_model.js";
import { hasWords } from "../../static/js/lib/plain.js";
import { allowanceOf, bySimulation, sparkline, toggled } from "../../static/js/team/person_model.js";
import { chosen, heatOf, meanOf, pointsOf, queryOf, SHOWS, sortedBy, viewOf } from "../../static/js/team/team_model.js";

const agent = (id, more) => ({ user_id: id, full_name: id, certification_status: "In Progress", status: "In progress", overall_progress: 0, due_at: null, last_activity: null, products: { past_due: 0, did_not_pass: 0 }, ...more });
const CHLOE = agent("Chloé Laurent", { certification_status: "Certified", status: "Completed", overall_progress: 100 });
const BEN = agent("Ben Ode", { status: "Past due", overall_progress: 20, due_at: "2026-11-20T00:00:00Z", products: { past_due: 1, did_not_pass: 0 } });
const ADA = agent("Ada Bell", { certification_status: "Not Started", status: "Not started", due_at: "2026-12-20T00:00:00Z" });
const ALL = [CHLOE, BEN, ADA];
const names = (view, known) => chosen(ALL, { ...viewOf(new URLSearchParams()), ...view }, known).map((one) => one.full_name);

test("a view goes into the address and comes back", () => {
  const view = { show: "overdue", q: "ben", sort: "progress", down: true };
  assert.deepEqual(viewOf(queryOf(view)), view);
  assert.equal(queryOf({ show: null, q: "", sort: "name", down: false }).toString(), "");
  assert.deepEqual(viewOf(new URLSearchParams("show=everything&sort=height")), { show: null, q: "", sort: "name", down: false });
});

test("people are found without case and marks, by every word", () => {
  assert.deepEqual(names({ q: "chloe" }), ["Chloé Laurent"]);
  assert.deepEqual(names({ q: "LAURENT chl" }), ["Chloé Laurent"]);
  assert.deepEqual(names({ q: "chloe bell" }), []);
});

test("each tile shows those that it counts", () => {
  assert.deepEqual(Object.keys(SHOWS).map((show) => names({ show }, { expiring: new Set(["Ada Bell"]) })), [["Chloé Laurent"], ["Ben Ode"], ["Ada Bell"], ["Ben Ode"], [], ["Ada Bell"]]);
});

test("the order is that of the heading, and turns round", () => {
  assert.deepEqual(names({ sort: "progress", down: true }), ["Chloé Laurent", "Ben Ode", "Ada Bell"]);
  assert.deepEqual(names({ sort: "due" }), ["Ben Ode", "Ada Bell", "Chloé Laurent"]);
  assert.deepEqual(names({ sort: "status" }), ["Ben Ode", "Ada Bell", "Chloé Laurent"]);
  assert.deepEqual(names({ sort: "score", down: true }, { scores: new Map([["Ada Bell", { latest: 50 }]]) })[0], "Ada Bell");
  assert.deepEqual(sortedBy({ sort: "name", down: false }, "name"), { sort: "name", down: true });
  assert.equal(sortedBy({ sort: "name", down: true }, "score").down, true);
});

test("words and points have one scale of colours", () => {
  const words = { key: "empathy", kind: "words", words: ["Needs Improvement", "Good", "Excellent"] };
  assert.deepEqual([0, 1, 2].map((place) => heatOf(pointsOf(words, place))), [0, 3, 4]);
  assert.deepEqual([49, 50, 65, 80, 90].map(heatOf), [0, 1, 2, 3, 4]);
  const people = [2, 0, 2, 2].map((latest) => ({ scores: { empathy: { latest } } }));
  assert.equal(meanOf(people, words, "latest"), 1);
  assert.equal(meanOf([{ scores: {} }], words, "latest"), null);
  assert.equal(meanOf([{ scores: { overall: { best: 70 } } }, { scores: { overall: { best: 81 } } }], { key: "overall", kind: "points" }, "best"), 76);
});

test("attempts stand by simulation, with the first, the latest and the best", () => {
  const attempts = [3, 9, 5].map((overall_score, place) => ({ id: String(place), simulation_id: place === 1 ? "b" : "a", title: "T", overall_score }));
  const groups = bySimulation(attempts);
  assert.deepEqual(groups.map((group) => [group.simulation_id, group.first, group.latest, group.best]), [["a", 5, 3, 5], ["b", 9, 9, 9]]);
});

test("a line needs two scores and keeps within its box", () => {
  assert.equal(sparkline([50]), null);
  const line = sparkline([0, 100], 100, 20);
  assert.equal(line.points, "3,17 97,3");
  assert.deepEqual(line.last, [97, 3]);
});

test("only attempts of one simulation are compared, five at most", () => {
  const attempt = (id, simulation_id = "a") => ({ id, simulation_id });
  let picked = ["1", "2", "3", "4", "5", "6"].reduce((list, id) => toggled(list, attempt(id)), []);
  assert.deepEqual(picked.map((one) => one.id), ["2", "3", "4", "5", "6"]);
  assert.deepEqual(toggled(picked, attempt("3")).map((one) => one.id), ["2", "4", "5", "6"]);
  assert.deepEqual(toggled(picked, attempt("x", "b")).map((one) => one.id), ["x"]);
});

test("an allowance is attempts, per cent and no limit", () => {
  assert.deepEqual(allowanceOf({ extra_attempts: 2, time_factor: "1.25", is_untimed: false }), { extraAttempts: 2, percentMore: 25, isUntimed: false });
});

const NOW = Date.parse("2026-11-24T12:00:00Z");
const ROWS = rowsOf(
  [
    { id: "1", product_id: "p", user_id: "u", due_at: "2026-11-20T00:00:00Z" },
    { id: "2", product_id: "p", user_id: null, due_at: "2026-12-20T00:00:00Z" },
    { id: "3", product_id: "q", user_id: "v", due_at: null },
  ],
  {
    names: new Map([["u", "Uma"], ["v", "Vic"]]),
    titles: new Map([["p", "Billing"], ["q", "Refunds"]]),
    agentsByProduct: new Map([["p", [{ user_id: "u", status: "Past due" }, { user_id: "v", status: "Completed" }]], ["q", [{ user_id: "v", status: "Completed" }]]]),
    nowMs: NOW,
  },
);

test("an assignment is open, late or done, for a person or a team", () => {
  assert.deepEqual(ROWS.map((row) => [row.who, row.isTeam, row.state, row.counts.total]), [["Uma", false, "late", 1], [null, true, "open", 2], ["Vic", false, "done", 1]]);
  assert.deepEqual(chosenRows(ROWS, { state: null, q: "" }).map((row) => row.id), ["1", "2", "3"]);
  assert.deepEqual(chosenRows(ROWS, { state: "late", q: "" }).map((row) => row.id), ["1"]);
  assert.deepEqual(chosenRows(ROWS, { state: null, q: "vic ref" }).map((row) => row.id), ["3"]);
});

test("an assignment needs a course, somebody, and a day to come", () => {
  const value = { productId: "p", whole: false, people: ["u"], day: "2026-11-25" };
  assert.equal(gapIn(value, ROWS, "2026-11-24"), null);
  assert.equal(gapIn({ ...value, productId: "" }, ROWS, "2026-11-24").code, "no_product");
  assert.equal(gapIn({ ...value, people: [] }, ROWS, "2026-11-24").code, "nobody");
  assert.equal(gapIn({ ...value, day: "2026-11-23" }, ROWS, "2026-11-24").code, "past");
  assert.equal(gapIn({ ...value, whole: true }, ROWS, "2026-11-24").code, "team_has_it");
  assert.deepEqual(alreadyAssigned("p", ["u", "v"], ROWS), ["u"]);
});

test("a due day ends with the day", () => {
  assert.equal(dayOf(endOfDay("2026-12-24")), "2026-12-24");
  assert.equal(endOfDay(""), null);
  assert.equal(dayOf(null), "");
});

test("words are found in any order, without case and marks", () => {
  assert.equal(hasWords("Sorry, Zoë: it is refunded.", "REFUND zoe"), true);
  assert.equal(hasWords("Sorry", "sorry zoe"), false);
  assert.equal(hasWords("", "  "), true);
});
