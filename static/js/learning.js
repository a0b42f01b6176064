/** The reads of /rest/v1 that the pages need, each one request with nested embeds. */

import { one } from "./api.js";
import { missing } from "./pages/states.js";
import { quizOfLesson } from "./quiz_model.js";
import { withLocks } from "./progress.js";

const OUTLINE = "modules(id,title,description,order_index,lessons(id,title,lesson_type,order_index))";
const SIMULATION =
  "simulations(id,scenario_description,passing_grade,simulation_scenarios(title,customer_name,customer_card,goals))";

const QUIZ =
  "quizzes(id,passing_grade,max_attempts,cool_down_minutes,draw_count,time_limit_minutes,needs_start,shuffle_questions,shuffle_answers,review,counts,quiz_questions(id,question_text,question_type,order_index,quiz_answers(id,answer_text,order_index)))";

const FILES =
  "video_url,must_watch,lesson_videos(state,duration_ms),lesson_attachments(id,file_name,file_path,file_size,kind,language,label)";

/** Every course with its modules in order, each with its lock and its counts; see withLocks. */
export async function courses(api, options) {
  const query = { select: `id,title,description,${OUTLINE}`, is_active: "eq.true", order: "title.asc" };
  const [rows, locks] = await Promise.all([api.rows("products", query, options), moduleLocks(api, {}, options)]);
  return rows.map((row) => withLocks(row, locks));
}

export async function course(api, id, options) {
  const select = `id,title,description,${OUTLINE}`;
  const [row, locks] = await Promise.all([
    firstById(api, "products", id, select, options),
    moduleLocks(api, { product_id: `eq.${id}` }, options),
  ]);
  return withLocks(found(row), locks);
}

/** What is locked, and how much is done: lessons behind a lock are counted here and embedded nowhere. */
function moduleLocks(api, filter, options) {
  const select = "module_id,is_locked,total_lessons,completed_lessons";
  return api.rows("module_locks", { select, ...filter }, options);
}

export async function lesson(api, id, options) {
  const select = `id,title,lesson_type,text_content,order_index,modules(id,title,product_id),${SIMULATION},${QUIZ},${FILES}`;
  const row = found(await firstById(api, "lessons", id, select, options));
  const simulation = one(row.simulations);
  if (simulation) simulation.scenario = one(simulation.simulation_scenarios);
  const files = { video: one(row.lesson_videos), attachments: row.lesson_attachments };
  return { ...row, ...files, module: one(row.modules), simulation, quiz: quizOfLesson(row.quizzes) };
}

/** Own courses with their state, those to be done first coming first; see get-my-courses. */
export async function myCourses(api, options) {
  return (await api.invoke("get-my-courses", {}, options)).courses;
}

/** The calls among the open lessons: each with its module and `{title, customer_name}` of its scenario. */
export async function callLessons(api, options) {
  const simulation = "simulations(id,simulation_scenarios(title,customer_name))";
  const select = `id,title,modules(id,title,product_id,order_index),${simulation}`;
  const rows = await api.rows("lessons", { select, lesson_type: "eq.simulation", limit: "100" }, options);
  return rows
    .map((row) => ({ ...row, module: one(row.modules), scenario: one(one(row.simulations)?.simulation_scenarios) }))
    .sort((left, right) => left.module.order_index - right.module.order_index);
}

/** Own attempts at all simulations, newest first. */
export function newestAttempts(api, limit, options) {
  const select = "id,call_id,overall_score,passed,attempted_at,simulation_id,simulations(simulation_scenarios(title,customer_name))";
  const mine = { user_id: `eq.${api.login.user.id}`, order: "attempted_at.desc", limit: String(limit) };
  return api.rows("simulation_attempts", { select, ...mine }, options);
}

/** Attempts of `userId` at one simulation, oldest first. */
export function attemptsAt(api, simulationId, userId, options) {
  const whose = { simulation_id: `eq.${simulationId}`, user_id: `eq.${userId}`, order: "attempted_at", limit: "200" };
  return api.rows("simulation_attempts", { select: "id,call_id,overall_score,passed,attempted_at", ...whose }, options);
}

/** Own certificates with their course and with every earlier one. */
export function myCertificates(api, options) {
  const select = "id,product_id,code,issued_at,expires_at,revoked_at,shown_name,certificate_url,products(title),certificate_issues(*)";
  return api.rows("certifications", { select, user_id: `eq.${api.login.user.id}`, order: "issued_at.desc" }, options);
}

/** The ids of the lessons that the signed-in person has completed. */
export async function completedIds(api, options) {
  const query = { select: "lesson_id", user_id: `eq.${api.login.user.id}` };
  const rows = await api.rows("lesson_completions", query, options);
  return new Set(rows.map((row) => row.lesson_id));
}

export function complete(api, lessonId) {
  return api.insert("lesson_completions", { user_id: api.login.user.id, lesson_id: lessonId });
}

/** Own attempts of one simulation, newest first. */
export function attempts(api, simulationId, options) {
  return api.rows(
    "simulation_attempts",
    {
      select: "id,call_id,overall_score,passed,empathy_score,mode,duration_ms,attempted_at",
      simulation_id: `eq.${simulationId}`,
      user_id: `eq.${api.login.user.id}`,
      order: "attempted_at.desc",
    },
    options,
  );
}

/** Own attempts of one quiz, newest first. */
export function quizAttempts(api, quizId, options) {
  const query = { quiz_id: `eq.${quizId}`, user_id: `eq.${api.login.user.id}`, order: "attempted_at.desc" };
  return api.rows("quiz_attempts", { select: "id,score,passed,attempted_at", ...query }, options);
}

/** The graded attempt; the score and the pass that are sent count for nothing. */
export function handInQuiz(api, quizId, answers) {
  const row = { user_id: api.login.user.id, quiz_id: quizId, score: 0, passed: false, answers };
  return api.inserted("quiz_attempts", row, "id,score,passed,answers,attempted_at");
}

/** Own calls, newest first, with what became of them. */
export function myCalls(api, options) {
  const simulation = "simulations(id,lesson_id,simulation_scenarios(title,customer_name))";
  return api.rows(
    "calls",
    {
      select: `id,state,mode,created_at,duration_ms,end_reason,${simulation},evaluations(state),simulation_attempts(overall_score,passed)`,
      user_id: `eq.${api.login.user.id}`,
      order: "created_at.desc",
    },
    options,
  );
}

/** `{title, customer_name, customer_card, goals, lesson_id}` of a simulation, for pages that start from a call; null if it is gone. */
export async function simulationOf(api, simulationId, options) {
  const select = "id,lesson_id,passing_grade,simulation_scenarios(title,customer_name,customer_card,goals)";
  const row = await firstById(api, "simulations", simulationId, select, options);
  return row && { lesson_id: row.lesson_id, ...one(row.simulation_scenarios) };
}

export async function recordingState(api, callId, options) {
  const row = await api.firstRow("recordings", { select: "state,duration_ms", call_id: `eq.${callId}` }, options);
  return row?.state ?? null;
}

function firstById(api, table, id, select, options) {
  if (!/^[0-9a-f-]{36}$/i.test(id)) throw missing();
  return api.firstRow(table, { select, id: `eq.${id}` }, options);
}

function found(row) {
  if (!row) throw missing();
  return row;
}
