/** A quiz: without rules a page of questions, else a start page, an attempt that is saved as it goes, and its result. */

import { t } from "../lib/i18n.js";
import { needStyles } from "../lib/styles.js";
import { Drafts } from "../quiz/drafts.js";
import { QuizSession } from "../quiz/session.js";
import { stateOf } from "../quiz/standing.js";
import { QuizWindow } from "../quiz/window.js";
import { QuizPaper } from "./quiz_paper.js";
import { showResult } from "./quiz_result.js";
import { showElsewhere, showHandingIn, showProblem, showStart } from "./quiz_start.js";

/** Loads what the quiz needs; the answer draws it into its place. `passed()` is called after a pass. */
export async function prepare({ app, quiz, passed, signal }) {
  await needStyles(["quiz"]);
  if (quiz.isPlain) return (await import("./quiz_form.js")).prepare({ app, quiz, passed, signal });
  const visit = new QuizVisit({ app, quiz, passed, signal });
  await visit.load();
  return (target) => visit.begin(target);
}

class QuizVisit {
  #app;
  #quiz;
  #passed;
  #signal;
  #target = null;
  #session = null;
  #result;
  #attempts;
  #drafts = new Drafts(localStorage);
  #window = null;

  constructor({ app, quiz, passed, signal }) {
    this.#app = app;
    this.#quiz = quiz;
    this.#passed = passed;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#leave());
    for (const kind of ["online", "focus"]) window.addEventListener(kind, () => this.#session?.wake(), { signal });
    document.addEventListener("visibilitychange", () => this.#session?.wake(), { signal });
    window.addEventListener("pagehide", () => this.#session?.leave(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && location.reload(), { signal });
  }

  async load() {
    const mine = { quiz_id: `eq.${this.#quiz.id}`, user_id: `eq.${this.#app.api.login.user.id}`, order: "attempted_at.desc" };
    const select = "id,score,passed,attempted_at,started_at,is_late";
    const options = { signal: this.#signal };
    [this.#result, this.#attempts] = await Promise.all([
      this.#app.api.rpc("quiz_result", { quiz_id: this.#quiz.id }, options),
      this.#app.api.rows("quiz_attempts", { select, ...mine }, options),
    ]);
    this.#drafts.tidy();
  }

  /** Draws; an attempt that this tab had open goes on by itself. */
  async begin(target) {
    this.#target = target;
    this.#window = this.#newWindow();
    const sittingId = this.#result.open_sitting_id;
    const state = stateOf(this.#result);
    if (state === "time_is_up") return this.#handInWhatWasSaved(sittingId);
    this.showStart();
    if (state !== "continue") return;
    if (await this.#window.wasHere(sittingId)) return this.start();
    if (await this.#window.isHeldElsewhere(sittingId)) this.#elsewhere({ isFound: true });
  }

  showStart({ problem = null } = {}) {
    showStart(this.#target, {
      ...{ quiz: this.#quiz, result: this.#result, attempts: this.#attempts, problem, signal: this.#signal },
      onStart: () => this.start(),
      onOpen: (attemptId) => this.#showAttempt(attemptId),
      onOver: () => this.#again(),
    });
  }

  async start() {
    const session = new QuizSession({ api: this.#app.api, window: this.#window, drafts: this.#drafts });
    try {
      await session.start(this.#quiz.id);
    } catch (error) {
      if (error.name !== "AbortError") await this.#again({ problem: error });
      return;
    }
    if (this.#signal.aborted) return session.leave();
    this.#follow(session);
    if (!session.isHandingIn) this.#showPaper(session);
  }

  #follow(session) {
    this.#session = session;
    session.addEventListener("handing_in", ({ detail }) => showHandingIn(this.#target, { ...detail, app: this.#app }));
    session.addEventListener("submitted", ({ detail }) => this.#submitted(detail));
    session.addEventListener("elsewhere", () => this.#elsewhere());
    session.addEventListener("refused", ({ detail }) => this.#refused(detail));
  }

  #showPaper(session) {
    if (session.time.isLimited) this.#app.router.guard(() => (this.#session ? leaveQuestion() : null));
    new QuizPaper(this.#target, { session, app: this.#app }).show();
  }

  async #submitted(attempt) {
    this.#ended();
    await this.load().catch(() => {});
    await this.#showAttempt(attempt.attempt_id, { isNew: true });
    if (attempt.passed) this.#passed();
  }

  async #showAttempt(attemptId, { isNew = false } = {}) {
    const attempt = this.#attempts.find((each) => each.id === attemptId);
    try {
      const review = await this.#app.api.rpc("quiz_review", { attempt_id: attemptId }, { signal: this.#signal });
      showResult(this.#target, {
        ...{ review, attempt, isNew, quiz: this.#quiz, result: this.#result, attempts: this.#attempts },
        onAgain: () => this.start(),
        onBack: () => this.#again(),
        onOpen: (other) => this.#showAttempt(other),
      });
    } catch (error) {
      if (error.name !== "AbortError") showProblem(this.#target, { error, onRetry: () => this.#showAttempt(attemptId, { isNew }) });
    }
  }

  /** The time was over while nobody looked: within the grace what this browser kept still counts. */
  async #handInWhatWasSaved(sittingId) {
    const draft = this.#drafts.of(sittingId);
    const kept = draft?.unsaved.length ? { answers: draft.answers, window_id: draft.windowId } : {};
    showHandingIn(this.#target, { isWaiting: false, isTimeUp: true, app: this.#app });
    try {
      const submit = (values) => this.#app.api.rpc("submit_quiz", { sitting_id: sittingId, ...values });
      const attempt = await submit(kept).catch((error) => (error.reason === "open_elsewhere" ? submit({}) : Promise.reject(error)));
      this.#drafts.forget(sittingId);
      await this.#submitted(attempt);
    } catch (error) {
      showProblem(this.#target, { error, onRetry: () => this.#again() });
    }
  }

  #elsewhere({ isFound = false } = {}) {
    this.#ended();
    this.#window = this.#newWindow();
    showElsewhere(this.#target, { isFound, app: this.#app, onContinue: () => this.#again({ isStarting: true }) });
  }

  #refused(error) {
    this.#ended();
    showProblem(this.#target, { error, onRetry: () => this.#again() });
  }

  /** Asks how things stand and draws the start page, or goes straight on with the attempt. */
  async #again({ problem = null, isStarting = false } = {}) {
    try {
      await this.load();
    } catch (error) {
      if (error.name !== "AbortError") showProblem(this.#target, { error: problem ?? error, onRetry: () => this.#again({ isStarting }) });
      return;
    }
    if (stateOf(this.#result) === "time_is_up") return this.#handInWhatWasSaved(this.#result.open_sitting_id);
    if (isStarting && this.#result.open_sitting_id) return this.start();
    this.showStart({ problem });
  }

  #newWindow() {
    return new QuizWindow({ storage: sessionStorage, locks: navigator.locks ?? null });
  }

  #ended() {
    this.#session = null;
    this.#app.router.guard(null);
  }

  #leave() {
    this.#session?.leave();
    this.#session = null;
  }
}

function leaveQuestion() {
  return t("Your time goes on while you are away. Leave the quiz?");
}
