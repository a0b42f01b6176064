import * as learning from "../learning.js";
import { html, render } from "../lib/html.js";
import { icon, LESSON_TYPES } from "../lib/icons.js";
import { richText } from "../lib/sanitise.js";
import { lockReason, neighbours, unlocked } from "../progress.js";
import { tellProgress } from "../progress_news.js";
import { breadcrumb } from "./parts.js";
import { showLocked } from "./locked.js";
import { emptyPanel } from "./states.js";

export async function show(main, { app, params, signal }) {
  const [lesson, done] = await Promise.all([
    learning.lesson(app.api, params.id, { signal }).catch((error) => perhapsLocked(error, main, { app, signal })),
    learning.completedIds(app.api, { signal }),
  ]);
  if (!lesson) return;
  const seeing = { course: null };
  const passed = () => showCompleted(main, { lesson, course: seeing.course, app, signal });
  const [course, showContent] = await Promise.all([
    lesson.module ? learning.course(app.api, lesson.module.product_id, { signal }) : null,
    prepareContent({ app, lesson, passed, signal }),
  ]);
  seeing.course = course;
  document.title = `${lesson.title} · CallX`;
  render(main, page(lesson, course, done.has(lesson.id)));
  showContent?.(main.querySelector("[data-content]"));
  const completed = (event) => complete(event.currentTarget, { main, lesson, course, app, signal });
  main.querySelector("[data-complete]")?.addEventListener("click", completed);
}

/** A lesson behind a lock looks like one that is not there. */
async function perhapsLocked(error, main, context) {
  if (error.status !== 404 || !(await showLocked(main, context))) throw error;
  return null;
}

/** What has a screen of its own: a call's brief, a quiz. */
async function prepareContent({ app, lesson, passed, signal }) {
  if (lesson.lesson_type === "simulation" && lesson.simulation) {
    return (await import("./brief.js")).prepare({ app, lesson, signal });
  }
  if (lesson.lesson_type === "quiz" && lesson.quiz) {
    return (await import("./quiz.js")).prepare({ app, quiz: lesson.quiz, passed, signal });
  }
  return null;
}

function page(lesson, course, isDone) {
  const type = LESSON_TYPES[lesson.lesson_type];
  const steps = [{ href: "/", text: "Courses" }];
  if (course) steps.push({ href: `/courses/${course.id}`, text: course.title });
  steps.push({ text: lesson.title });
  return html`<article class="page lesson lesson--${lesson.lesson_type}">
    ${breadcrumb(steps)}
    <header class="lesson__head">
      <p class="eyebrow">${icon(type.icon)}${type.word}${lesson.module ? html` · ${lesson.module.title}` : null}</p>
      <h1>${lesson.title}</h1>
      <span class="chip chip--good" data-completed ${!isDone && html`hidden`}>${icon("check")}Completed</span>
    </header>
    <div data-content>${content(lesson, isDone)}</div>
    <footer class="lesson__foot" data-foot>${foot(lesson, course)}</footer>
  </article>`;
}

function foot(lesson, course) {
  if (!course) return null;
  const { before, after, blockedBy } = neighbours(course, lesson.id);
  return html`
    ${before ? html`<a class="button button--quiet" href="/lessons/${before.id}">${icon("back")}<span><small>Previous</small>${before.title}</span></a>` : html`<span></span>`}
    ${after ? html`<a class="button button--quiet lesson__after" href="/lessons/${after.id}"><span><small>Next</small>${after.title}</span>${icon("arrow")}</a>` : null}
    ${blockedBy ? html`<p class="lesson__blocked">${icon("lock")}<span><small>Next</small>${blockedBy.title}<small>${lockReason(blockedBy)}</small></span></p>` : null}`;
}

function content(lesson, isDone) {
  switch (lesson.lesson_type) {
    case "text":
      return html`<div class="prose">${richText(lesson.text_content)}</div>${completeButton(isDone)}`;
    case "simulation":
      return lesson.simulation ? null : later("This practice call is still being prepared", "Come back soon: the customer is learning their lines.", lesson);
    case "video":
      return html`${later("The video itself comes with a later version", "Read meanwhile what it shows.", lesson)}${completeButton(isDone)}`;
    default:
      return lesson.quiz ? null : later("This quiz is still being prepared", "Come back soon: its questions are being written.", lesson);
  }
}

function later(title, text, lesson) {
  const body = lesson.text_content ? html`<div class="prose">${richText(lesson.text_content)}</div>` : null;
  return html`${emptyPanel({ symbol: LESSON_TYPES[lesson.lesson_type].icon, title, text })}${body}`;
}

function completeButton(isDone) {
  return html`<div class="lesson__complete">
    ${isDone ? html`<p class="done done--large">${icon("check")}You have completed this lesson</p>` : html`<button class="button button--large" type="button" data-complete>${icon("check")}Mark complete</button>`}
    <p class="form-error" role="alert" data-error hidden></p>
  </div>`;
}

async function complete(button, { main, lesson, course, app, signal }) {
  const panel = button.parentElement;
  button.disabled = true;
  try {
    await learning.complete(app.api, lesson.id);
    render(panel, html`<p class="done done--large">${icon("check")}Done. Well read.</p>`);
    tellProgress();
    await showCompleted(main, { lesson, course, app, signal });
  } catch (error) {
    button.disabled = false;
    const line = panel.querySelector("[data-error]");
    line.hidden = false;
    line.textContent = `This could not be saved. ${error.message}`;
  }
}

/** Completing a lesson can open the next module: the way on shows it, and a screen reader hears of it. */
async function showCompleted(main, { lesson, course, app, signal }) {
  main.querySelector("[data-completed]").hidden = false;
  const fresh = course && (await learning.course(app.api, course.id, { signal }).catch(() => null));
  const opened = fresh ? unlocked(course, fresh) : [];
  app.announce(opened.length ? `Lesson completed. Unlocked: ${opened.join(", ")}` : "Lesson completed");
  if (fresh) render(main.querySelector("[data-foot]"), foot(lesson, fresh));
}
