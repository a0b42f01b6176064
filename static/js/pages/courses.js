import * as learning from "../learning.js";
import { html, render } from "../lib/html.js";
import { plural } from "../lib/format.js";
import { icon, LESSON_TYPES } from "../lib/icons.js";
import { lessonsOf, nextLesson, progressOf } from "../progress.js";
import { onProgress } from "../progress_news.js";
import { noticeRunningCall } from "./running_call.js";
import { emptyPanel } from "./states.js";
import { progressBar } from "./parts.js";

export async function show(main, { app, signal }) {
  document.title = "Courses · CallX";
  let cards = await cardsOf(app, signal);
  render(main, page(cards, app.login.user));
  noticeRunningCall(main.querySelector(".page"), { app, signal });
  return onProgress(async () => {
    const fresh = await cardsOf(app, signal).catch(() => cards);
    if (signal.aborted || JSON.stringify(fresh) === JSON.stringify(cards)) return;
    cards = fresh;
    render(main, page(cards, app.login.user));
  });
}

async function cardsOf(app, signal) {
  const [courses, done] = await Promise.all([
    learning.courses(app.api, { signal }),
    learning.completedIds(app.api, { signal }),
  ]);
  return courses.map((course) => {
    const lessons = lessonsOf(course);
    return { course, lessons, progress: progressOf(course.modules), next: nextLesson(lessons, done) };
  });
}

function page(cards, user) {
  const name = (user.user_metadata?.full_name || "").split(" ")[0];
  return html`<div class="page">
    <header class="page-head">
      <h1>${greeting(name)}</h1>
      <p class="lead">${headline(cards)}</p>
    </header>
    ${cards.length ? html`${continueCard(cards)}<h2 class="section-title">Your courses</h2><ul class="course-grid">${cards.map(courseCard)}</ul>` : nothing()}
  </div>`;
}

function greeting(name) {
  const hour = new Date().getHours();
  const words = hour < 5 || hour >= 18 ? "Good evening" : hour < 12 ? "Good morning" : "Good afternoon";
  return name ? `${words}, ${name}` : words;
}

function headline(cards) {
  if (!cards.length) return "Here is where your courses will be.";
  const open = cards.filter((card) => card.next);
  if (!open.length) return "Everything is done. Practise a call to stay sharp.";
  const lessons = open.reduce((sum, card) => sum + card.progress.total - card.progress.done, 0);
  return `${plural(lessons, "lesson", "lessons")} to go in ${plural(open.length, "course", "courses")}.`;
}

/** The one thing to do next: the course that was begun, else the first that is open. */
function continueCard(cards) {
  const open = cards.filter((card) => card.next);
  const card = open.find((candidate) => candidate.progress.done > 0) ?? open[0];
  if (!card) return null;
  const type = LESSON_TYPES[card.next.lesson_type];
  const isCall = card.next.lesson_type === "simulation";
  return html`<section class="continue ${isCall && "continue--call"}" aria-labelledby="continue-title">
    <div class="continue__symbol">${icon(type.icon)}</div>
    <div class="continue__text">
      <p class="eyebrow">${isCall ? "Your next call" : card.progress.done ? "Continue" : "Start here"} · ${card.course.title}</p>
      <h2 id="continue-title">${card.next.title}</h2>
      <p class="continue__where">${card.next.module.title} · ${type.word}</p>
    </div>
    <a class="button button--large button--light" href="/lessons/${card.next.id}">${isCall ? "Prepare for the call" : "Open lesson"}${icon("arrow")}</a>
  </section>`;
}

function courseCard({ course, lessons, progress }) {
  const calls = lessons.filter((lesson) => lesson.lesson_type === "simulation").length;
  const lockedCount = course.modules.filter((module) => module.locked).length;
  return html`<li class="course-card">
    <div class="course-card__top">
      <h3><a class="stretched" href="/courses/${course.id}">${course.title}</a></h3>
      ${progress.total > 0 && progress.done === progress.total ? html`<span class="chip chip--good">${icon("check")}Completed</span>` : null}
    </div>
    <p class="course-card__text">${course.description}</p>
    <p class="course-card__facts">
      <span>${icon("book")}${plural(progress.total, "lesson", "lessons")}</span>
      ${calls ? html`<span>${icon("phone")}${plural(calls, "practice call", "practice calls")}</span>` : null}
      ${lockedCount ? html`<span>${icon("lock")}${plural(lockedCount, "module", "modules")} locked</span>` : null}
    </p>
    ${progressBar(progress, course.title)}
  </li>`;
}

function nothing() {
  return emptyPanel({
    symbol: "book",
    title: "No courses yet",
    text: "As soon as a course is published for you, it is here. Your manager can tell you when.",
  });
}
