/** The way to everything that only administrators do. */

import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

const PLACES = [
  { href: "/admin/courses", icon: "book", title: () => t("Courses"), text: () => t("What there is to learn: build it, check it, publish it.") },
  { href: "/admin/people", icon: "person", title: () => t("People"), text: () => t("Who is here, what they may do, and who leads them.") },
  { href: "/admin/analytics", icon: "history", title: () => t("Analytics"), text: () => t("What training achieves, in numbers and drawings.") },
  { href: "/admin/audit", icon: "clock", title: () => t("Audit log"), text: () => t("Who did what, and when.") },
  { href: "/team", icon: "people", title: () => t("Teams"), text: () => t("How far each team is, and what it is good at.") },
  { href: "/reviews", icon: "flag", title: () => t("Reviews"), text: () => t("Calls in which a person should have the last word.") },
  { href: "/assignments", icon: "calendar", title: () => t("Assignments"), text: () => t("Who takes which course, and until when.") },
  { href: "/docs", icon: "keyboard", title: () => t("Interfaces"), text: () => t("What programs can ask this server, with examples.") },
];

export function show(main) {
  document.title = `${t("Administration")} · CallX`;
  render(
    main,
    html`<div class="page"><header class="page-head"><h1>${t("Administration")}</h1></header>
      <ul class="course-grid">${PLACES.map((place) => html`<li class="course-card"><div class="course-card__chips">${icon(place.icon)}</div><h2><a class="stretched" href="${place.href}">${place.title()}</a></h2><p class="course-card__text">${place.text()}</p></li>`)}</ul></div>`,
  );
}
