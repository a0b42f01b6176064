/** A lesson that is not there for this person, while modules of theirs are locked: what would open them. */

import * as learning from "../learning.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { lessonsOf, lockReason, nextLesson } from "../progress.js";

/** Draws the page and returns true; false when nothing is locked, so that the lesson is really not there. */
export async function showLocked(main, { app, signal }) {
  const [courses, done] = await Promise.all([
    learning.courses(app.api, { signal }),
    learning.completedIds(app.api, { signal }),
  ]);
  const locked = courses.flatMap((course) => course.modules.filter((module) => module.locked).map((module) => ({ course, module })));
  if (!locked.length) return false;
  document.title = `${t("Locked")} · CallX`;
  render(main, page(locked, done));
  return true;
}

function page(locked, done) {
  return html`<section class="blank">
    <span class="blank__symbol">${icon("lock")}</span>
    <h1>${t("This lesson is locked")}</h1>
    <p>${t("It opens by itself as soon as the module before it is complete. These modules wait for you:")}</p>
    <ul class="locks">${locked.map(({ course, module }) => lockItem(course, module, done))}</ul>
    <a class="button button--quiet" href="/courses">${t("To my courses")}</a>
    <p class="fine-print">${t("Is it none of these? Then the lesson was removed, or it is not meant for you.")}</p>
  </section>`;
}

function lockItem(course, module, done) {
  const next = nextLesson(lessonsOf(course), done);
  return html`<li class="card">
    <h2>${module.title}</h2>
    <p>${course.title} · ${lockReason(module)}</p>
    ${next ? html`<a class="button button--small" href="/lessons/${next.id}">${t("Go on with: {lesson}", { lesson: next.title })}${icon("arrow")}</a>` : null}
  </li>`;
}
