/** People by what their calls are judged by: a table whose colours repeat its numbers. */

import { html, render } from "../lib/html.js";
import { signed } from "../lib/format.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { drawNoTeam, listenToFrame, teamHead } from "../team/team_frame.js";
import { cellsOf, heatOf, meanOf, pointsOf } from "../team/team_model.js";
import * as reads from "../team/team_reads.js";
import { emptyPanel, errorCard } from "./states.js";

const PERIODS = { "": () => t("All time"), 30: () => t("Last 30 days"), 90: () => t("Last 90 days") };
const DAY_MS = 86_400_000;

export async function show(main, { app, signal }) {
  document.title = `${t("Skills of the team")} · CallX`;
  const query = new URLSearchParams(location.search);
  const team = await reads.teamOf(app, query, { signal });
  if (team.manager === undefined) return drawNoTeam(main);
  const products = await reads.products(app.api, { signal });
  let chosen = { product: query.get("product") ?? "", days: query.get("days") ?? "", which: query.get("which") === "best" ? "best" : "latest" };
  let scores = await load();
  render(main, page(team, products, chosen));
  listenToFrame(main, { app, signal });
  drawMap();
  main.addEventListener("change", (event) => event.target.dataset.choice && choose(event.target), { signal });
  main.addEventListener("click", (event) => event.target.closest("[data-retry]") && reload(), { signal });

  function load() {
    const since = chosen.days ? { since: new Date(Date.now() - Number(chosen.days) * DAY_MS).toISOString() } : {};
    return reads.scores(app.api, team.manager?.id, { ...(chosen.product ? { product_id: chosen.product } : {}), ...since }, { signal });
  }

  function choose({ dataset: { choice }, value }) {
    chosen = { ...chosen, [choice]: value };
    const kept = new URLSearchParams(Object.entries(chosen).filter(([key, text]) => text && !(key === "which" && text === "latest")));
    if (team.manager) kept.set("manager", team.manager.id);
    app.router.keepQuery(kept);
    return choice === "which" ? drawMap() : reload();
  }

  async function reload() {
    const target = main.querySelector("[data-map]");
    target.setAttribute("aria-busy", "true");
    try {
      scores = await load();
      drawMap();
      app.announce(t("The table is up to date"));
    } catch (error) {
      if (error.name !== "AbortError") render(target, errorCard(error));
    } finally {
      target.removeAttribute("aria-busy");
    }
  }

  function drawMap() {
    const assessed = scores.people.filter((person) => person.attempts > 0);
    render(main.querySelector("[data-map]"), assessed.length ? map(scores, assessed, chosen.which) : nothing());
  }
}

function page(team, products, chosen) {
  const option = (value, word, current) => html`<option value="${value}" ${value === current && html`selected`}>${word}</option>`;
  return html`<div class="page page--wide team">
    ${teamHead("/team/skills", team, t("How the calls went, section by section. Where a column is weak, the team needs the same lesson."))}
    <div class="table-tools">
      <label class="inline-field">${t("Course")} <select data-choice="product">${option("", t("All courses"), chosen.product)}${products.map((product) => option(product.id, product.title, chosen.product))}</select></label>
      <label class="inline-field">${t("Time")} <select data-choice="days">${Object.entries(PERIODS).map(([days, word]) => option(days, word(), chosen.days))}</select></label>
      <label class="inline-field">${t("Show")} <select data-choice="which">${option("latest", t("The latest call"), chosen.which)}${option("best", t("The best call"), chosen.which)}</select></label>
    </div>
    <div data-map></div>
  </div>`;
}

function map({ dimensions, people, sections_left_out: leftOut }, assessed, which) {
  const silent = people.length - assessed.length;
  return html`<div class="table-scroll" role="region" aria-label="${t("Scores of the team")}" tabindex="0"><table class="heat">
    <caption class="visually-hidden">${t("Scores from 0 to 100 by person and section")}</caption>
    <thead><tr><th scope="col">${t("Name")}</th>${dimensions.map((dimension) => html`<th scope="col"><span>${dimension.title}</span></th>`)}<th scope="col">${t("Calls")}</th></tr></thead>
    <tbody>${assessed.map((person) => personRow(person, dimensions, which))}</tbody>
    <tfoot><tr><th scope="row">${t("The team")}</th>${dimensions.map((dimension) => meanCell(assessed, dimension, which))}<td></td></tr></tfoot>
  </table></div>
  <ul class="heat-legend" aria-label="${t("What the colours mean")}">${[["0", t("below 50")], ["1", t("50 to 64")], ["2", t("65 to 79")], ["3", t("80 to 89")], ["4", t("90 and more")]].map(([level, word]) => html`<li><span class="heat-legend__swatch heat--${level}"></span>${word}</li>`)}</ul>
  <p class="fine-print">${t("The small number is the change to the three calls before.")}
    ${silent ? tn("{n} person has no calls in this choice.", "{n} people have no calls in this choice.", silent) : null}
    ${leftOut ? tn("{n} section that was assessed least is left out.", "{n} sections that were assessed least are left out.", leftOut) : null}</p>`;
}

function personRow(person, dimensions, which) {
  return html`<tr><th scope="row"><a href="/team/${person.user_id}">${person.full_name}</a></th>
    ${cellsOf(person, dimensions).map((cell, place) => scoreCell(dimensions[place], cell, which))}
    <td class="tabular">${person.attempts}</td></tr>`;
}

function scoreCell(dimension, cell, which) {
  if (!cell) return html`<td class="heat__none">–<span class="visually-hidden"> ${t("never assessed")}</span></td>`;
  const value = cell[which];
  const text = dimension.kind === "words" ? dimension.words[value] : value;
  const trend = which === "latest" && dimension.kind !== "words" && cell.trend;
  return html`<td class="heat__cell heat--${heatOf(pointsOf(dimension, value))} ${dimension.kind === "words" ? "heat__cell--word" : ""}">${text}${trend ? html`<small class="heat__trend">${icon(trend > 0 ? "up" : "down")}${signed(trend)}</small>` : null}</td>`;
}

function meanCell(people, dimension, which) {
  const mean = meanOf(people, dimension, which);
  if (mean === null) return html`<td class="heat__none">–</td>`;
  const text = dimension.kind === "words" ? dimension.words[mean] : mean;
  return html`<td class="heat__cell heat--${heatOf(pointsOf(dimension, mean))} ${dimension.kind === "words" ? "heat__cell--word" : ""}">${text}</td>`;
}

function nothing() {
  return emptyPanel({ symbol: "target", title: t("No calls in this choice"), text: t("As soon as somebody of the team has made a call, it is here.") });
}
