/** How far a trainee is, from courses with modules and lessons and the ids of completed lessons. PURE. */

import { inOrder } from "./api.js";

/** Every lesson of a course in order, each with its `module`. */
export function lessonsOf(course) {
  return inOrder(course.modules).flatMap((module) => inOrder(module.lessons).map((lesson) => ({ ...lesson, module })));
}

/** `{done, total, percent}` over lessons. */
export function progressOf(lessons, doneIds) {
  const done = lessons.filter((lesson) => doneIds.has(lesson.id)).length;
  return { done, total: lessons.length, percent: lessons.length ? Math.round((done / lessons.length) * 100) : 0 };
}

/** The first lesson that is not completed; null when all are. */
export function nextLesson(lessons, doneIds) {
  return lessons.find((lesson) => !doneIds.has(lesson.id)) ?? null;
}

/** The lessons before and after `lessonId`; null at the ends. */
export function neighbours(lessons, lessonId) {
  const place = lessons.findIndex((lesson) => lesson.id === lessonId);
  return { before: lessons[place - 1] ?? null, after: place < 0 ? null : (lessons[place + 1] ?? null) };
}

/** `{attempts, best, last}` of attempts sorted from the newest. */
export function attemptSummary(attempts) {
  const scores = attempts.map((attempt) => attempt.overall_score);
  return { attempts: attempts.length, best: scores.length ? Math.max(...scores) : null, last: scores[0] ?? null };
}
