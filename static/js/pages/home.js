import * as learning from "../learning.js";
import { certificateState, courseToContinue, dueCourses, lastReport, nextCall, whatIsLeft } from "../home_model.js";
import { ago, day, initials, signed } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t, tn } from "../lib/i18n.js";
import { icon, LESSON_TYPES } from "../lib/icons.js";
import { mayGo } from "../me.js";
import { onProgress } from "../progress_news.js";
import { courseCard } from "./course_card.js";
import { dueChip, passChip, statusChip } from "./parts.js";
import { noticeRunningCall } from "./running_call.js";
import { emptyPanel } from "./states.js";

const COURSES_SHOWN = 3;
const ATTEMPTS_LOOKED_AT = 30;

export async function show(main, { app, signal }) {
  document.title = `${t("Home")} · CallX`;
  let found = await load(app, signal);
  draw();
  return onProgress(async () => {
    const fresh = await load(app, signal).catch(() => found);
    if (signal.aborted || JSON.stringify(fresh) === JSON.stringify(found)) return;
    found = fresh;
    draw();
  });

  function draw() {
    render(main, page(found, Date.now()));
    noticeRunningCall(main.querySelector(".page"), { app, signal });
  }
}

async function load(app, signal) {
  const options = { signal };
  const [courses, lessons, done, attempts, certificates, me] = await Promise.all([
    learning.myCourses(app.api, options),
    learning.callLessons(app.api, options),
    learning.completedIds(app.api, options),
    learning.newestAttempts(app.api, ATTEMPTS_LOOKED_AT, options),
    learning.myCertificates(app.api, options),
    app.me.get().catch(() => null),
  ]);
  const leads = mayGo(me?.roles ?? [], ["manager"]) && me.role === "manager";
  const team = leads ? await app.api.invoke("get-team-progress", { limit: 1 }, options).catch(() => null) : null;
  const name = me?.name ?? app.login.user.user_metadata?.full_name ?? "";
  return { name, courses, call: nextCall(lessons, done, courses), report: lastReport(attempts), certificates, team };
}

function page({ name, courses, call, report, certificates, team }, nowMs) {
  const due = dueCourses(courses);
  const expiring = certificates.filter((one) => ["expiring", "expired"].includes(certificateState(one, nowMs)));
  const cards = [teamCard(team), dueCard(due, nowMs), callCard(call), reportCard(report, nowMs), expiryCard(expiring, nowMs)].filter(Boolean);
  return html`<div class="page home">
    <header class="page-head">
      <h1>${greeting(name.split(" ")[0], new Date(nowMs).getHours())}</h1>
      <p class="lead">${headline(courses)}</p>
    </header>
    ${courses.length ? continueCard(courseToContinue(courses)) : null}
    ${cards.length ? html`<div class="home__grid">${cards}</div>` : null}
    ${courses.length ? ownCourses(courses, nowMs) : nothing()}
  </div>`;
}

function greeting(name, hour) {
  const words = hour < 5 || hour >= 18 ? t("Good evening") : hour < 12 ? t("Good morning") : t("Good afternoon");
  return name ? t("{greeting}, {name}", { greeting: words, name }) : words;
}

function headline(courses) {
  if (!courses.length) return t("Nothing assigned yet.");
  const left = whatIsLeft(courses);
  if (!left.lessons) return t("Everything is done. Practise a call to stay sharp.");
  const lessons = tn("{n} lesson to go", "{n} lessons to go", left.lessons);
  return tn("{lessons} in {n} course.", "{lessons} in {n} courses.", left.courses, { lessons });
}

function continueCard(course) {
  if (!course) return null;
  const lesson = course.next_lesson;
  const type = LESSON_TYPES[lesson.lesson_type] ?? LESSON_TYPES.text;
  const isCall = lesson.lesson_type === "simulation";
  const begun = course.completed_lessons > 0;
  return html`<section class="continue ${isCall && "continue--call"}" aria-labelledby="continue-title">
    <div class="continue__symbol">${icon(type.icon)}</div>
    <div class="continue__text">
      <p class="eyebrow">${begun ? t("Continue") : t("Start here")} · ${course.title}</p>
      <h2 id="continue-title">${lesson.title}</h2>
      <p class="continue__where">${lesson.module_title} · ${tn("{n} lesson left", "{n} lessons left", course.total_lessons - course.completed_lessons)}</p>
    </div>
    <a class="button button--large button--light" href="/lessons/${lesson.lesson_id}">${isCall ? t("Prepare for the call") : begun ? t("Resume") : t("Open lesson")}${icon("arrow")}</a>
  </section>`;
}

function teamCard(team) {
  if (!team) return null;
  const { total_agents: total, overdue, certified } = team.team_stats;
  return html`<section class="card home__card" aria-labelledby="home-team">
    <h2 id="home-team">${icon("people")}${t("Your team")}</h2>
    <p class="home__big">${overdue ? tn("{n} person is overdue", "{n} people are overdue", overdue) : t("Nobody is overdue")}</p>
    <p class="muted">${t("{certified} of {total} certified", { certified, total })}</p>
    <a class="button button--quiet button--small" href="${overdue ? "/team?show=overdue" : "/team"}">${overdue ? t("See who") : t("To my team")}${icon("arrow")}</a>
  </section>`;
}

function dueCard(courses, nowMs) {
  if (!courses.length) return null;
  return html`<section class="card home__card home__card--wide" aria-labelledby="home-due">
    <h2 id="home-due">${icon("calendar")}${t("Due soon")}</h2>
    <ul class="due-list">${courses.slice(0, 5).map((course) => html`<li>
      <div><a href="/courses/${course.product_id}">${course.title}</a><small><time datetime="${course.due_at}">${day(course.due_at)}</time> · ${t("{n} %", { n: course.overall_progress })}</small></div>
      <span class="due-list__chips">${["Past due"].includes(course.status) ? null : statusChip(course.status)}${dueChip(course.due_at, nowMs)}</span>
    </li>`)}</ul>
  </section>`;
}

function callCard(lesson) {
  if (!lesson) return null;
  return html`<section class="card home__card" aria-labelledby="home-call">
    <h2 id="home-call">${icon("phone")}${t("Your next call")}</h2>
    <div class="home__who"><span class="avatar avatar--customer" aria-hidden="true">${initials(lesson.scenario?.customer_name)}</span>
      <p><strong>${lesson.scenario?.customer_name ?? lesson.title}</strong><span class="muted">${lesson.scenario?.title ?? lesson.module.title}</span></p></div>
    <a class="button button--small button--call" href="/lessons/${lesson.id}">${icon("phone")}${t("Look at the brief")}</a>
  </section>`;
}

function reportCard(report, nowMs) {
  if (!report?.call_id) return null;
  return html`<section class="card home__card" aria-labelledby="home-report">
    <h2 id="home-report">${icon("target")}${t("Your last call")}</h2>
    <p class="home__score"><strong>${report.overall_score}</strong>${passChip(report.passed)}</p>
    <p class="muted">${report.scenario?.title ?? t("Practice call")} · <time datetime="${report.attempted_at}">${ago(report.attempted_at, nowMs)}</time></p>
    ${report.delta === null ? null : html`<p class="delta ${report.delta < 0 ? "delta--down" : "delta--up"}">${icon(report.delta < 0 ? "down" : "up")}${t("{delta} points to the call before", { delta: signed(report.delta) })}</p>`}
    <a class="button button--quiet button--small" href="/calls/${report.call_id}">${t("Open the report card")}${icon("arrow")}</a>
  </section>`;
}

function expiryCard(certificates, nowMs) {
  if (!certificates.length) return null;
  return html`<section class="card home__card" aria-labelledby="home-expiry">
    <h2 id="home-expiry">${icon("medal")}${t("Certificates to renew")}</h2>
    <ul class="due-list">${certificates.map((one) => html`<li><div><a href="/courses/${one.product_id}">${one.products?.title}</a>
      <small>${Date.parse(one.expires_at) > nowMs ? t("Expires {day}", { day: day(one.expires_at) }) : t("Expired {day}", { day: day(one.expires_at) })}</small></div></li>`)}</ul>
    <a class="button button--quiet button--small" href="/certificates">${t("My certificates")}${icon("arrow")}</a>
  </section>`;
}

function ownCourses(courses, nowMs) {
  return html`<div class="section-head"><h2>${t("Your courses")}</h2>${courses.length > COURSES_SHOWN ? html`<a href="/courses">${tn("All {n} course", "All {n} courses", courses.length)}</a>` : null}</div>
    <ul class="course-grid">${courses.slice(0, COURSES_SHOWN).map((course) => courseCard(course, nowMs))}</ul>`;
}

function nothing() {
  return emptyPanel({
    symbol: "book",
    title: t("Nothing assigned yet"),
    text: t("As soon as a course is published for you, it is here. Your manager can tell you when."),
  });
}
