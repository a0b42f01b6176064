/** More attempts or more time at quizzes for one person: a list and a form. */

import { html, render } from "../lib/html.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { one } from "../api.js";
import { allowanceOf } from "./person_model.js";

/** `{allowances, quizzes}`; a quiz has `id`, `title`, `product`. */
export async function loadAllowances(api, userId, options) {
  const [allowances, quizzes] = await Promise.all([
    api.rows("quiz_allowances", { select: "id,quiz_id,time_factor,is_untimed,extra_attempts,created_at", user_id: `eq.${userId}`, order: "created_at" }, options),
    api.rows("quizzes", { select: "id,lessons(title,modules(products(title)))", limit: "500" }, options),
  ]);
  return { allowances, quizzes: quizzes.map(quizOf).sort((left, right) => `${left.product} ${left.title}`.localeCompare(`${right.product} ${right.title}`)) };
}

function quizOf(row) {
  const lesson = one(row.lessons);
  return { id: row.id, title: lesson?.title ?? t("Quiz"), product: one(one(lesson?.modules)?.products)?.title ?? "" };
}

export function allowancesSection(found) {
  return html`<section class="card allowances" aria-labelledby="person-allowances"><h2 id="person-allowances" tabindex="-1">${t("More time and attempts")}</h2>
    <div data-allowances>${list(found)}</div>
    <details class="allowances__new"><summary><span>${icon("plus")}${t("Give more")}</span></summary>
      <form class="allowances__form" data-allowance-form novalidate>
        <div class="field"><label for="allowance-quiz">${t("Quiz")}</label><select id="allowance-quiz" name="quiz_id"><option value="">${t("All quizzes")}</option>${found.quizzes.map((quiz) => html`<option value="${quiz.id}">${quiz.product ? `${quiz.product}: ` : ""}${quiz.title}</option>`)}</select></div>
        <div class="allowances__pair">
          <div class="field"><label for="allowance-attempts">${t("More attempts")}</label><input id="allowance-attempts" name="extra_attempts" type="number" min="0" max="100" value="1" inputmode="numeric"></div>
          <div class="field"><label for="allowance-time">${t("More time, in per cent")}</label><input id="allowance-time" name="percent" type="number" min="0" max="900" step="5" value="0" inputmode="numeric"></div>
        </div>
        <label class="allowances__check"><input type="checkbox" name="is_untimed"> ${t("No time limit at all")}</label>
        <p class="form-error" role="alert" data-error hidden></p>
        <button class="button button--small" type="submit">${t("Give it")}</button>
      </form></details></section>`;
}

function list({ allowances, quizzes }) {
  if (!allowances.length) return html`<p class="muted">${t("Nothing beyond what everybody has.")}</p>`;
  const titles = new Map(quizzes.map((quiz) => [quiz.id, quiz.title]));
  return html`<ul class="mini-list">${allowances.map((row) => {
    const title = row.quiz_id ? (titles.get(row.quiz_id) ?? t("A quiz")) : t("All quizzes");
    return html`<li><span>${title}<small>${sentence(row)}</small></span><button class="icon-button" type="button" data-take-back="${row.id}" title="${t("Take it back")}">${icon("trash")}<span class="visually-hidden">${t("Take it back: {title}", { title })}</span></button></li>`;
  })}</ul>`;
}

function sentence(row) {
  const { extraAttempts, percentMore, isUntimed } = allowanceOf(row);
  const parts = [
    extraAttempts ? tn("{n} attempt more", "{n} attempts more", extraAttempts) : null,
    isUntimed ? t("no time limit") : percentMore ? t("{n} % more time", { n: percentMore }) : null,
  ].filter(Boolean);
  return parts.join(", ") || t("nothing");
}

export function listenToAllowances(main, { app, userId, signal }) {
  const reload = async () => render(main.querySelector("[data-allowances]"), list(await loadAllowances(app.api, userId, { signal })));
  main.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-allowance-form]")) return;
    event.preventDefault();
    await give(event.target, app, userId, reload);
  }, { signal });
  main.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-take-back]");
    if (!button) return;
    button.disabled = true;
    try {
      await app.api.remove("quiz_allowances", { id: `eq.${button.dataset.takeBack}` });
      await reload();
      app.announce(t("Taken back"));
      main.querySelector("#person-allowances").focus();
    } catch (error) {
      button.disabled = false;
      app.announce(error.message, { urgent: true });
    }
  }, { signal });
}

async function give(form, app, userId, reload) {
  const { quiz_id, extra_attempts, percent, is_untimed } = form.elements;
  const line = form.querySelector("[data-error]");
  const button = form.querySelector("[type=submit]");
  line.hidden = true;
  button.disabled = true;
  try {
    const row = { user_id: userId, quiz_id: quiz_id.value || null, extra_attempts: Number(extra_attempts.value), time_factor: 1 + Number(percent.value) / 100, is_untimed: is_untimed.checked };
    if (!row.extra_attempts && row.time_factor === 1 && !row.is_untimed) throw new Error(t("Give more attempts, more time, or no limit."));
    await app.api.inserted("quiz_allowances", row, "id");
    await reload();
    form.closest("details").open = false;
    app.announce(t("Given"));
    form.closest("details").querySelector("summary").focus();
  } catch (error) {
    line.textContent = error.status === 409 ? t("There is something for this quiz already. Take it back first.") : error.message;
    line.hidden = false;
  } finally {
    button.disabled = false;
  }
}
