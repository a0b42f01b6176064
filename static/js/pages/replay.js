/** A call once more: recording, transcript and comments, and what joins them. */

import "../elements/call_comments.js";
import "../elements/recording_player.js";
import "../elements/transcript_view.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { actionOf, marksOf, startOf } from "../replay/replay_model.js";

const KEYS = [
  ["Space, K", () => t("Play, pause")],
  ["J, L", () => t("5 seconds back, ahead")],
  [", .", () => t("Line before, line after")],
  ["F", () => t("Next mark: feedback or comment")],
  ["S", () => t("Skip silence")],
  ["< >", () => t("Slower, faster")],
  ["C", () => t("Write a comment")],
  ["?", () => t("Show these keys")],
];

/** `viewer` is `{isOwn, name}`: whether it is one's own call, and whose it is. */
export function replaySection(viewer) {
  return html`<section class="replay" aria-labelledby="transcript-title">
    <h2 id="transcript-title" class="section-title">${t("The call, line by line")}</h2>
    ${viewer.isOwn ? null : html`<p class="fine-print replay__watched">${icon("info")}${t("That you look at this call is recorded.")}</p>`}
    <recording-player class="player"></recording-player>
    <div class="replay__columns"><transcript-view class="replay__transcript"></transcript-view><call-comments class="replay__comments comments comments--empty"></call-comments></div>
    <dialog class="keys" aria-labelledby="keys-title"><h2 id="keys-title">${t("Keys of the replay")}</h2>
      <p class="muted">${t("They work while the focus is in the replay.")}</p>
      <dl>${KEYS.map(([keys, word]) => html`<div><dt>${keys.split(", ").map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${word()}</dd></div>`)}</dl>
      <form method="dialog"><button class="button button--small">${t("Close")}</button></form></dialog>
  </section>`;
}

/** Brings the section in `root` to life; returns how to leave. `evidence` in `root` plays, too. */
export function joinReplay(root, { app, call, simulation, turns, durationMs, autoFail = null, viewer, me }) {
  const [player, view, comments] = ["recording-player", "transcript-view", "call-comments"].map((name) => root.querySelector(name));
  const section = root.querySelector(".replay");
  const names = { user: viewer.isOwn ? t("You") : viewer.name, ai: simulation?.customer_name ?? t("Customer") };
  const leaving = new AbortController();
  const listen = (target, kind, listener) => target.addEventListener(kind, listener, { signal: leaving.signal });
  view.setUp({ turns, names });
  player.setUp({ turns, durationMs, names, getLink: async () => (await app.api.recordingLink(call.call_id)).url });
  player.setMarks(marksOf({ turns, autoFail }));
  listen(view, "seek", (event) => player.seek(event.detail));
  listen(player, "position", ({ detail }) => {
    view.follow(detail.ms, detail.playing);
    comments.at(detail.ms);
  });
  listen(player, "none", () => section.classList.add("replay--silent"));
  listen(comments, "seek", (event) => {
    player.seek(event.detail);
    view.revealTime(event.detail);
  });
  listen(comments, "comments", ({ detail }) => player.setMarks(marksOf({ turns, comments: detail, autoFail })));
  listen(root, "click", (event) => {
    const button = event.target.closest("[data-evidence]");
    if (!button) return;
    player.seek(Number(button.dataset.evidence));
    if (button.dataset.turnId) view.reveal(button.dataset.turnId);
  });
  listen(section, "click", (event) => event.target.closest("[data-help]") && section.querySelector("dialog").showModal());
  listen(section, "keydown", (event) => pressed(event, { player, comments, dialog: section.querySelector("dialog") }));
  comments.setUp({ app, callId: call.call_id, me, ownerId: viewer.ownerId, position: () => player.position });
  beginAtLink(section, player, view, durationMs);
  return () => leaving.abort();
}

function pressed(event, { player, comments, dialog }) {
  if (dialog.open) return;
  const action = actionOf(event);
  if (!action) return;
  event.preventDefault();
  if (action === "help") dialog.showModal();
  else if (action === "comment") comments.write();
  else player.do(action);
}

/** `?t=83000` stands at that moment, ready to be played. */
function beginAtLink(section, player, view, durationMs) {
  const startMs = startOf(location.search, durationMs || Number.MAX_SAFE_INTEGER);
  if (startMs === null) return;
  player.goTo(startMs);
  requestAnimationFrame(() => {
    view.revealTime(startMs);
    section.querySelector(".turn--now .turn__line")?.focus({ preventScroll: true });
  });
}
