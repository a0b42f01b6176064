/** How far a trainee is, from courses with modules and lessons and the ids of completed lessons. PURE. */

import { inOrder } from "./api.js";
import { t } from "./lib/i18n.js";

/**
 * The course with its modules in order and what `locks` (rows of module_locks) says of each: `{locked, waitsFor, total,
 * done}`. `waitsFor` is the title of the module that must be completed first: the last open one before it.
 */
export function withLocks(course, locks) {
  const states = new Map(locks.map((lock) => [lock.module_id, lock]));
  let open = null;
  const modules = inOrder(course.modules).map((module) => {
    const lock = states.get(module.id);
    const lessons = inOrder(module.lessons);
    const locked = Boolean(lock?.is_locked);
    if (!locked) open = module.title;
    const total = lock?.total_lessons ?? lessons.length;
    return { ...module, lessons, locked, waitsFor: locked ? open : null, total, done: lock?.completed_lessons ?? 0 };
  });
  return { ...course, modules };
}

/** Why a module is locked, as a sentence that says what to do. */
export function lockReason({ waitsFor }) {
  return waitsFor ? t("Complete “{module}” first", { module: waitsFor }) : t("Complete the module before it first");
}

/** Every lesson of a course in order, each with its `module`; lessons behind a lock are not known. */
export function lessonsOf(course) {
  return inOrder(course.modules).flatMap((module) => inOrder(module.lessons).map((lesson) => ({ ...lesson, module })));
}

/** `{done, total, percent}` over modules, with the lessons behind locks. */
export function progressOf(modules) {
  const done = modules.reduce((sum, module) => sum + module.done, 0);
  const total = modules.reduce((sum, module) => sum + module.total, 0);
  return { done, total, percent: total ? Math.floor((done / total) * 100) : 0 };
}

/** The first open lesson that is not completed; null when all are. */
export function nextLesson(lessons, doneIds) {
  return lessons.find((lesson) => !doneIds.has(lesson.id)) ?? null;
}

/**
 * The lessons before and after `lessonId`, null at the ends. `blockedBy` is the locked module that comes next: then
 * nothing is after.
 */
export function neighbours(course, lessonId) {
  const lessons = lessonsOf(course);
  const place = lessons.findIndex((lesson) => lesson.id === lessonId);
  if (place < 0) return { before: null, after: null, blockedBy: null };
  const module = lessons[place].module;
  const isLast = lessons[place + 1]?.module !== module;
  const nextModule = course.modules[course.modules.indexOf(module) + 1];
  const blockedBy = isLast && nextModule?.locked ? nextModule : null;
  return { before: lessons[place - 1] ?? null, after: blockedBy ? null : (lessons[place + 1] ?? null), blockedBy };
}

/** The titles of modules that were locked in `before` and are open in `after`; both are courses as withLocks gives them. */
export function unlocked(before, after) {
  const locked = new Set(before.modules.filter((module) => module.locked).map((module) => module.id));
  return after.modules.filter((module) => !module.locked && locked.has(module.id)).map((module) => module.title);
}

/** `{attempts, best, last}` of attempts sorted from the newest. */
export function attemptSummary(attempts) {
  const scores = attempts.map((attempt) => attempt.overall_score);
  return { attempts: attempts.length, best: scores.length ? Math.max(...scores) : null, last: scores[0] ?? null };
}
