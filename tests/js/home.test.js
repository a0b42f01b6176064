import assert from "node:assert/strict";
import { test } from "node:test";

import { certificateState, courseToContinue, dueCourses, lastReport, nextCall, whatIsLeft } from "../../static/js/home_model.js";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const course = (id, more) => ({ product_id: id, completed_lessons: 0, total_lessons: 4, status: "Not started", due_at: null, next_lesson: { lesson_id: id }, ...more });

test("what was begun goes on before what is new", () => {
  const courses = [course("a"), course("b", { completed_lessons: 1 }), course("c", { next_lesson: null, completed_lessons: 4 })];
  assert.equal(courseToContinue(courses).product_id, "b");
  assert.equal(courseToContinue([courses[0], courses[2]]).product_id, "a");
  assert.equal(courseToContinue([courses[2]]), null);
});

test("what is due is open and stands by its date", () => {
  const courses = [
    course("late", { due_at: "2026-12-09T00:00:00Z" }),
    course("soon", { due_at: "2026-11-25T00:00:00Z" }),
    course("done", { due_at: "2026-11-25T00:00:00Z", status: "Completed" }),
    course("free"),
  ];
  assert.deepEqual(dueCourses(courses).map((one) => one.product_id), ["soon", "late"]);
});

test("the next call is the first one not passed, in the order of the courses", () => {
  const lessons = [{ id: "l1", module: { product_id: "b" } }, { id: "l2", module: { product_id: "a" } }, { id: "l3", module: { product_id: "gone" } }];
  const courses = [course("a"), course("b")];
  assert.equal(nextCall(lessons, new Set(), courses).id, "l2");
  assert.equal(nextCall(lessons, new Set(["l2"]), courses).id, "l1");
  assert.equal(nextCall(lessons, new Set(["l1", "l2", "l3"]), courses), null);
});

test("the last report is compared with the call before at the same customer", () => {
  const attempts = [
    { simulation_id: "s", overall_score: 70 },
    { simulation_id: "other", overall_score: 10 },
    { simulation_id: "s", overall_score: 80 },
    { simulation_id: "s", overall_score: 95 },
  ];
  assert.deepEqual([lastReport(attempts).delta, lastReport(attempts).best], [-10, 95]);
  assert.deepEqual([lastReport(attempts.slice(0, 2)).delta, lastReport([])], [null, null]);
});

test("a certificate is valid, expiring, expired or revoked", () => {
  const states = [{ expires_at: null }, { expires_at: "2027-11-24T00:00:00Z" }, { expires_at: "2026-12-01T00:00:00Z" }, { expires_at: "2026-11-01T00:00:00Z" }, { revoked_at: "2026-11-01T00:00:00Z" }];
  assert.deepEqual(states.map((one) => certificateState(one, NOW)), ["valid", "valid", "expiring", "expired", "revoked"]);
});

test("what is left counts open courses only", () => {
  assert.deepEqual(whatIsLeft([course("a", { completed_lessons: 1 }), course("b", { completed_lessons: 4 }), course("certified", { status: "Completed" })]), { lessons: 3, courses: 1 });
});
