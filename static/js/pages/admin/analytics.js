/** What training achieves, in numbers: how far people get, who passes, the points of calls, the questions of a quiz. */

import { one } from "../../api.js";
import { html, render } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { icon } from "../../lib/icons.js";
import { saveFile } from "../../lib/save_file.js";
import { emptyPanel, errorCard } from "../states.js";
import { adminHead, whilePressed } from "./admin_frame.js";
import { funnelView, itemView, passView, scoreView } from "./analytics_charts.js";
import { PERIODS, spanOf } from "./analytics_model.js";

const PARTS = {
  funnel: { table: "training_funnel", ask: "get-training-funnel", title: () => t("How far people get"), draw: funnelView },
  passing: { table: "pass_rates", ask: "get-pass-rates", title: () => t("Who passes, and at which attempt"), draw: passView },
  scores: { table: "score_distributions", ask: "get-score-distributions", title: () => t("Points of practice calls"), draw: scoreView },
  items: { table: "quiz_items", ask: "get-quiz-items", title: () => t("Questions of a quiz"), draw: itemView },
};

export async function show(main, { app, signal }) {
  const options = { signal };
  const query = new URLSearchParams(location.search);
  const quizzes = await quizzesOf(app, options);
  let period = query.get("period") in PERIODS ? query.get("period") : "90";
  let quizId = quizzes.some((quiz) => quiz.id === query.get("quiz")) ? query.get("quiz") : quizzes[0]?.id;
  render(main, page(period, quizzes, quizId));
  main.addEventListener("change", (event) => {
    if (event.target.matches("[data-period]")) period = event.target.value;
    if (event.target.matches("[data-quiz]")) quizId = event.target.value;
    if (!event.target.matches("[data-period], [data-quiz]")) return;
    app.router.keepQuery(new URLSearchParams({ period, ...(quizId ? { quiz: quizId } : {}) }));
    look(event.target.matches("[data-quiz]") ? ["items"] : Object.keys(PARTS));
  }, options);
  main.addEventListener("click", (event) => {
    const file = event.target.closest("[data-csv]");
    if (file) whilePressed(app, file, () => save(file.dataset.csv));
    if (event.target.closest("[data-retry]")) look([event.target.closest("[data-part]").dataset.part]);
  }, options);
  look(Object.keys(PARTS));

  function inputOf(part) {
    return { ...spanOf(period, Date.now()), ...(part === "items" ? { quiz_id: quizId } : {}) };
  }

  function look(parts) {
    return Promise.all(parts.map(draw));
  }

  async function draw(part) {
    const place = main.querySelector(`[data-part="${part}"]`);
    if (part === "items" && !quizId) return render(place, emptyPanel({ symbol: "quiz", title: t("There are no quizzes"), text: t("Questions are told here when a course has a quiz.") }));
    const asked = `${period} ${quizId}`;
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await app.api.invoke(PARTS[part].ask, inputOf(part), options);
      if (asked === `${period} ${quizId}`) render(place, PARTS[part].draw(answer));
    } catch (error) {
      if (error.name !== "AbortError") render(place, errorCard(error));
    } finally {
      place.removeAttribute("aria-busy");
    }
  }

  async function save(part) {
    const { table } = PARTS[part];
    const { blob } = await app.api.download("export-analytics", { table, format: "csv", ...inputOf(part) }, options);
    const name = `callx-${table}-${new Date().toISOString().slice(0, 10)}.csv`;
    saveFile(blob, name);
    app.announce(t("Saved: {name}", { name }));
  }
}

async function quizzesOf(app, options) {
  const rows = await app.api.rows("quizzes", { select: "id,lessons(title,modules(products(title)))", limit: "500" }, options);
  return rows.map((row) => ({ id: row.id, title: one(row.lessons)?.title ?? t("Quiz"), product: one(one(one(row.lessons)?.modules)?.products)?.title ?? "" })).sort((left, right) => `${left.product} ${left.title}`.localeCompare(`${right.product} ${right.title}`));
}

function page(period, quizzes, quizId) {
  const choice = html`<label class="inline-field">${t("Time")} <select data-period>${Object.entries(PERIODS).sort((left, right) => (left[0] === "all") - (right[0] === "all")).map(([key, word]) => html`<option value="${key}" ${key === period && html`selected`}>${word()}</option>`)}</select></label>`;
  return html`<div class="page page--wide admin">${adminHead("/admin/analytics", t("Analytics"), t("What training achieves. Managers and administrators do not count."), choice)}
    ${Object.entries(PARTS).map(([key, { title }]) => html`<section aria-labelledby="title-${key}"><div class="section-head"><h2 id="title-${key}">${title()}</h2>
      <div class="row">${key === "items" && quizzes.length ? html`<label class="inline-field analytics__quiz"><span class="visually-hidden">${t("Quiz")}</span><select data-quiz>${quizzes.map((quiz) => html`<option value="${quiz.id}" ${quiz.id === quizId && html`selected`}>${quiz.product}: ${quiz.title}</option>`)}</select></label>` : null}
      ${key === "items" && !quizzes.length ? null : html`<button class="button button--quiet button--small" type="button" data-csv="${key}">${icon("download")}${t("CSV")}<span class="visually-hidden">: ${title()}</span></button>`}</div></div>
      <div data-part="${key}"><p class="muted" role="status">${t("Counting…")}</p></div></section>`)}</div>`;
}
