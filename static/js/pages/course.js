import * as learning from "../learning.js";
import { html, render } from "../lib/html.js";
import { t, tn } from "../lib/i18n.js";
import { icon, LESSON_TYPES } from "../lib/icons.js";
import { lessonsOf, lockReason, nextLesson, progressOf, unlocked } from "../progress.js";
import { onProgress } from "../progress_news.js";
import { breadcrumb, progressBar, progressRing } from "./parts.js";
import { emptyPanel } from "./states.js";

export async function show(main, { app, params, signal }) {
  const load = () =>
    Promise.all([learning.course(app.api, params.id, { signal }), learning.completedIds(app.api, { signal })]);
  let [course, done] = await load();
  document.title = `${course.title} · CallX`;
  render(main, page(course, done));
  return onProgress(async () => {
    const [fresh, freshDone] = await load().catch(() => [course, done]);
    if (signal.aborted || (JSON.stringify(fresh) === JSON.stringify(course) && freshDone.size === done.size)) return;
    const opened = unlocked(course, fresh);
    [course, done] = [fresh, freshDone];
    render(main, page(course, done));
    if (opened.length) app.announce(t("Unlocked: {modules}", { modules: opened.join(", ") }));
  });
}

function page(course, done) {
  const { modules } = course;
  const progress = progressOf(modules);
  const next = nextLesson(lessonsOf(course), done);
  return html`<div class="page">
    ${breadcrumb([{ href: "/courses", text: t("Courses") }, { text: course.title }])}
    <header class="course-head">
      <div>
        <h1>${course.title}</h1>
        <p class="lead">${course.description}</p>
        <p class="muted">${tn("{n} module", "{n} modules", modules.length)} · ${tn("{n} lesson", "{n} lessons", progress.total)} · ${t("{done} done", { done: progress.done })}</p>
      </div>
      ${progressRing(progress.percent, tn("{done} of {n} lesson done", "{done} of {n} lessons done", progress.total, { done: progress.done }))}
    </header>
    ${next ? html`<a class="button button--large course-head__resume" href="/lessons/${next.id}">${progress.done ? t("Resume") : t("Start")}: ${next.title}${icon("arrow")}</a>` : null}
    ${modules.length ? html`<ol class="modules">${modules.map((module, index) => (module.locked ? lockedModule(module) : openModule(module, index, done, next)))}</ol>` : emptyPanel({ symbol: "book", title: t("Nothing in it yet"), text: t("The lessons of this course are still being written.") })}
  </div>`;
}

/** A disclosure that cannot be opened: it keeps its place in the tab order and says why. */
function lockedModule(module) {
  return html`<li class="module module--locked">
    <button class="module__locked" type="button" aria-expanded="false" aria-disabled="true" aria-describedby="lock-${module.id}">
      <span class="module__number">${icon("lock")}</span>
      <span class="module__title"><span>${module.title}</span>${module.description ? html`<small>${module.description}</small>` : null}</span>
      <span class="module__count">${t("{done} of {total}", { done: module.done, total: module.total })}</span>
    </button>
    <p class="module__reason" id="lock-${module.id}"><span class="visually-hidden">${t("Locked.")} </span>${lockReason(module)}</p>
  </li>`;
}

function openModule(module, index, done, next) {
  const { lessons } = module;
  const finished = module.total > 0 && module.done === module.total;
  const percent = module.total ? Math.floor((module.done / module.total) * 100) : 0;
  return html`<li class="module">
    <details ${finished && !lessons.some((lesson) => lesson.id === next?.id) ? null : html`open`}>
      <summary>
        <span class="module__number ${finished && "module__number--done"}">${finished ? icon("check") : index + 1}</span>
        <span class="module__title"><span>${module.title}</span>${module.description ? html`<small>${module.description}</small>` : null}</span>
        <span class="module__progress">${progressBar({ done: module.done, total: module.total, percent }, module.title)}</span>
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
      <span class="lesson-link__text"><span>${lesson.title}</span><small>${type.word()}</small></span>
      ${isDone ? html`<span class="done">${icon("check")}<span>${t("Done")}</span></span>` : isNext ? html`<span class="chip chip--brand">${t("Next")}</span>` : null}
    </a>
  </li>`;
}
