/** All courses of the person; chips choose by state. */

import * as learning from "../learning.js";
import { html, render } from "../lib/html.js";
import { t, tn } from "../lib/i18n.js";
import { onProgress } from "../progress_news.js";
import { courseCard } from "./course_card.js";
import { statusWord } from "./parts.js";
import { noticeRunningCall } from "./running_call.js";
import { emptyPanel } from "./states.js";

const STATUSES = ["Past due", "In progress", "Not started", "Did not pass", "Completed"];

export async function show(main, { app, signal }) {
  document.title = `${t("My courses")} · CallX`;
  let courses = await learning.myCourses(app.api, { signal });
  let wanted = new URLSearchParams(location.search).get("status");
  const draw = () => render(main, page(courses, wanted, Date.now()));
  draw();
  noticeRunningCall(main.querySelector(".page"), { app, signal });
  main.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest("[data-status]");
      if (!button) return;
      wanted = button.dataset.status || null;
      app.router.keepQuery(new URLSearchParams(wanted ? { status: wanted } : {}));
      draw();
      main.querySelector(`[data-status="${wanted ?? ""}"]`)?.focus();
    },
    { signal },
  );
  return onProgress(async () => {
    courses = await learning.myCourses(app.api, { signal }).catch(() => courses);
    if (!signal.aborted) draw();
  });
}

function page(courses, wanted, nowMs) {
  const shown = wanted ? courses.filter((course) => course.status === wanted) : courses;
  return html`<div class="page">
    <header class="page-head"><h1>${t("My courses")}</h1><p class="lead">${courses.length ? tn("{n} course is open to you.", "{n} courses are open to you.", courses.length) : t("Here is where your courses will be.")}</p></header>
    ${courses.length > 1 ? filters(courses, wanted) : null}
    ${shown.length ? html`<ul class="course-grid">${shown.map((course) => courseCard(course, nowMs, 2))}</ul>` : nothing(wanted)}
  </div>`;
}

function filters(courses, wanted) {
  const chip = (status, text, count) => html`<button class="filter-chip" type="button" data-status="${status ?? ""}" aria-pressed="${wanted === status ? "true" : "false"}">${text}<span class="filter-chip__count">${count}</span></button>`;
  const present = STATUSES.filter((status) => status === wanted || courses.some((course) => course.status === status));
  return html`<div class="filter-chips" role="group" aria-label="${t("Show courses by state")}">
    ${chip(null, t("All"), courses.length)}
    ${present.map((status) => chip(status, statusWord(status), courses.filter((course) => course.status === status).length))}
  </div>`;
}

function nothing(wanted) {
  if (wanted) return emptyPanel({ symbol: "check", title: t("None of this kind"), text: t("Choose another state above.") });
  return emptyPanel({
    symbol: "book",
    title: t("No courses yet"),
    text: t("As soon as a course is published for you, it is here. Your manager can tell you when."),
  });
}
