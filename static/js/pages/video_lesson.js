/** A video lesson: the player, where one was, what has been watched and what is still to be watched. */

import "../elements/video_player.js";
import { sorted } from "../attachment_model.js";
import { clock, number } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { needStyles } from "../lib/styles.js";
import { COMPLETE_FROM_PERCENT, resumeAt, videoPlace, Watching } from "../watching_model.js";
import { emptyPanel } from "./states.js";

const LINK_LIFETIME_S = 3_600;
const TELL_EVERY_MS = 15_000;

/** Reads where one was; returns `draw(content)`, which returns how to leave. `completed()`: the server says so. */
export async function prepare({ app, lesson, isDone, completed, signal }) {
  const place = videoPlace(lesson.video_url);
  await needStyles(["video"]);
  if (place?.kind !== "file") return (content) => render(content.querySelector("[data-video]"), place ? elsewhere(place) : nothing());
  const answer = await app.api.rpc("watch_lesson", { lesson_id: lesson.id }, { signal }).catch(() => null);
  const known = answer ?? (await lastKnown(app, lesson, signal));
  return (content) => draw(content, { app, lesson, place, known, isDone, completed });
}

async function lastKnown(app, lesson, signal) {
  const row = await app.api
    .firstRow("video_watching", { select: "position_ms", lesson_id: `eq.${lesson.id}`, user_id: `eq.${app.login.user.id}` }, { signal })
    .catch(() => null);
  return { watched: [], position_ms: row?.position_ms ?? 0, duration_ms: lesson.video?.duration_ms ?? null };
}

function draw(content, { app, lesson, place, known, isDone, completed }) {
  const watching = new Watching({ watched: known.watched, positionMs: known.position_ms, durationMs: known.duration_ms });
  const resumeMs = resumeAt(known.position_ms, known.duration_ms);
  const frame = render(content.querySelector("[data-video]"), html`
    <video-player class="video"></video-player>
    ${resumeMs ? html`<div class="video__resume row" data-resume>
      <button class="button button--small" type="button" data-continue>${icon("play")}${t("Continue at {time}", { time: clock(resumeMs) })}</button>
      <button class="button button--small button--quiet" type="button" data-restart>${t("From the start")}</button></div>` : null}
    <p class="video__rule" data-rule></p>`);
  const player = frame.querySelector("video-player");
  const teller = new Teller({ app, lesson, watching, isDone, completed, changed: (done) => drawRule(frame, lesson, watching, done) });
  for (const [kind, listener] of Object.entries({ watched: () => teller.soon(), urgent: () => teller.now() })) player.addEventListener(kind, listener);
  player.addEventListener("length", ({ detail }) => {
    watching.durationMs ??= detail;
    drawRule(frame, lesson, watching, teller.isDone);
  });
  const begin = (ms) => {
    frame.querySelector("[data-resume]").hidden = true;
    player.playFrom(ms);
    player.querySelector("video").focus();
  };
  frame.querySelector("[data-continue]")?.addEventListener("click", () => begin(player.positionMs));
  frame.querySelector("[data-restart]")?.addEventListener("click", () => begin(0));
  const link = (bucket, path) => app.api.signedLink(bucket, path, LINK_LIFETIME_S);
  player.setUp({
    title: lesson.title,
    watching,
    resumeMs: resumeMs ?? 0,
    getLink: () => link(place.bucket, place.path),
    captions: sorted(lesson.attachments).captions.map((one) => ({ ...one, getLink: () => link("lesson-attachments", one.path) })),
  });
  player.querySelector("video").addEventListener("play", () => frame.querySelector("[data-resume]")?.setAttribute("hidden", ""), { once: true });
  drawRule(frame, lesson, watching, isDone);
  return () => teller.leave();
}

/** Tells the server what was watched: every quarter of a minute, and at once where one may be about to leave. */
class Teller {
  #options;
  #timer = null;
  #stop = new AbortController();

  constructor(options) {
    this.#options = options;
    this.isDone = options.isDone;
    const { signal } = this.#stop;
    document.addEventListener("visibilitychange", () => document.hidden && this.now({ keepalive: true }), { signal });
    window.addEventListener("pagehide", () => this.now({ keepalive: true }), { signal });
    window.addEventListener("online", () => this.now(), { signal });
  }

  soon(ms = TELL_EVERY_MS) {
    this.#options.changed(this.isDone);
    if (!this.#stop.signal.aborted) this.#timer ??= setTimeout(() => this.now(), ms);
  }

  async now({ keepalive = false } = {}) {
    clearTimeout(this.#timer);
    this.#timer = null;
    const { app, lesson, watching, completed, changed } = this.#options;
    const parcel = watching.take();
    if (!parcel) return;
    try {
      const answer = await app.api.rpc("watch_lesson", { lesson_id: lesson.id, ...parcel }, { keepalive });
      watching.told(answer);
      if (answer.is_completed && !this.isDone) {
        this.isDone = true;
        completed();
      }
      if (!answer.is_accepted) this.soon(answer.retry_after_ms);
    } catch {
      watching.failed();
      this.soon();
    }
    changed(this.isDone);
  }

  /** The page is left: what is still to be told is told meanwhile. */
  leave() {
    this.#stop.abort();
    this.now({ keepalive: true });
  }
}

function drawRule(frame, lesson, watching, isDone) {
  const percent = watching.percent();
  const seen = percent === null ? "" : t("{percent} % watched.", { percent: number(percent) });
  const rule = isDone || ["missing", "unreadable"].includes(lesson.video?.state)
    ? ""
    : lesson.must_watch
      ? t("Watch at least {percent} % of the video to complete this lesson.", { percent: COMPLETE_FROM_PERCENT })
      : t("With {percent} % watched this lesson is completed by itself.", { percent: COMPLETE_FROM_PERCENT });
  const text = [rule, seen].filter(Boolean).join(" ");
  const line = frame.querySelector("[data-rule]");
  if (line.textContent !== text) line.textContent = text;
}

function elsewhere({ href, host }) {
  return html`<div class="video-elsewhere">
    <span class="blank__symbol">${icon("video")}</span>
    <p><strong>${t("This video is on another site: {host}", { host })}</strong></p>
    <p class="muted">${t("It opens in a new tab. That site has rules of its own, and may see that you were there.")}</p>
    <a class="button" href="${href}" target="_blank" rel="noopener noreferrer">${t("Watch at {host}", { host })}${icon("arrow")}</a>
  </div>`;
}

function nothing() {
  return emptyPanel({ symbol: "video", title: t("There is no video yet"), text: t("Read meanwhile what it shows.") });
}
