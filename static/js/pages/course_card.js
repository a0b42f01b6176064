/** A course as a card, with how far one is in it; `course` is one of get-my-courses. */

import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { dueChip, progressBar, statusChip } from "./parts.js";

export function courseCard(course, nowMs, level = 3) {
  const title = html`<a class="stretched" href="/courses/${course.product_id}">${course.title}</a>`;
  const progress = { done: course.completed_lessons, total: course.total_lessons, percent: course.overall_progress };
  const isOpen = course.status !== "Completed";
  return html`<li class="course-card">
    <div class="course-card__chips">${statusChip(course.status)}${course.due_at && isOpen && course.status !== "Past due" ? dueChip(course.due_at, nowMs) : null}${course.is_assigned ? null : html`<span class="chip">${t("Free choice")}</span>`}</div>
    ${level === 2 ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`}
    <p class="course-card__text">${course.description}</p>
    ${progressBar(progress, course.title)}
  </li>`;
}
