/** The calls that wait for a person's ear: why, since when, and who has taken them. */

import { ago } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { chosenCalls, reasonCounts } from "../replay/review_model.js";
import { dueChip, passChip } from "./parts.js";
import { emptyPanel } from "./states.js";

const REASONS = {
  dispute: ["bad", () => t("Disputed")],
  needs_human: ["warn", () => t("The judges differ")],
  provisional: ["warn", () => t("Provisional")],
  near_pass_mark: ["", () => t("Near the pass mark")],
  sample: ["", () => t("By chance")],
};

export async function show(main, { app, signal }) {
  document.title = `${t("Reviews")} · CallX`;
  const query = new URLSearchParams(location.search);
  const me = await app.me.get();
  let view = { reason: query.get("reason") in REASONS ? query.get("reason") : null, mine: query.get("mine") === "1" };
  let rows = await load(app, signal);
  render(main, page());
  draw();
  main.addEventListener("click", (event) => clicked(event).catch((error) => app.announce(error.message, { urgent: true })), { signal });

  function draw() {
    render(main.querySelector("[data-filters]"), filters(rows, view, me.id));
    const chosen = chosenCalls(rows, view, me.id);
    render(main.querySelector("[data-queue]"), chosen.length ? queue(chosen, me.id, Date.now()) : nothing(rows.length));
  }

  async function clicked(event) {
    const of = (name) => event.target.closest(`[data-${name}]`);
    if (of("reason")) look({ ...view, reason: of("reason").dataset.reason || null, mine: false }, `[data-reason="${of("reason").dataset.reason}"]`);
    if (of("mine")) look({ reason: null, mine: !view.mine }, "[data-mine]");
    if (of("claim")) await claim(of("claim").dataset.claim, of("claim").dataset.by);
    if (of("release")) await change("release_review", { call_id: of("release").dataset.release }, t("Given back"));
  }

  function look(next, focus) {
    view = next;
    app.router.keepQuery(new URLSearchParams({ ...(view.reason ? { reason: view.reason } : {}), ...(view.mine ? { mine: "1" } : {}) }));
    draw();
    main.querySelector(focus)?.focus();
  }

  async function claim(call_id, by) {
    if (by && !window.confirm(t("{name} has taken this call. Take it over?", { name: by }))) return;
    await change("claim_review", { call_id, take_over: Boolean(by) }, t("Taken"));
  }

  async function change(name, body, said) {
    try {
      await app.api.rpc(name, body);
      app.announce(said);
    } finally {
      rows = await load(app, signal);
      draw();
      main.querySelector(`[data-call="${body.call_id}"] a`)?.focus();
    }
  }
}

function load(app, signal) {
  return app.api.rows("review_queue", { select: "*", order: "priority,waiting_since", limit: "500" }, { signal });
}

function page() {
  return html`<div class="page page--wide">
    <header class="page-head"><h1>${t("Reviews")}</h1><p class="lead">${t("Calls in which a person should have the last word.")}</p></header>
    <div class="filter-chips" role="group" aria-label="${t("Choose by reason")}" data-filters></div>
    <div data-queue></div></div>`;
}

function filters(rows, view, myId) {
  const chip = (attributes, word, count, pressed) => html`<button class="filter-chip" type="button" ${attributes} aria-pressed="${String(pressed)}">${word}<span class="filter-chip__count">${count}</span></button>`;
  const mine = rows.filter((row) => row.claimed_by === myId).length;
  return html`${chip(html`data-reason=""`, t("All"), rows.length, !view.reason && !view.mine)}
    ${reasonCounts(rows).map(([reason, count]) => chip(html`data-reason="${reason}"`, REASONS[reason][1](), count, view.reason === reason))}
    ${mine || view.mine ? chip(html`data-mine`, t("Mine"), mine, view.mine) : null}`;
}

function queue(rows, myId, nowMs) {
  return html`<table class="data-table"><caption class="visually-hidden">${t("Calls to review")}</caption>
    <thead><tr><th scope="col">${t("Call")}</th><th scope="col">${t("Why")}</th><th scope="col">${t("Score")}</th><th scope="col">${t("Waiting")}</th><th scope="col">${t("Taken by")}</th><th scope="col"><span class="visually-hidden">${t("Actions")}</span></th></tr></thead>
    <tbody>${rows.map((row) => queueRow(row, myId, nowMs))}</tbody></table>`;
}

function queueRow(row, myId, nowMs) {
  const isMine = row.claimed_by === myId;
  return html`<tr data-call="${row.call_id}">
    <th scope="row"><a href="/calls/${row.call_id}/review">${row.full_name}</a><small class="muted"> · ${row.title}</small>${row.mode === "exam" ? html` <span class="chip">${t("Exam")}</span>` : null}
      ${row.request_reason ? html`<p class="queue__words">“${row.request_reason}”</p>` : null}</th>
    <td><span class="queue__chips">${row.reasons.map((reason) => html`<span class="chip ${REASONS[reason]?.[0] && `chip--${REASONS[reason][0]}`}">${REASONS[reason]?.[1]() ?? reason}</span>`)}${row.draft_id ? html`<span class="chip chip--brand">${t("Your draft")}</span>` : null}</span></td>
    <td data-label="${t("Score")}"><span><strong class="tabular">${row.overall_score}</strong> <small class="muted">${t("of {n} needed", { n: row.passing_grade })}</small> ${passChip(row.passed)}</span></td>
    <td data-label="${t("Waiting")}"><span><time datetime="${row.waiting_since}">${ago(row.waiting_since, nowMs)}</time> ${dueChip(row.due_at, nowMs)}</span></td>
    <td data-label="${t("Taken by")}">${row.claimed_by ? (isMine ? html`<strong>${t("you")}</strong>` : row.claimed_by_name) : html`<span class="muted">–</span>`}</td>
    <td><span class="row row--tight">${isMine ? html`<button class="button button--quiet button--small" type="button" data-release="${row.call_id}">${t("Give back")}<span class="visually-hidden">: ${row.full_name}</span></button>` : html`<button class="button button--quiet button--small" type="button" data-claim="${row.call_id}" data-by="${row.claimed_by_name ?? ""}">${icon("flag")}${t("Take it")}<span class="visually-hidden">: ${row.full_name}</span></button>`}</span></td></tr>`;
}

function nothing(total) {
  if (total) return emptyPanel({ symbol: "check", title: t("None of this kind"), text: t("Choose another reason above.") });
  return emptyPanel({ symbol: "check", title: t("Nothing waits for you"), text: t("Disputes, close results and a few calls by chance come here. You can review any call from its report card.") });
}
