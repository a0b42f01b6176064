/** The form for a new assignment: which course, to whom, until when. */

import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

const GAPS = {
  no_product: () => t("Choose a course."),
  nobody: () => t("Choose at least one person, or the whole team."),
  past: () => t("That day has passed. Choose a later one, or none."),
  team_has_it: () => t("The whole team has this course already. Change its due date below."),
};

export function gapText(code) {
  return GAPS[code]();
}

/** Open at once when `wished` names people; `today` bounds the date. */
export function newForm({ products, people }, wished, today) {
  return html`<details class="card assign" data-new-panel ${wished.length > 0 && html`open`}>
    <summary><span class="assign__title">${icon("plus")}${t("Assign a course")}</span><span class="chevron" aria-hidden="true"></span></summary>
    <form class="assign__form" data-new novalidate>
      <div class="field"><label for="new-product">${t("Course")}</label><select id="new-product" name="product"><option value="">${t("Choose…")}</option>${products.map((product) => html`<option value="${product.id}">${product.title}</option>`)}</select></div>
      <div class="field"><label for="new-day">${t("Due date (may be left empty)")}</label><input id="new-day" name="day" type="date" min="${today}"></div>
      <fieldset class="assign__who"><legend>${t("To whom")}</legend>
        <label class="assign__choice"><input type="radio" name="whole" value="people" checked> ${t("These people")}</label>
        <label class="assign__choice"><input type="radio" name="whole" value="team"> ${t("The whole team, also who joins later")}</label>
        <ul class="assign__people" data-people-choice>${people.map((person) => html`<li><label class="assign__choice"><input type="checkbox" name="people" value="${person.user_id}" ${wished.includes(person.user_id) && html`checked`}> ${person.full_name}</label></li>`)}</ul>
      </fieldset>
      <p class="form-error" role="alert" data-error hidden></p>
      <button class="button" type="submit">${t("Assign")}</button>
    </form></details>`;
}
