/** A quiz without rules: all questions on one page, one choice each, handed in at once; the server grades it. */

import * as learning from "../learning.js";
import { html, render } from "../lib/html.js";
import { number } from "../lib/format.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { answersOf, firstUnanswered, reviewOf, standing } from "../quiz_model.js";
import { scoreDial } from "./charts.js";

/** Loads what the quiz needs; the answer draws it into its place. `passed()` is called after a pass. */
export async function prepare({ app, quiz, passed, signal }) {
  const attempts = await learning.quizAttempts(app.api, quiz.id, { signal });
  return (target) => new Quiz({ app, quiz, passed, attempts, target }).ask();
}

class Quiz {
  #app;
  #quiz;
  #passed;
  #attempts;
  #target;

  constructor({ app, quiz, passed, attempts, target }) {
    this.#app = app;
    this.#quiz = quiz;
    this.#passed = passed;
    this.#attempts = attempts;
    this.#target = target;
  }

  ask() {
    render(this.#target, html`<div class="quiz">${intro(this.#quiz, standing(this.#attempts))}${form(this.#quiz)}</div>`);
    const questions = this.#target.querySelector("form");
    this.#restore(questions);
    questions.addEventListener("change", () => this.#chosen(questions));
    questions.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#handIn(questions);
    });
  }

  get #draftKey() {
    return `callx.quiz.form.${this.#app.api.login.user.id}.${this.#quiz.id}`;
  }

  /** What was chosen before this tab loaded the page again. */
  #restore(questions) {
    const chosen = new Map(JSON.parse(sessionStorage.getItem(this.#draftKey) ?? "[]"));
    for (const input of questions.querySelectorAll("input")) input.checked = chosen.get(input.name) === input.value;
    if (chosen.size) this.#chosen(questions);
  }

  #choices(questions) {
    return new Map([...new FormData(questions)]);
  }

  #chosen(questions) {
    const choices = this.#choices(questions);
    sessionStorage.setItem(this.#draftKey, JSON.stringify([...choices]));
    questions.querySelector("[data-count]").textContent = countText(choices.size, this.#quiz.questions.length);
    for (const part of questions.querySelectorAll(".question--missing")) {
      if (choices.has(part.dataset.question)) markMissing(part, false);
    }
  }

  async #handIn(questions) {
    const choices = this.#choices(questions);
    const missing = firstUnanswered(this.#quiz, choices);
    if (missing >= 0) return this.#point(questions, missing, choices);
    const button = questions.querySelector("[data-hand-in]");
    button.disabled = true;
    try {
      const attempt = await learning.handInQuiz(this.#app.api, this.#quiz.id, answersOf(this.#quiz, choices));
      sessionStorage.removeItem(this.#draftKey);
      this.#attempts = [attempt, ...this.#attempts];
      this.#show(attempt);
    } catch (error) {
      button.disabled = false;
      const line = questions.querySelector("[data-error]");
      line.hidden = false;
      line.textContent = t("This could not be handed in. {reason}", { reason: error.message });
    }
  }

  #point(questions, missing, choices) {
    for (const part of questions.querySelectorAll("[data-question]")) markMissing(part, !choices.has(part.dataset.question));
    questions.querySelectorAll("[data-question]")[missing].querySelector("input").focus();
    this.#app.announce(t("Question {n} has no answer yet", { n: number(missing + 1) }), { urgent: true });
  }

  #show(attempt) {
    render(this.#target, result(this.#quiz, attempt));
    const heading = this.#target.querySelector("h2");
    heading.tabIndex = -1;
    heading.focus();
    this.#target.scrollIntoView({ block: "start" });
    this.#target.querySelector("[data-again]")?.addEventListener("click", () => {
      this.ask();
      this.#target.querySelector("input")?.focus();
    });
    if (attempt.passed) this.#passed();
  }
}

function markMissing(part, missing) {
  part.classList.toggle("question--missing", missing);
  part.querySelector("[data-missing]").hidden = !missing;
}

function countText(done, total) {
  return t("{n} of {count} answered", { n: number(done), count: number(total) });
}

function intro(quiz, { made, best, passed }) {
  const tried = tn("Best result {best} %, in {n} attempt.", "Best result {best} %, in {n} attempts.", made, { best });
  return html`<div class="quiz__intro">
    <p class="ready__mark">${icon("target")}<span>${tn("{n} question", "{n} questions", quiz.questions.length)} · ${t("you pass with {grade} %", { grade: number(quiz.passingGrade) })}</span></p>
    ${made ? html`<p class="muted">${passed ? t("You have passed this quiz already.") : t("Not passed yet.")} ${tried}</p>` : null}
  </div>`;
}

function form(quiz) {
  return html`<form class="questions" novalidate>
    ${quiz.questions.map(questionPart)}
    <div class="quiz__foot"><p data-count>${countText(0, quiz.questions.length)}</p>
      <button class="button button--large" type="submit" data-hand-in>${icon("check")}${t("Hand in")}</button></div>
    <p class="form-error" role="alert" data-error hidden></p>
  </form>`;
}

function questionPart(question, place) {
  return html`<fieldset class="card question" data-question="${question.id}">
    <legend><span class="question__number">${place + 1}</span>${question.text}</legend>
    <p class="question__missing" data-missing hidden>${icon("alert")}${t("Choose an answer")}</p>
    <div class="choices">${question.answers.map(
      (answer) => html`<label class="choice"><input type="radio" name="${question.id}" value="${answer.id}"><span>${answer.text}</span></label>`,
    )}</div>
  </fieldset>`;
}

function result(quiz, attempt) {
  const again = html`<button class="button ${attempt.passed ? "button--quiet" : ""}" type="button" data-again>${attempt.passed ? t("Take it once more") : t("Try again")}</button>`;
  const right = reviewOf(quiz, attempt);
  const count = right.filter((item) => item.right).length;
  return html`<div class="quiz">
    <section class="hero ${attempt.passed ? "hero--passed" : "hero--failed"}" aria-labelledby="quiz-result">
      ${scoreDial(attempt.score, quiz.passingGrade, attempt.passed)}
      <div class="hero__text">
        <h2 id="quiz-result">${attempt.passed ? t("Passed") : t("Not passed yet")}</h2>
        <p class="hero__mark">${tn("{right} of {n} question right", "{right} of {n} questions right", right.length, { right: number(count) })} · ${t("pass mark {n} %", { n: number(quiz.passingGrade) })}</p>
        <p class="hero__summary">${attempt.passed ? t("Well done. This lesson is complete.") : t("Look at what was not right, read it up if you like, and try again.")}</p>
        ${again}
      </div>
    </section>
    <h3 class="section-title">${t("Your answers")}</h3>
    <ol class="graded">${right.map(reviewItem)}</ol>
  </div>`;
}

function reviewItem({ text, chosen, right }) {
  return html`<li class="graded__item graded__item--${right ? "right" : "wrong"}">
    <span class="criterion__mark criterion__mark--${right ? "good" : "bad"}">${icon(right ? "check" : "cross")}<span class="visually-hidden">${right ? t("Right") : t("Not right")}</span></span>
    <div><p class="graded__question">${text}</p><p class="muted">${chosen ? t("You chose: {answer}", { answer: chosen }) : t("No answer")}</p></div>
  </li>`;
}
