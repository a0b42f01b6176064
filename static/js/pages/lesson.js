import { sorted } from "../attachment_model.js";
import * as learning from "../learning.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon, LESSON_TYPES } from "../lib/icons.js";
import { richText } from "../lib/sanitise.js";
import { lockReason, neighbours, unlocked } from "../progress.js";
import { tellProgress } from "../progress_news.js";
import { attachmentsPanel, followAttachments } from "./attachments.js";
import { breadcrumb } from "./parts.js";
import { showLocked } from "./locked.js";
import { emptyPanel } from "./states.js";

export async function show(main, { app, params, signal }) {
  const [lesson, done] = await Promise.all([
    learning.lesson(app.api, params.id, { signal }).catch((error) => perhapsLocked(error, main, { app, signal })),
    learning.completedIds(app.api, { signal }),
  ]);
  if (!lesson) return;
  const isDone = done.has(lesson.id);
  const seeing = { course: null };
  const passed = () => showCompleted(main, { lesson, course: seeing.course, app, signal });
  const [course, showContent] = await Promise.all([
    lesson.module ? learning.course(app.api, lesson.module.product_id, { signal }) : null,
    prepareContent({ app, lesson, isDone, passed: () => (tellProgress(), passed()), signal }),
  ]);
  seeing.course = course;
  document.title = `${lesson.title} · CallX`;
  render(main, page(lesson, course, isDone));
  followAttachments(main, sorted(lesson.attachments).files, app);
  const completed = (event) => complete(event.currentTarget, { main, lesson, course, app, signal });
  main.querySelector("[data-complete]")?.addEventListener("click", completed);
  return showContent?.(main.querySelector("[data-content]"));
}

/** A lesson behind a lock looks like one that is not there. */
async function perhapsLocked(error, main, context) {
  if (error.status !== 404 || !(await showLocked(main, context))) throw error;
  return null;
}

/** What has a screen of its own: a call's brief, a quiz, a video. */
async function prepareContent({ app, lesson, isDone, passed, signal }) {
  if (lesson.lesson_type === "simulation" && lesson.simulation) {
    return (await import("./brief.js")).prepare({ app, lesson, signal });
  }
  if (lesson.lesson_type === "quiz" && lesson.quiz) {
    return (await import("./quiz.js")).prepare({ app, quiz: lesson.quiz, passed, signal });
  }
  if (lesson.lesson_type === "video") {
    return (await import("./video_lesson.js")).prepare({ app, lesson, isDone, completed: passed, signal });
  }
  return null;
}

function page(lesson, course, isDone) {
  const type = LESSON_TYPES[lesson.lesson_type];
  const steps = [{ href: "/courses", text: t("Courses") }];
  if (course) steps.push({ href: `/courses/${course.id}`, text: course.title });
  steps.push({ text: lesson.title });
  return html`<article class="page lesson lesson--${lesson.lesson_type}">
    ${breadcrumb(steps)}
    <header class="lesson__head">
      <p class="eyebrow">${icon(type.icon)}${type.word()}${lesson.module ? html` · ${lesson.module.title}` : null}</p>
      <h1>${lesson.title}</h1>
      <span class="chip chip--good" data-completed ${!isDone && html`hidden`}>${icon("check")}${t("Completed")}</span>
    </header>
    <div data-content>${content(lesson, isDone)}</div>
    ${attachmentsPanel(sorted(lesson.attachments).files)}
    <footer class="lesson__foot" data-foot>${foot(lesson, course)}</footer>
  </article>`;
}

function foot(lesson, course) {
  if (!course) return null;
  const { before, after, blockedBy } = neighbours(course, lesson.id);
  return html`
    ${before ? html`<a class="button button--quiet" href="/lessons/${before.id}">${icon("back")}<span><small>${t("Previous")}</small>${before.title}</span></a>` : html`<span></span>`}
    ${after ? html`<a class="button button--quiet lesson__after" href="/lessons/${after.id}"><span><small>${t("Next")}</small>${after.title}</span>${icon("arrow")}</a>` : null}
    ${blockedBy ? html`<p class="lesson__blocked">${icon("lock")}<span><small>${t("Next")}</small>${blockedBy.title}<small>${lockReason(blockedBy)}</small></span></p>` : null}`;
}

function content(lesson, isDone) {
  switch (lesson.lesson_type) {
    case "text":
      return html`<div class="prose">${richText(lesson.text_content)}</div>${completeButton(isDone)}`;
    case "simulation":
      return lesson.simulation ? null : later(t("This practice call is still being prepared"), t("Come back soon: the customer is learning their lines."), lesson);
    case "video":
      return html`<div data-video></div>${textBelow(lesson)}${isDone || !watchedByRule(lesson) ? completeButton(isDone) : null}`;
    default:
      return lesson.quiz ? null : later(t("This quiz is still being prepared"), t("Come back soon: its questions are being written."), lesson);
  }
}

/** Whether only watching completes it; a file that is not there keeps nobody from going on. */
function watchedByRule({ must_watch: must, video }) {
  return Boolean(must && video && !["missing", "unreadable"].includes(video.state));
}

function later(title, text, lesson) {
  return html`${emptyPanel({ symbol: LESSON_TYPES[lesson.lesson_type].icon, title, text })}${textBelow(lesson)}`;
}

function textBelow(lesson) {
  return lesson.text_content ? html`<div class="prose">${richText(lesson.text_content)}</div>` : null;
}

function completeButton(isDone) {
  return html`<div class="lesson__complete">
    ${isDone ? html`<p class="done done--large">${icon("check")}${t("You have completed this lesson")}</p>` : html`<button class="button button--large" type="button" data-complete>${icon("check")}${t("Mark complete")}</button>`}
    <p class="form-error" role="alert" data-error hidden></p>
  </div>`;
}

async function complete(button, { main, lesson, course, app, signal }) {
  const panel = button.parentElement;
  button.disabled = true;
  try {
    await learning.complete(app.api, lesson.id);
    tellProgress();
    await showCompleted(main, { lesson, course, app, signal });
  } catch (error) {
    button.disabled = false;
    const line = panel.querySelector("[data-error]");
    line.hidden = false;
    line.textContent = t("This could not be saved. {reason}", { reason: error.message });
  }
}

/** Completing a lesson can open the next module: the way on shows it, and a screen reader hears of it. */
async function showCompleted(main, { lesson, course, app, signal }) {
  main.querySelector("[data-completed]").hidden = false;
  const panel = main.querySelector(".lesson__complete");
  const praise = lesson.lesson_type === "video" ? t("Done. Well watched.") : t("Done. Well read.");
  if (panel) render(panel, html`<p class="done done--large">${icon("check")}${praise}</p>`);
  const fresh = course && (await learning.course(app.api, course.id, { signal }).catch(() => null));
  const opened = fresh ? unlocked(course, fresh) : [];
  app.announce(opened.length ? t("Lesson completed. Unlocked: {modules}", { modules: opened.join(", ") }) : t("Lesson completed"));
  if (fresh) render(main.querySelector("[data-foot]"), foot(lesson, fresh));
}
