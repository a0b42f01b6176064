/** An attempt as it is taken: one question at a time, a map of all, the time, and whether everything is saved. */

import { html, render } from "../lib/html.js";
import { clock, number } from "../lib/format.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { NOT_SAVED, SAVED } from "../quiz/autosave.js";
import { inWords, leftInWords } from "../quiz/time_left.js";
import { joinOrdering } from "./quiz_ordering.js";
import { entryLabel, entryMarks, questionField, readAnswer, readAsNumber, shortText } from "./quiz_questions.js";

const SHORT_MS = 60_000;

export class QuizPaper {
  #target;
  #session;
  #app;
  #wasUnsaved = false;

  constructor(target, { session, app }) {
    this.#target = target;
    this.#session = session;
    this.#app = app;
  }

  show() {
    render(this.#target, layout());
    const form = this.#part("form");
    form.addEventListener("input", () => this.#changed(form));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#step(1);
    });
    this.#target.firstElementChild.addEventListener("click", (event) => this.#clicked(event));
    this.#session.addEventListener("save", ({ detail }) => this.#showSaveState(detail));
    this.#session.addEventListener("tick", () => this.#showTime());
    this.#session.addEventListener("time", ({ detail }) => this.#app.announce(detail, { urgent: true }));
    this.#session.addEventListener("more_time", () => this.#tellMoreTime());
    this.#showSaveState(this.#session.saveState);
    this.#go(this.#sitting.place);
  }

  get #sitting() {
    return this.#session.sitting;
  }

  /** Null when something else is drawn meanwhile. */
  #part(name) {
    return this.#target.querySelector(`[data-part="${name}"]`);
  }

  #go(place) {
    this.#session.go(place);
    const { question } = this.#sitting;
    const form = this.#part("form");
    const value = this.#sitting.values.get(question.id);
    render(this.#part("question"), questionField(question, value, this.#sitting.place));
    if (question.type === "ordering") {
      joinOrdering(this.#part("question").firstElementChild, question, value, {
        onOrder: (order) => this.#answer(question, order),
        announce: this.#app.announce,
      });
    }
    this.#showPlace();
    form.querySelector("legend").focus({ preventScroll: true });
    const bar = this.#part("bar");
    if (bar.getBoundingClientRect().top < 0) bar.scrollIntoView({ block: "start" });
  }

  #step(by) {
    const place = this.#sitting.place + by;
    if (place < this.#sitting.questions.length) this.#go(place);
    else this.#ask();
  }

  #changed(form) {
    const { question } = this.#sitting;
    if (question.type === "ordering") return;
    const value = readAnswer(form, question);
    if (question.type === "numeric") form.querySelector("[data-read]").textContent = readAsNumber(value);
    this.#answer(question, value);
  }

  #answer(question, value) {
    this.#session.answer(question.id, value);
    this.#showMap();
  }

  #clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.go !== undefined) this.#jump(Number(button.dataset.go));
    else this.#do(button.dataset.do);
  }

  #do(what) {
    switch (what) {
      case "back": return this.#step(-1);
      case "flag": return this.#flag();
      case "finish": return this.#ask();
      case "left": return this.#app.announce(leftInWords(this.#session.leftMs));
      case "stay": return this.#part("dialog").close();
      case "hand-in": return this.#handIn();
      default: return undefined;
    }
  }

  #jump(place) {
    this.#part("dialog").close();
    this.#go(place);
  }

  #flag() {
    const isFlagged = this.#session.toggleFlag(this.#sitting.question.id);
    this.#showPlace();
    this.#app.announce(isFlagged ? t("Flagged") : t("Flag taken away"));
  }

  #ask() {
    const dialog = this.#part("dialog");
    render(dialog, handInQuestion(this.#sitting.map, this.#session));
    dialog.showModal();
  }

  #handIn() {
    this.#part("dialog").close();
    this.#session.submit();
  }

  #showPlace() {
    const { place, questions, flags, question: shown } = this.#sitting;
    const isLast = place === questions.length - 1;
    this.#part("place").textContent = t("Question {n} of {count}", { n: number(place + 1), count: number(questions.length) });
    this.#part("back").hidden = place === 0;
    this.#part("flag").setAttribute("aria-pressed", String(flags.has(shown.id)));
    render(this.#part("next"), isLast ? html`${t("Check and hand in")}${icon("check")}` : html`${t("Next")}${icon("arrow")}`);
    this.#showMap();
  }

  #showMap() {
    render(this.#part("map"), html`${this.#sitting.map.map(entry)}`);
    const { answeredCount, questions } = this.#sitting;
    const text = t("{n} of {count} answered", { n: number(answeredCount), count: number(questions.length) });
    for (const part of this.#target.querySelectorAll("[data-answered]")) part.textContent = text;
    this.#part("done").setAttribute("width", String((answeredCount / questions.length) * 100));
  }

  #showTime() {
    const line = this.#part("time");
    if (!line) return;
    const left = this.#session.leftMs;
    this.#part("clock").hidden = left === null;
    if (left === null) return;
    const text = clock(Math.ceil(left / 1000) * 1000);
    if (line.textContent === text) return;
    line.textContent = text;
    this.#part("clock").classList.toggle("paper__clock--short", left <= SHORT_MS);
    this.#part("dialog").querySelector("[data-left]")?.replaceChildren(leftInWords(left));
  }

  #tellMoreTime() {
    this.#showTime();
    const left = this.#session.leftMs;
    this.#app.announce(left === null ? t("You have no time limit any more.") : t("You have been given more time: {time} left.", { time: inWords(left) }), { urgent: true });
  }

  #showSaveState(state) {
    const line = this.#part("save");
    if (!line) return;
    const isUnsaved = state === NOT_SAVED;
    render(line, saveState(state));
    line.classList.toggle("paper__save--not", isUnsaved);
    if (isUnsaved && !this.#wasUnsaved) this.#app.announce(t("Not saved yet: there is no connection. Your answers are kept here."), { urgent: true });
    if (state === SAVED && this.#wasUnsaved) this.#app.announce(t("Everything is saved again."));
    this.#wasUnsaved = isUnsaved || (this.#wasUnsaved && state !== SAVED);
    this.#part("unsaved").hidden = !isUnsaved;
  }
}

function saveState(state) {
  if (state === NOT_SAVED) return html`${icon("wifiOff")}${t("Not saved yet")}`;
  return state === SAVED ? html`${icon("check")}${t("Saved")}` : html`${t("Saving…")}`;
}

function layout() {
  return html`<section class="quiz paper" aria-label="${t("Quiz")}">
    <header class="paper__bar" data-part="bar">
      <p class="paper__place"><strong data-part="place"></strong><span class="paper__save" data-part="save"></span></p>
      <button class="paper__clock" type="button" data-do="left" data-part="clock" hidden>${icon("clock")}<span class="paper__clock-label">${t("Time left")}</span> <span data-part="time"></span></button>
      <svg class="paper__progress" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="progress__bar" data-part="done" width="0" height="1" /></svg>
    </header>
    <div class="notice notice--warn" data-part="unsaved" hidden>${icon("wifiOff")}<div><p><strong>${t("There is no connection.")}</strong> ${t("Go on: your answers are kept here, and are saved as soon as it is back.")}</p></div></div>
    <form class="card paper__form" data-part="form" novalidate>
      <div data-part="question"></div>
      <footer class="paper__foot">
        <button class="button button--quiet" type="button" data-do="back" data-part="back">${icon("back")}<span>${t("Back")}</span></button>
        <button class="button button--quiet paper__flag" type="button" data-do="flag" data-part="flag" aria-pressed="false">${icon("flag")}<span>${t("Flag")}</span></button>
        <button class="button paper__next" type="submit" data-part="next"></button>
      </footer>
    </form>
    <nav class="card paper__side" aria-label="${t("All questions")}">
      <h3>${t("All questions")}</h3>
      <p class="muted" data-answered></p>
      <ol class="map" data-part="map"></ol>
      <p class="map__key" aria-hidden="true"><span><i class="map__dot map__dot--done"></i>${t("answered")}</span><span><i class="map__dot"></i>${t("open")}</span><span>${icon("flag")}${t("flagged")}</span></p>
      <button class="button button--quiet" type="button" data-do="finish">${t("Hand in…")}</button>
    </nav>
    <dialog class="paper__dialog" data-part="dialog" aria-labelledby="hand-in-title"></dialog>
  </section>`;
}

function entry(each) {
  return html`<li><button class="map__entry ${each.isAnswered ? "map__entry--done" : ""}" type="button" data-go="${each.place}" aria-label="${entryLabel(each)}" ${each.isCurrent && html`aria-current="step"`}>${number(each.place + 1)}${entryMarks(each)}</button></li>`;
}

/** What is asked before handing in: what has no answer, what is flagged. */
function handInQuestion(map, session) {
  const open = map.filter((each) => !each.isAnswered);
  const flagged = map.filter((each) => each.isFlagged);
  const answered = t("{n} of {count} answered", { n: number(map.length - open.length), count: number(map.length) });
  return html`<h2 id="hand-in-title">${t("Hand in now?")}</h2>
    <p>${open.length ? t("{answered}. What has no answer counts as wrong.", { answered }) : t("All questions are answered.")}</p>
    ${session.time.isLimited ? html`<p class="paper__left">${icon("clock")}<span data-left>${leftInWords(session.leftMs)}</span></p>` : null}
    ${session.saveState === NOT_SAVED ? html`<p class="notice notice--warn">${icon("wifiOff")}${t("There is no connection: it is handed in as soon as it is back.")}</p>` : null}
    ${jumpList(tn("{n} question without an answer", "{n} questions without an answer", open.length), open)}
    ${jumpList(tn("{n} flagged question", "{n} flagged questions", flagged.length), flagged)}
    <div class="row paper__dialog-foot">
      <button class="button button--quiet" type="button" data-do="stay">${t("Keep working")}</button>
      <button class="button" type="button" data-do="hand-in">${icon("send")}${t("Hand in")}</button>
    </div>`;
}

function jumpList(title, entries) {
  if (!entries.length) return null;
  return html`<h3>${title}</h3><ul class="paper__jumps">${entries.map(
    ({ place, text }) => html`<li><button class="link-button" type="button" data-go="${place}">${number(place + 1)}. ${shortText(text)}</button></li>`,
  )}</ul>`;
}
