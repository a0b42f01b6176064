/** One person of a team: courses, calls, quizzes, what they are good at, certificates, and what they may have more of. */

import { listenToAllowances, loadAllowances, allowancesSection } from "../team/allowances.js";
import { ago, clock, dateTime, day, initials } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { bySimulation, sparkline, toggled } from "../team/person_model.js";
import { remind } from "../team/reminding.js";
import { breadcrumb, dueChip, passChip, percentBar, statusChip } from "./parts.js";

const COMMENTS_SHOWN = 5;

export async function show(main, { app, params, signal }) {
  const options = { signal };
  const [person, allowances, comments] = await Promise.all([
    app.api.invoke("get-person-report", { user_id: params.id }, options),
    loadAllowances(app.api, params.id, options),
    newestComments(app.api, params.id, options),
  ]);
  document.title = `${person.full_name} · CallX`;
  let picked = [];
  render(main, page(person, allowances, comments, Date.now()));
  main.addEventListener("change", (event) => {
    const box = event.target.closest("[data-compare]");
    if (!box) return;
    picked = toggled(picked, person.attempts.latest.find((attempt) => attempt.id === box.dataset.compare));
    drawPicked(main, picked);
  }, { signal });
  main.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remind]");
    if (button) remind(app, button, person);
  }, { signal });
  listenToAllowances(main, { app, userId: params.id, signal });
}

function newestComments(api, userId, options) {
  const query = { select: "id,call_id,at_ms,body,author_name,created_at,resolved_at", user_id: `eq.${userId}`, deleted_at: "is.null", order: "created_at.desc", limit: String(COMMENTS_SHOWN) };
  return api.rows("call_comments", query, options);
}

function drawPicked(main, picked) {
  for (const box of main.querySelectorAll("[data-compare]")) box.checked = picked.some((attempt) => attempt.id === box.dataset.compare);
  const link = main.querySelector("[data-compare-link]");
  link.hidden = picked.length < 2;
  link.href = `/compare?attempts=${picked.map((attempt) => attempt.id).join(",")}`;
  link.querySelector("span").textContent = tn("Compare {n} call", "Compare {n} calls", picked.length);
}

function page(person, allowances, comments, nowMs) {
  return html`<div class="page page--wide person">
    ${breadcrumb([{ href: "/team", text: t("Team") }, { text: person.full_name }])}
    <header class="person__head">
      <span class="avatar avatar--large" aria-hidden="true">${initials(person.full_name)}</span>
      <div><h1>${person.full_name}</h1>
        <p class="muted">${person.email} · ${person.last_activity ? t("last active {when}", { when: ago(person.last_activity, nowMs) }) : t("never active")}${person.joined_at ? ` · ${t("since {day}", { day: day(person.joined_at) })}` : ""}</p>
        ${person.closed_at ? html`<p><span class="chip chip--bad">${t("Account closed {day}", { day: day(person.closed_at) })}</span></p>` : null}</div>
      <a class="button button--quiet" href="/assignments?people=${person.user_id}">${icon("calendar")}${t("Assign a course")}</a>
    </header>
    <section aria-labelledby="person-courses"><h2 class="section-title" id="person-courses">${t("Courses")}</h2>${coursesTable(person.courses, nowMs)}</section>
    <section aria-labelledby="person-calls"><div class="section-head"><h2 id="person-calls">${t("Calls")}</h2><a class="button button--small" data-compare-link href="/compare" hidden>${icon("target")}<span></span></a></div>${callGroups(person.attempts)}</section>
    ${skills(person)}
    <div class="person__pair">
      ${quizzesSection(person.quiz_attempts)}
      ${certificatesSection(person.certificates)}
      ${commentsSection(comments, nowMs)}
      ${allowancesSection(allowances)}
    </div>
  </div>`;
}

function coursesTable(courses, nowMs) {
  if (!courses.length) return html`<p class="muted">${t("No course is open to this person.")}</p>`;
  return html`<table class="data-table"><caption class="visually-hidden">${t("Courses")}</caption>
    <thead><tr><th scope="col">${t("Course")}</th><th scope="col">${t("Status")}</th><th scope="col">${t("Progress")}</th><th scope="col">${t("Due")}</th><th scope="col"><span class="visually-hidden">${t("Actions")}</span></th></tr></thead>
    <tbody>${courses.map((course) => html`<tr>
      <th scope="row">${course.title}${course.is_assigned ? null : html` <small class="muted">${t("free choice")}</small>`}</th>
      <td>${statusChip(course.certified_at && course.status === "Completed" ? "Certified" : course.status)}${course.is_late ? html` <span class="chip chip--warn">${t("late")}</span>` : null}</td>
      <td class="person__bar">${percentBar(course.overall_progress, t("Progress: {label}", { label: course.title }))}</td>
      <td data-label="${t("Due")}">${course.due_at ? (course.status === "Completed" ? day(course.due_at) : html`<span>${day(course.due_at)} ${dueChip(course.due_at, nowMs)}</span>`) : html`<span class="muted">–</span>`}</td>
      <td>${course.is_assigned && course.status !== "Completed" ? html`<button class="button button--quiet button--small" type="button" data-remind="${course.product_id}" data-template="${templateOf(course, nowMs)}">${icon("letter")}<span data-word>${t("Remind")}</span><span class="visually-hidden">: ${course.title}</span></button>` : null}</td>
    </tr>`)}</tbody></table>`;
}

function templateOf({ due_at }, nowMs) {
  if (!due_at) return "assigned";
  return Date.parse(due_at) < nowMs ? "overdue" : "due_soon";
}

function callGroups({ total, latest }) {
  if (!latest.length) return html`<p class="muted">${t("No calls yet.")}</p>`;
  return html`<div class="call-groups">${bySimulation(latest).map(callGroup)}</div>${total > latest.length ? html`<p class="fine-print">${t("The newest {shown} of {total}.", { shown: latest.length, total })}</p>` : null}`;
}

function callGroup(group) {
  const scores = [...group.attempts].reverse().map((attempt) => attempt.overall_score);
  return html`<article class="card call-group">
    <header><div><h3>${group.title}</h3><p class="muted">${group.product_title}</p></div>${spark(scores, group.title)}
      <dl class="call-group__facts"><div><dt>${t("first")}</dt><dd>${group.first}</dd></div><div><dt>${t("latest")}</dt><dd>${group.latest}</dd></div><div><dt>${t("best")}</dt><dd>${group.best}</dd></div></dl></header>
    <table class="plain-table"><caption class="visually-hidden">${t("Calls of {title}", { title: group.title })}</caption>
      <thead><tr>${group.attempts.length > 1 ? html`<th scope="col">${t("Compare")}</th>` : null}<th scope="col">${t("When")}</th><th scope="col">${t("Score")}</th><th scope="col">${t("Result")}</th><th scope="col">${t("Length")}</th></tr></thead>
      <tbody>${group.attempts.map((attempt) => html`<tr>
        ${group.attempts.length > 1 ? html`<td><label class="call-group__pick"><input type="checkbox" data-compare="${attempt.id}"><span class="visually-hidden">${t("Compare the call of {when}", { when: dateTime(attempt.attempted_at) })}</span></label></td>` : null}
        <td>${attempt.call_id ? html`<a href="/calls/${attempt.call_id}"><time datetime="${attempt.attempted_at}">${dateTime(attempt.attempted_at)}</time></a>` : html`<time datetime="${attempt.attempted_at}">${dateTime(attempt.attempted_at)}</time>`}${attempt.mode === "exam" ? html` <span class="chip">${t("Exam")}</span>` : null}</td>
        <td class="tabular"><strong>${attempt.overall_score}</strong></td><td>${passChip(attempt.passed)}</td><td class="tabular">${attempt.duration_ms >= 1000 ? clock(attempt.duration_ms) : "–"}</td></tr>`)}</tbody></table>
  </article>`;
}

function spark(scores, title) {
  const line = sparkline(scores);
  if (!line) return null;
  return html`<svg class="spark" viewBox="0 0 ${line.width} ${line.height}" role="img" aria-label="${t("Scores of {title}: {scores}", { title, scores: scores.join(", ") })}" focusable="false"><line class="spark__pass" x1="0" x2="${line.width}" y1="8.2" y2="8.2" /><polyline class="spark__line" points="${line.points}" /><circle class="spark__dot" cx="${line.last[0]}" cy="${line.last[1]}" r="3" /></svg>`;
}

function skills({ strengths, weaknesses }) {
  if (!strengths.length && !weaknesses.length) return null;
  const list = (items, tone) => html`<ul class="skills">${items.map((item) => html`<li><span>${item.title}<small>${item.section_title ? `${item.section_title} · ` : ""}${tn("{n} call", "{n} calls", item.assessed)}</small></span><strong class="skills__points skills__points--${tone}">${item.average}</strong></li>`)}</ul>`;
  return html`<section aria-labelledby="person-skills"><h2 class="section-title" id="person-skills">${t("Skills")}</h2><div class="person__pair">
    <section class="card"><h3>${t("Strong in")}</h3>${strengths.length ? list(strengths, "good") : html`<p class="muted">${t("Nothing is at 80 points yet.")}</p>`}</section>
    <section class="card"><h3>${t("To work on")}</h3>${weaknesses.length ? list(weaknesses, "bad") : html`<p class="muted">${t("Nothing is below 80 points.")}</p>`}</section></div></section>`;
}

function quizzesSection({ total, latest }) {
  return html`<section class="card" aria-labelledby="person-quizzes"><h2 id="person-quizzes">${t("Quizzes")}</h2>
    ${latest.length ? html`<ul class="mini-list">${latest.slice(0, 8).map((attempt) => html`<li><span>${attempt.title}<small><time datetime="${attempt.attempted_at}">${dateTime(attempt.attempted_at)}</time></small></span><span class="mini-list__end"><strong class="tabular">${t("{n} %", { n: attempt.score })}</strong>${passChip(attempt.passed)}</span></li>`)}</ul>` : html`<p class="muted">${t("No quiz was handed in yet.")}</p>`}
    ${total > 8 ? html`<p class="fine-print">${t("The newest {shown} of {total}.", { shown: 8, total })}</p>` : null}</section>`;
}

const CERTIFICATE_STATES = { valid: ["good", () => t("Valid")], expiring: ["warn", () => t("Expires soon")], expired: ["bad", () => t("Expired")], revoked: ["bad", () => t("Revoked")] };

function certificatesSection(certificates) {
  return html`<section class="card" aria-labelledby="person-certificates"><h2 id="person-certificates">${t("Certificates")}</h2>
    ${certificates.length ? html`<ul class="mini-list">${certificates.map((one) => html`<li><span>${one.code ? html`<a href="/verify/${one.code}">${one.product_title}</a>` : one.product_title}<small>${one.expires_at ? t("Good until {day}", { day: day(one.expires_at) }) : t("Good for ever")}</small></span><span class="chip chip--${CERTIFICATE_STATES[one.state][0]}">${CERTIFICATE_STATES[one.state][1]()}</span></li>`)}</ul>` : html`<p class="muted">${t("None yet.")}</p>`}</section>`;
}

function commentsSection(comments, nowMs) {
  return html`<section class="card" aria-labelledby="person-comments"><h2 id="person-comments">${t("Newest comments")}</h2>
    ${comments.length ? html`<ul class="mini-list">${comments.map((one) => html`<li><span><a href="/calls/${one.call_id}${one.at_ms === null ? "" : `?t=${one.at_ms}`}">${one.body}</a><small>${one.author_name} · ${ago(one.created_at, nowMs)}</small></span>${one.resolved_at ? html`<span class="chip chip--good">${icon("check")}${t("Resolved")}</span>` : null}</li>`)}</ul>` : html`<p class="muted">${t("Open a call to comment on it at the very second.")}</p>`}</section>`;
}
