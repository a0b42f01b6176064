/** A started attempt in this window: its questions, what is answered and flagged, and what is not saved yet. PURE. */

import { isAnswered, sentAnswers, valuesOf } from "./answers.js";

export class Sitting {
  /** `started` is what `start_quiz` answered; `draft` what this browser kept of it, or null. */
  constructor(started, draft = null) {
    this.id = started.sitting_id;
    this.questions = started.questions.map(questionOf);
    this.values = valuesOf(this.questions, started.answers);
    this.flags = new Set(draft?.flags ?? []);
    this.place = Math.min(Math.max(0, draft?.place ?? 0), this.questions.length - 1);
    this.isHandingIn = draft?.isHandingIn ?? false;
    this.unsaved = new Set();
    this.#takeOver(draft);
  }

  /** What was answered here and never reached the server goes before what it has. */
  #takeOver(draft) {
    const kept = valuesOf(this.questions, draft?.answers);
    for (const { id } of this.questions) {
      if (!draft?.unsaved?.includes(id)) continue;
      if (kept.has(id)) this.values.set(id, kept.get(id));
      else this.values.delete(id);
      this.unsaved.add(id);
    }
  }

  get question() {
    return this.questions[this.place];
  }

  get answers() {
    return sentAnswers(this.questions, this.values);
  }

  answer(questionId, value) {
    if (isAnswered(value)) this.values.set(questionId, value);
    else this.values.delete(questionId);
    this.unsaved.add(questionId);
  }

  /** Flags the question, or takes its flag away; whether it has one now. */
  toggleFlag(questionId) {
    if (this.flags.delete(questionId)) return false;
    this.flags.add(questionId);
    return true;
  }

  go(place) {
    this.place = Math.min(Math.max(0, place), this.questions.length - 1);
  }

  /** One entry for each question: `{place, id, text, isAnswered, isFlagged, isCurrent}`. */
  get map() {
    return this.questions.map(({ id, text }, place) => ({
      place,
      id,
      text,
      isAnswered: this.values.has(id),
      isFlagged: this.flags.has(id),
      isCurrent: place === this.place,
    }));
  }

  get answeredCount() {
    return this.values.size;
  }

  /** What is about to be saved: `{answers, saved()}`; `saved` is called when it is, and what changed since stays unsaved. */
  takeForSaving() {
    const sent = new Map([...this.unsaved].map((id) => [id, this.values.get(id)]));
    return {
      answers: this.answers,
      saved: () => {
        for (const [id, value] of sent) if (Object.is(this.values.get(id), value)) this.unsaved.delete(id);
      },
    };
  }

  /** What is kept in the browser, to be given to the next Sitting. */
  get draft() {
    return {
      answers: this.answers,
      unsaved: [...this.unsaved],
      flags: [...this.flags],
      place: this.place,
      isHandingIn: this.isHandingIn,
    };
  }
}

/** `{id, text, type, points, answers: [{id, text}]}` of a question as it was asked. */
export function questionOf(row) {
  return {
    id: row.id,
    text: row.question_text,
    type: row.question_type,
    points: row.points ?? 1,
    partialCredit: Boolean(row.partial_credit),
    answers: (row.answers ?? []).map((answer) => ({ id: answer.id, text: answer.answer_text })),
  };
}
