/** A team at a glance: numbers that choose, and a table that can be searched and sorted. */

import { ago, day } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { drawNoTeam, listenToFrame, teamHead } from "../team/team_frame.js";
import { chosen, queryOf, SHOWS, sortedBy, viewOf } from "../team/team_model.js";
import * as reads from "../team/team_reads.js";
import { percentBar, statusChip } from "./parts.js";
import { emptyPanel } from "./states.js";

const SHOWN_AT_ONCE = 100;
const COLUMNS = [
  ["name", () => t("Name")],
  ["status", () => t("Status")],
  ["progress", () => t("Progress")],
  ["due", () => t("Next due date")],
  ["score", () => t("Last call")],
  ["activity", () => t("Last activity")],
];

export async function show(main, { app, signal }) {
  document.title = `${t("Team")} · CallX`;
  const query = new URLSearchParams(location.search);
  const team = await reads.teamOf(app, query, { signal });
  if (team.manager === undefined) return drawNoTeam(main);
  const found = await load(app, team, signal);
  let view = viewOf(query);
  const picked = new Set();
  let all = false;
  render(main, page(team, found));
  listenToFrame(main, { app, signal });
  drawPeople();
  main.addEventListener("input", (event) => event.target.matches("[data-q]") && look({ ...view, q: event.target.value }), { signal });
  main.addEventListener("change", (event) => changed(event.target), { signal });
  main.addEventListener("click", (event) => clicked(event), { signal });

  function look(next) {
    view = next;
    const kept = queryOf(view);
    if (team.manager) kept.set("manager", team.manager.id);
    app.router.keepQuery(kept);
    drawPeople();
  }

  function drawPeople() {
    const people = chosen(found.agents, view, found);
    render(main.querySelector("[data-tiles]"), tiles(found, view));
    render(main.querySelector("[data-people]"), people.length ? table(all ? people : people.slice(0, SHOWN_AT_ONCE), people.length, view, found, picked) : nobody(found.agents.length, view));
    main.querySelector("[data-count]").textContent = view.show || view.q ? tn("{n} person found", "{n} people found", people.length) : "";
    drawPicked();
  }

  function drawPicked() {
    const bar = main.querySelector("[data-picked]");
    bar.hidden = picked.size === 0;
    bar.querySelector("[data-picked-count]").textContent = tn("{n} person chosen", "{n} people chosen", picked.size);
    bar.querySelector("a").href = `/assignments?people=${[...picked].join(",")}`;
  }

  function changed(field) {
    if (field.matches("[data-sort-choice]")) look({ ...view, sort: field.value, down: sortedBy({ sort: null }, field.value).down });
    if (field.matches("[data-pick]")) {
      if (field.checked) picked.add(field.dataset.pick);
      else picked.delete(field.dataset.pick);
      drawPicked();
    }
  }

  function clicked(event) {
    const [tile, heading] = [event.target.closest("[data-show]"), event.target.closest("[data-sort]")];
    if (tile) {
      look({ ...view, show: tile.dataset.show === view.show ? null : tile.dataset.show || null });
      main.querySelector(`[data-show="${tile.dataset.show}"]`).focus();
    }
    if (heading) {
      look(sortedBy(view, heading.dataset.sort));
      main.querySelector(`[data-sort="${heading.dataset.sort}"]`).focus();
    }
    if (event.target.closest("[data-all]")) {
      all = true;
      drawPeople();
    }
    if (event.target.closest("[data-clear]")) {
      main.querySelector("[data-q]").value = "";
      look({ ...view, show: null, q: "" });
      main.querySelector("[data-q]").focus();
    }
  }
}

async function load(app, team, signal) {
  const options = { signal };
  const managerId = team.manager?.id;
  const [progress, scores, expiring] = await Promise.all([
    reads.progress(app.api, managerId, options),
    reads.scores(app.api, managerId, {}, options).catch(() => ({ people: [] })),
    reads.expiring(app.api, Date.now(), options),
  ]);
  const overall = scores.people.filter((person) => person.scores.overall).map((person) => [person.user_id, person.scores.overall]);
  const ids = new Set(progress.agents.map((agent) => agent.user_id));
  return { stats: progress.team_stats, agents: progress.agents, scores: new Map(overall), expiring: new Set([...expiring].filter((id) => ids.has(id))) };
}

function page(team, found) {
  const total = found.stats.total_agents;
  return html`<div class="page page--wide team">
    ${teamHead("/team", team, total ? tn("{n} person, and how far they are.", "{n} people, and how far they are.", total) : t("Nobody is in this team yet."))}
    <div class="stat-tiles" role="group" aria-label="${t("Choose people by state")}" data-tiles></div>
    <div class="table-tools">
      <label class="search-field">${icon("search")}<span class="visually-hidden">${t("Find people by name")}</span><input type="search" data-q placeholder="${t("Find by name")}" value="${new URLSearchParams(location.search).get("q") ?? ""}"></label>
      <label class="inline-field table-tools__sort">${t("Sort by")} <select data-sort-choice>${COLUMNS.map(([key, word]) => html`<option value="${key}">${word()}</option>`)}</select></label>
      <p class="muted" role="status" data-count></p>
      <div class="picked" data-picked hidden><span data-picked-count></span><a class="button button--small" href="/assignments">${icon("calendar")}${t("Assign a course")}</a></div>
    </div>
    <div data-people></div>
  </div>`;
}

function tiles({ stats, agents, expiring }, view) {
  const failed = agents.filter((agent) => SHOWS.did_not_pass.fits(agent)).length;
  const all = [
    ["", t("All"), stats.total_agents, ""],
    ["certified", SHOWS.certified.word(), stats.certified, "good"],
    ["in_progress", SHOWS.in_progress.word(), stats.in_progress, ""],
    ["not_started", SHOWS.not_started.word(), stats.not_started, ""],
    ["overdue", SHOWS.overdue.word(), stats.overdue, stats.overdue ? "bad" : ""],
    ["did_not_pass", SHOWS.did_not_pass.word(), failed, failed ? "bad" : ""],
    ["expiring", SHOWS.expiring.word(), expiring.size, expiring.size ? "warn" : ""],
  ];
  return html`${all
    .filter(([key, , count]) => key !== "did_not_pass" || count > 0 || view.show === key)
    .map(([key, word, count, tone]) => html`<button class="stat-tile ${tone && `stat-tile--${tone}`}" type="button" data-show="${key}" aria-pressed="${(view.show ?? "") === key ? "true" : "false"}"><strong>${count}</strong><span>${word}</span></button>`)}`;
}

function table(people, total, view, found, picked) {
  const nowMs = Date.now();
  const heading = ([key, word]) => {
    const order = view.sort === key ? (view.down ? "descending" : "ascending") : null;
    return html`<th scope="col" ${order ? html`aria-sort="${order}"` : null}><button class="sort" type="button" data-sort="${key}">${word()}<span class="sort__mark" aria-hidden="true">${order ? icon(view.down ? "down" : "up") : null}</span></button></th>`;
  };
  return html`<table class="data-table people-table">
    <caption class="visually-hidden">${t("People of the team")}</caption>
    <thead><tr><th scope="col"><span class="visually-hidden">${t("Choose")}</span></th>${COLUMNS.map(heading)}</tr></thead>
    <tbody>${people.map((agent) => row(agent, found, picked, nowMs))}</tbody>
  </table>
  ${people.length < total ? html`<p class="row row--center"><button class="button button--quiet" type="button" data-all>${t("Show all {n}", { n: total })}</button></p>` : null}`;
}

function row(agent, { scores, expiring }, picked, nowMs) {
  const score = scores.get(agent.user_id);
  const overdue = agent.due_at && Date.parse(agent.due_at) < nowMs;
  return html`<tr>
    <td class="people-table__pick"><label><input type="checkbox" data-pick="${agent.user_id}" ${picked.has(agent.user_id) && html`checked`}><span class="visually-hidden">${t("Choose {name}", { name: agent.full_name })}</span></label></td>
    <th scope="row"><a href="/team/${agent.user_id}">${agent.full_name}</a>${expiring.has(agent.user_id) ? html`<span class="chip chip--warn">${icon("clock")}${t("Certificate expires")}</span>` : null}</th>
    <td>${statusChip(agent.certification_status === "Certified" ? "Certified" : agent.status)}</td>
    <td class="people-table__bar">${percentBar(agent.overall_progress, t("Progress: {label}", { label: agent.full_name }))}</td>
    <td data-label="${t("Next due date")}">${agent.due_at ? html`<time class="${overdue ? "is-late" : ""}" datetime="${agent.due_at}">${day(agent.due_at)}</time>` : html`<span class="muted">–</span>`}</td>
    <td data-label="${t("Last call")}">${score ? html`<span><strong class="tabular">${score.latest}</strong><small class="muted"> ${t("best {n}", { n: score.best })}</small></span>` : html`<span class="muted">–</span>`}</td>
    <td data-label="${t("Last activity")}">${agent.last_activity ? html`<time datetime="${agent.last_activity}">${ago(agent.last_activity, nowMs)}</time>` : html`<span class="muted">${t("never")}</span>`}</td>
  </tr>`;
}

function nobody(total, view) {
  if (total && (view.show || view.q)) {
    return emptyPanel({ symbol: "search", title: t("Nobody fits"), text: t("Nobody of the team is like this."), action: html`<button class="button button--quiet" type="button" data-clear>${t("Show everybody")}</button>` });
  }
  return emptyPanel({ symbol: "people", title: t("Nobody is here yet"), text: t("An administrator gives people to a manager. Then you see here how far they are.") });
}
