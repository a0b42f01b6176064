/** A course as administrators see it: drafts, order, what is wrong, what a change means for people. PURE. */

import { inOrder } from "../../api.js";
import { tn } from "../../lib/i18n.js";
import { hasWords } from "../../lib/plain.js";

export const COURSE_SELECT = "id,key,title,description,status,updated_at,modules(id,title,status,order_index,updated_at,lessons(id,title,lesson_type,status,order_index,updated_at))";

/** The row of COURSE_SELECT with modules and lessons in their order. */
export function courseOf(row) {
  return { ...row, modules: inOrder(row.modules).map((module) => ({ ...module, lessons: inOrder(module.lessons) })) };
}

/** `{modules, lessons, drafts}`; drafts counts modules and lessons. */
export function sizeOf(course) {
  const lessons = course.modules.flatMap((module) => module.lessons);
  const drafts = [...course.modules, ...lessons].filter((part) => part.status === "draft").length;
  return { modules: course.modules.length, lessons: lessons.length, drafts };
}

/** The `order_index` to move the row `id` to, one place `up` or down among `siblings`; null at the end. */
export function placeBeside(siblings, id, up) {
  const place = siblings.findIndex((row) => row.id === id);
  return siblings[place + (up ? -1 : 1)]?.order_index ?? null;
}

/** Where something new goes: behind all. */
export function nextPlace(siblings) {
  return siblings.reduce((most, row) => Math.max(most, row.order_index + 1), 0);
}

/** Rows of the list in `view` (`{state, q}`): what is there by title, and what is archived. */
export function chosenCourses(courses, archived, { state, q }) {
  const all = [...courses.map((course) => ({ ...course, state: course.status })), ...archived.map((row) => ({ ...row, state: "archived" }))];
  return all.filter((row) => (!state || row.state === state) && hasWords(row.title, q ?? "")).sort((left, right) => left.title.localeCompare(right.title));
}

/** Findings with errors first; `{errors, warnings, sorted}`. */
export function weighed(findings) {
  const errors = findings.filter((finding) => finding.severity === "error");
  const warnings = findings.filter((finding) => finding.severity !== "error");
  return { errors: errors.length, warnings: warnings.length, sorted: [...errors, ...warnings] };
}

const IMPACTS = {
  new_lessons: (n) => tn("{n} lesson is new for everybody.", "{n} lessons are new for everybody.", n),
  removed_lessons: (n) => tn("{n} lesson is not there any more.", "{n} lessons are not there any more.", n),
  people_begun: (n) => tn("{n} person is in it.", "{n} people are in it.", n),
  people_certified: (n) => tn("{n} person is certified and stays so.", "{n} people are certified and stay so.", n),
  finished_with_more_to_do: (n) => tn("{n} person had finished and has more to do now.", "{n} people had finished and have more to do now.", n),
  finished_by_this: (n) => tn("{n} person has finished by this.", "{n} people have finished by this.", n),
  open_quiz_attempts: (n) => tn("{n} quiz is under way, and can be handed in.", "{n} quizzes are under way, and can be handed in.", n),
  open_calls: (n) => tn("{n} call is under way, and goes on to its end.", "{n} calls are under way, and go on to their end.", n),
};

/** What a change means for people, as sentences; none when nobody is concerned. */
export function impactLines(impact) {
  return Object.entries(IMPACTS).filter(([key]) => impact?.[key] > 0).map(([key, say]) => say(impact[key]));
}
