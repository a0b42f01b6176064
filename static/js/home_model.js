/** What is the next thing to do, from what the server knows. PURE. */

import { one } from "./api.js";

const DAY_MS = 86_400_000;
const NEAR_EXPIRY_DAYS = 60;

/** The course to go on with: one that was begun, else the first in which something is open; null when all is done. */
export function courseToContinue(courses) {
  const open = courses.filter((course) => course.next_lesson);
  return open.find((course) => course.completed_lessons > 0) ?? open[0] ?? null;
}

/** What has a due date and is not complete, the earliest first. */
export function dueCourses(courses) {
  return courses
    .filter((course) => course.due_at && course.status !== "Completed")
    .sort((left, right) => Date.parse(left.due_at) - Date.parse(right.due_at));
}

/** The first call that was never passed, in the order of the courses; else null. `lessons` are of the type simulation. */
export function nextCall(lessons, doneIds, courses) {
  const place = new Map(courses.map((course, index) => [course.product_id, index]));
  const placeOf = (lesson) => place.get(lesson.module.product_id) ?? courses.length;
  const open = lessons.filter((lesson) => !doneIds.has(lesson.id));
  return [...open].sort((left, right) => placeOf(left) - placeOf(right))[0] ?? null;
}

/** The newest attempt with `delta` to the one before at the same simulation, and `best` before it; null without attempts. */
export function lastReport(attempts) {
  const [last] = attempts;
  if (!last) return null;
  const before = attempts.slice(1).filter((attempt) => attempt.simulation_id === last.simulation_id);
  const scores = before.map((attempt) => attempt.overall_score);
  return {
    ...last,
    scenario: one(one(last.simulations)?.simulation_scenarios),
    delta: before.length ? last.overall_score - scores[0] : null,
    best: before.length ? Math.max(...scores) : null,
  };
}

/** `valid`, `expiring`, `expired` or `revoked`; a certificate without an end is always valid. */
export function certificateState({ expires_at, revoked_at }, nowMs) {
  if (revoked_at) return "revoked";
  if (!expires_at) return "valid";
  const leftMs = Date.parse(expires_at) - nowMs;
  if (leftMs <= 0) return "expired";
  return leftMs < NEAR_EXPIRY_DAYS * DAY_MS ? "expiring" : "valid";
}

/** How many lessons are left, and in how many courses; a course that a certificate completes has none left. */
export function whatIsLeft(courses) {
  const open = courses.filter((course) => course.status !== "Completed" && course.completed_lessons < course.total_lessons);
  const lessons = open.reduce((sum, course) => sum + course.total_lessons - course.completed_lessons, 0);
  return { lessons, courses: open.length };
}
