import { inOrder } from "../api.js";
import * as learning from "../learning.js";
import { html, render } from "../lib/html.js";
import { plural } from "../lib/format.js";
import { icon, LESSON_TYPES } from "../lib/icons.js";
import { lessonsOf, nextLesson, progressOf } from "../progress.js";
import { breadcrumb, progressRing } from "./parts.js";
import { emptyPanel } from "./states.js";

export async function show(main, { app, params, signal }) {
  const [course, done] = await Promise.all([
    learning.course(app.api, params.id, { signal }),
    learning.completedIds(app.api, { signal }),
  ]);
  document.title = `${course.title} · CallX`;
  render(main, page(course, done));
}

function page(course, done) {
  const lessons = lessonsOf(course);
  const progress = progressOf(lessons, done);
  const next = nextLesson(lessons, done);
  const modules = inOrder(course.modules);
  return html`<div class="page">
    ${breadcrumb([{ href: "/", text: "Courses" }, { text: course.title }])}
    <header class="course-head">
      <div>
        <h1>${course.title}</h1>
        <p class="lead">${course.description}</p>
        <p class="muted">${plural(modules.length, "module", "modules")} · ${plural(lessons.length, "lesson", "lessons")} · ${progress.done} done</p>
      </div>
      ${progressRing(progress.percent, `${progress.done} of ${progress.total} lessons done`)}
    </header>
    ${next ? html`<a class="button button--large course-head__resume" href="/lessons/${next.id}">${progress.done ? "Resume" : "Start"}: ${next.title}${icon("arrow")}</a>` : null}
    ${modules.length ? html`<ol class="modules">${modules.map((module, index) => moduleItem(module, index, done, next))}</ol>` : emptyPanel({ symbol: "book", title: "Nothing in it yet", text: "The lessons of this course are still being written." })}
  </div>`;
}

function moduleItem(module, index, done, next) {
  const lessons = inOrder(module.lessons);
  const progress = progressOf(lessons, done);
  const finished = progress.total > 0 && progress.done === progress.total;
  return html`<li class="module">
    <details ${finished && !lessons.some((lesson) => lesson.id === next?.id) ? null : html`open`}>
      <summary>
        <span class="module__number ${finished && "module__number--done"}">${finished ? icon("check") : index + 1}</span>
        <span class="module__title"><span>${module.title}</span>${module.description ? html`<small>${module.description}</small>` : null}</span>
        <span class="module__count">${progress.done} of ${progress.total}</span>
        <span class="chevron" aria-hidden="true"></span>
      </summary>
      <ol class="lessons">${lessons.map((lesson) => lessonItem(lesson, done.has(lesson.id), lesson.id === next?.id))}</ol>
    </details>
  </li>`;
}

function lessonItem(lesson, isDone, isNext) {
  const type = LESSON_TYPES[lesson.lesson_type];
  return html`<li>
    <a class="lesson-link ${isNext && "lesson-link--next"}" href="/lessons/${lesson.id}">
      <span class="lesson-link__icon lesson-link__icon--${lesson.lesson_type}">${icon(type.icon)}</span>
      <span class="lesson-link__text"><span>${lesson.title}</span><small>${type.word}</small></span>
      ${isDone ? html`<span class="done">${icon("check")}<span>Done</span></span>` : isNext ? html`<span class="chip chip--brand">Next</span>` : null}
    </a>
  </li>`;
}
