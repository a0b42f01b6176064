/** What the trainee may know about who calls: the card of the brief and of the live call. */

import { html } from "../lib/html.js";
import { initials } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

export function customerCard(scenario) {
  const rows = rowsOf(scenario.customer_card ?? {});
  return html`<section class="card customer-card" aria-labelledby="customer-name">
    <header>
      <span class="avatar avatar--customer avatar--large" aria-hidden="true">${initials(scenario.customer_name)}</span>
      <div><p class="eyebrow">${t("The customer")}</p><h2 id="customer-name">${scenario.customer_name ?? t("A customer")}</h2></div>
    </header>
    ${rows.length ? factList(rows) : html`<p class="muted">${t("You know nothing about this customer yet. Ask.")}</p>`}
  </section>`;
}

export function factList(rows) {
  return html`<dl class="facts">${rows.map((row) => html`<div><dt>${row.label}</dt><dd>${row.value}</dd></div>`)}</dl>`;
}

/** `facts` of the card, and whatever else is on it (`account`), as label and value. */
export function rowsOf(card) {
  const rows = (card.facts ?? []).map(({ label, value }) => ({ label, value }));
  for (const [name, value] of Object.entries(card)) {
    if (name === "facts" || value === null || value === "") continue;
    if (typeof value === "object") rows.push(...Object.entries(value).map(([key, inner]) => ({ label: titled(key), value: String(inner) })));
    else rows.push({ label: titled(name), value: String(value) });
  }
  return rows;
}

function titled(key) {
  const words = key.replaceAll("_", " ");
  return words[0].toUpperCase() + words.slice(1);
}

export function goalList(goals) {
  return html`<ul class="goals">${goals.map((goal) => html`<li>${icon("target")}<span>${goal}</span></li>`)}</ul>`;
}
