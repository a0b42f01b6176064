/** Drawings of training in numbers, each with a table that says the same. */

import { number } from "../../lib/format.js";
import { html } from "../../lib/html.js";
import { t, tn } from "../../lib/i18n.js";
import { icon } from "../../lib/icons.js";
import { emptyPanel } from "../states.js";
import { histogram, itemPoints, percentOf } from "./analytics_model.js";

const [WIDTH, HEIGHT] = [400, 120];
const STAGES = { entered: () => t("Entered"), started: () => t("Started"), half_way: () => t("Half way"), finished: () => t("Finished"), certified: () => t("Certified") };
const FLAGS = { check_the_key: () => t("Check the key"), tells_little: () => t("Tells little"), too_hard: () => t("Too hard"), too_easy: () => t("Too easy"), unused_option: () => t("Unused option") };

const few = (share) => (share.too_few ? html` <small class="muted">${t("few cases")}</small>` : null);
const percent = (value) => (value === null ? "–" : t("{n} %", { n: value }));
const nothing = (text) => emptyPanel({ symbol: "history", title: t("No numbers yet"), text });
const twin = (caption, heads, rows) => html`<details class="twin"><summary>${t("Show as table")}<span class="chevron" aria-hidden="true"></span></summary><div class="table-scroll" tabindex="0" role="region" aria-label="${caption}"><table class="twin__table"><caption class="visually-hidden">${caption}</caption>
  <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
  <tbody>${rows.map(([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div></details>`;

function bar(value, label) {
  return html`<svg class="hbar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${label}" focusable="false"><rect class="hbar__ground" width="100" height="10" /><rect class="hbar__value" width="${value ?? 0}" height="10" /></svg>`;
}

/** How far people got, product by product. */
export function funnelView({ products }) {
  const shown = products.filter((product) => product.stages[0].people > 0);
  if (!shown.length) return nothing(t("Nobody entered a course in this time."));
  return html`<div class="chart-grid">${shown.map((product) => {
    const rows = product.stages.map((stage) => ({ word: STAGES[stage.stage](), people: stage.people, all: percentOf(stage.of_all), before: percentOf(stage.of_previous) }));
    return html`<figure class="card chart"><figcaption><h3>${product.title}</h3><p class="muted">${tn("{n} person entered", "{n} people entered", product.stages[0].people)}${few(product.stages[0].of_all)}</p></figcaption>
      <ul class="funnel">${rows.map((row) => html`<li><span>${row.word}</span>${bar(row.all, `${row.word}: ${percent(row.all)}`)}<strong class="tabular">${row.people}</strong><span class="muted tabular">${percent(row.all)}</span></li>`)}</ul>
      ${twin(product.title, [t("Stage"), t("People"), t("Of all"), t("Of the stage before")], rows.map((row) => [row.word, row.people, percent(row.all), percent(row.before)]))}</figure>`;
  })}</div>`;
}

/** Who passes, and at which attempt. */
export function passView({ subjects }) {
  const shown = subjects.filter((subject) => subject.attempts_passed.of > 0);
  if (!shown.length) return nothing(t("Nothing was attempted in this time."));
  return html`<div class="chart-grid">${shown.map((subject) => {
    const [people, once] = [percentOf(subject.people_passed), percentOf(subject.passed_at_once)];
    return html`<figure class="card chart"><figcaption><p class="eyebrow">${icon(subject.kind === "quiz" ? "quiz" : "phone")}${subject.product_title}</p><h3>${subject.title}</h3></figcaption>
      <ul class="funnel"><li><span>${t("People who passed")}</span>${bar(people, `${t("People who passed")}: ${percent(people)}`)}<strong class="tabular">${percent(people)}</strong><span class="muted tabular">${t("{n} of {total}", { n: subject.people_passed.count, total: subject.people_passed.of })}</span></li>
        <li><span>${t("At once")}</span>${bar(once, `${t("At once")}: ${percent(once)}`)}<strong class="tabular">${percent(once)}</strong><span class="muted tabular">${t("{n} of {total}", { n: subject.passed_at_once.count, total: subject.passed_at_once.of })}</span></li></ul>
      ${subject.attempts_to_pass.n ? bars(t("Attempts to pass: {title}", { title: subject.title }), subject.attempts_to_pass, [t("Attempt"), t("People")], t("passed at attempt")) : html`<p class="muted">${t("Nobody has passed for the first time in it.")}</p>`}</figure>`;
  })}</div>`;
}

/** Points of calls, with the line of the pass mark. */
export function scoreView({ simulations }) {
  const shown = simulations.filter((simulation) => simulation.attempts > 0);
  if (!shown.length) return nothing(t("No call was judged in this time."));
  return html`<div class="chart-grid">${shown.map((simulation) => {
    const overall = simulation.dimensions.find((dimension) => dimension.key === "overall");
    return html`<figure class="card chart"><figcaption><p class="eyebrow">${icon("phone")}${simulation.product_title}</p><h3>${simulation.title}</h3><p class="muted">${tn("{n} call", "{n} calls", simulation.attempts)}, ${t("{n} reached the pass mark of {mark}", { n: simulation.reached_grade.count, mark: simulation.passing_grade })}${few(simulation.reached_grade)}</p></figcaption>
      ${overall ? bars(t("Points: {title}", { title: simulation.title }), overall.points, [t("Points"), t("Calls")], t("points"), simulation.passing_grade) : null}
      ${twin(t("Dimensions: {title}", { title: simulation.title }), [t("Dimension"), t("Cases"), t("Mean"), t("Median")], simulation.dimensions.map((one) => [one.title, one.points.n, one.points.mean === null ? "–" : number(one.points.mean, 1), one.points.median === null ? "–" : number(one.points.median, 1)]))}</figure>`;
  })}</div>`;
}

function bars(title, distribution, heads, under, markPoints = null) {
  const drawn = histogram(distribution.bars, WIDTH, HEIGHT);
  const mark = markPoints === null ? null : (markPoints / 100) * WIDTH;
  const says = `${title}. ${t("Median {median} of {n} cases", { median: number(distribution.median ?? 0, 1), n: distribution.n })}`;
  return html`<div class="histogram"><svg viewBox="0 -16 ${WIDTH} ${HEIGHT + 36}" role="img" aria-label="${says}" focusable="false">
      ${drawn.map((one) => html`<rect class="histogram__bar" x="${one.x}" y="${HEIGHT - one.height}" width="${one.width}" height="${one.height}" rx="2" />${one.count ? html`<text class="histogram__count" x="${one.x + one.width / 2}" y="${HEIGHT - one.height - 4}" text-anchor="middle">${one.count}</text>` : null}<text class="histogram__label" x="${one.x + one.width / 2}" y="${HEIGHT + 16}" text-anchor="middle">${distribution.bars.length > 8 ? one.label.split("–")[0] : one.label}</text>`)}
      <line class="histogram__axis" x1="0" x2="${WIDTH}" y1="${HEIGHT}" y2="${HEIGHT}" />
      ${mark === null ? null : html`<line class="histogram__mark" x1="${mark}" x2="${mark}" y1="-16" y2="${HEIGHT}" />`}</svg>
    <p class="fine-print">${under}${mark === null ? null : ` · ${t("dashed: the pass mark")}`}</p></div>
    ${twin(title, heads, drawn.map((one) => [one.label, one.count]))}`;
}

/** Questions of one quiz: how easy, and how well they tell good from poor. */
export function itemView({ people, items }) {
  if (!people) return nothing(t("Nobody has taken this quiz in this time."));
  const points = itemPoints(items, WIDTH, WIDTH / 2);
  const share = (value) => (value === null ? "–" : number(value, 2));
  return html`<figure class="card chart"><figcaption><p class="muted">${tn("First attempt of {n} person", "First attempts of {n} people", people)}</p></figcaption>
    ${points.length ? html`<div class="histogram"><svg viewBox="-10 -10 ${WIDTH + 20} ${WIDTH / 2 + 20}" role="img" aria-label="${t("Each question by how easy it is and how well it tells good from poor; the table says the same")}" focusable="false">
      <rect class="scatter__good" x="${0.3 * WIDTH}" y="0" width="${0.65 * WIDTH}" height="${0.2 * WIDTH}" /><line class="histogram__axis" x1="0" x2="${WIDTH}" y1="${WIDTH / 4}" y2="${WIDTH / 4}" />
      ${points.map((point) => html`<circle class="scatter__point ${point.isFlagged ? "scatter__point--bad" : ""}" cx="${point.x}" cy="${point.y}" r="9" /><text class="scatter__name" x="${point.x}" y="${point.y + 3.5}" text-anchor="middle">${point.place}</text>`)}</svg>
      <p class="fine-print">${t("to the right: easier · to the top: tells good from poor better · shaded: good")}</p></div>` : null}
    <table class="data-table"><caption class="visually-hidden">${t("Questions")}</caption><thead><tr><th scope="col">${t("Question")}</th><th scope="col">${t("Cases")}</th><th scope="col">${t("Right")}</th><th scope="col">${t("Tells apart")}</th><th scope="col">${t("Look at")}</th></tr></thead>
      <tbody>${items.map((item) => html`<tr><th scope="row">${item.place}. ${item.text}</th><td data-label="${t("Cases")}">${item.n}</td><td data-label="${t("Right")}">${item.facility === null ? "–" : t("{n} %", { n: Math.round(item.facility * 100) })}</td><td data-label="${t("Tells apart")}">${share(item.discrimination)}</td><td>${item.flags.length ? html`<span class="chips">${item.flags.map((flag) => html`<span class="chip chip--warn">${FLAGS[flag]?.() ?? flag}</span>`)}</span>` : item.too_few ? html`<span class="muted">${t("few cases")}</span>` : "–"}</td></tr>`)}</tbody></table></figure>`;
}
