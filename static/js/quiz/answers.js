/**
 * Answers as the page holds them: question id → value, by type an id, a list of ids, or a text. What has no value is
 * not answered. PURE.
 */

const FIELDS = {
  multiple_choice: "selected_answer_id",
  true_false: "selected_answer_id",
  multi_select: "selected_answer_ids",
  short_text: "text",
  numeric: "text",
  ordering: "ordered_answer_ids",
};

/** Whether anything is answered; an empty text and no ticked box are nothing. */
export function isAnswered(value) {
  if (value === undefined || value === null) return false;
  return typeof value === "string" ? value.trim() !== "" : value.length > 0;
}

/** What is sent for handing in and for saving, in the order of the questions. */
export function sentAnswers(questions, values) {
  return questions
    .filter((question) => isAnswered(values.get(question.id)))
    .map((question) => ({ question_id: question.id, [FIELDS[question.type]]: values.get(question.id) }));
}

/** The values in answers as they were sent; what belongs to none of the questions, or has another shape, is left out. */
export function valuesOf(questions, sent) {
  const known = new Map(questions.map((question) => [question.id, question]));
  const values = new Map();
  for (const item of Array.isArray(sent) ? sent : []) {
    const question = known.get(item?.question_id);
    const value = question && valueOf(question, item);
    if (isAnswered(value)) values.set(question.id, value);
  }
  return values;
}

function valueOf(question, item) {
  const value = item[FIELDS[question.type]];
  const ids = new Set(question.answers.map((answer) => answer.id));
  if (question.type === "short_text" || question.type === "numeric") return typeof value === "string" ? value : null;
  if (!Array.isArray(value)) return ids.has(value) ? value : null;
  return value.filter((id) => ids.has(id));
}

/** The items of a question that is to be ordered, as they stand: as answered, or else as they were shuffled. */
export function orderOf(question, value) {
  const chosen = (value ?? []).filter((id) => question.answers.some((answer) => answer.id === id));
  const rest = question.answers.map((answer) => answer.id).filter((id) => !chosen.includes(id));
  return [...chosen, ...rest];
}

/** The list with the item at `from` put to `to`; places outside the list are its ends. */
export function moved(list, from, to) {
  const place = Math.max(0, Math.min(list.length - 1, to));
  const rest = list.filter((_, index) => index !== from);
  return [...rest.slice(0, place), list[from], ...rest.slice(place)];
}
