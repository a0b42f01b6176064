/**
 * <call-comments>: what people say about a call at its very second. `setUp` loads and draws; it tells `seek`
 * ({detail: ms}) for a comment's time and `comments` ({detail: rows}) when they change.
 */

import { ago, clock } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { errorCard } from "../pages/states.js";
import { countsOf, rightsIn, rightsOn, threadsOf } from "../replay/comments_model.js";
import { roleWord } from "../places.js";

const SELECT = "id,call_id,at_ms,body,visibility,reply_to,author_id,author_name,author_role,created_at,edited_at,resolved_at,deleted_at";
const LONGEST = 4_000;

class CallComments extends HTMLElement {
  #app;
  #callId;
  #me;
  #rights;
  #position;
  #rows = [];
  #atMs = 0;
  #showsResolved = false;
  #gone = new AbortController();

  /** `position()` gives the place in the recording; `me` and `ownerId` decide what may be done. */
  async setUp({ app, callId, me, ownerId, position }) {
    this.#app = app;
    this.#callId = callId;
    this.#me = me;
    this.#rights = rightsIn(me, ownerId);
    this.#position = position;
    this.addEventListener("click", (event) => this.#clicked(event).catch((error) => this.#say(error.message)));
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submitted(event.target);
    });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#reload().catch(() => {}), { signal: this.#gone.signal });
    render(this, html`<p class="muted" role="status">${t("Loading comments…")}</p>`);
    await this.#reload().then(
      () => this.#reveal(new URLSearchParams(location.search).get("comment")),
      (error) => error.name !== "AbortError" && render(this, errorCard(error)),
    );
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /** The recording stands at `ms`: a comment that is not begun yet will be about that moment. */
  at(ms) {
    const field = this.querySelector("[data-new] textarea");
    if (field && !field.value && Math.floor(ms / 1000) !== Math.floor(this.#atMs / 1000)) this.#setTime();
  }

  /** The form, with its time set to where the recording is. */
  write() {
    if (!this.#rights?.write) return;
    this.#setTime();
    this.querySelector("[data-new] textarea")?.focus();
  }

  async #reload() {
    const query = { select: SELECT, call_id: `eq.${this.#callId}`, order: "created_at", limit: "1000" };
    this.#rows = await this.#app.api.rows("call_comments", query, { signal: this.#gone.signal });
    this.#draw();
    this.dispatchEvent(new CustomEvent("comments", { detail: this.#rows }));
  }

  /** Redraws the list alone, so that a text that is being written stays. */
  #draw() {
    if (!this.querySelector("[data-threads]")) render(this, frame(this.#rights.write));
    const threads = threadsOf(this.#rows);
    const { open, resolved } = countsOf(threads);
    const shown = this.#showsResolved ? threads : threads.filter((thread) => !thread.resolved_at);
    render(this.querySelector("[data-threads]"), html`
      ${shown.length ? html`<ol class="threads">${shown.map((thread) => threadItem(thread, this.#me, this.#rights, Date.now()))}</ol>` : html`<p class="muted">${this.#rights.write ? t("No open comments. Play to a moment that counts, and say why.") : t("No comments yet.")}</p>`}
      ${resolved ? html`<button class="link-button" type="button" data-toggle-resolved aria-pressed="${String(this.#showsResolved)}">${this.#showsResolved ? t("Hide resolved ones") : tn("Show {n} resolved", "Show {n} resolved", resolved)}</button>` : null}`);
    this.querySelector("[data-count]").textContent = open ? String(open) : "";
    this.classList.toggle("comments--empty", !threads.length && !this.#rights.write);
  }

  /** The comment that a notification leads to, resolved or not. */
  #reveal(id) {
    const comment = this.#rows.find((row) => row.id === id);
    if (!comment) return;
    const thread = this.#rows.find((row) => row.id === (comment.reply_to ?? id));
    if (thread?.resolved_at) {
      this.#showsResolved = true;
      this.#draw();
    }
    const item = this.querySelector(`[data-comment="${CSS.escape(id)}"]`);
    item?.classList.add("thread--wanted");
    if (item && this.scrollHeight > this.clientHeight) this.scrollTop = item.offsetTop - this.offsetTop;
  }

  async #clicked(event) {
    const of = (name) => event.target.closest(`[data-${name}]`);
    if (of("retry")) return this.#reload();
    if (of("at")) this.dispatchEvent(new CustomEvent("seek", { detail: Number(of("at").dataset.at) }));
    if (of("now")) this.#setTime();
    if (of("toggle-resolved")) {
      this.#showsResolved = !this.#showsResolved;
      this.#draw();
      this.querySelector("[data-toggle-resolved]")?.focus();
    }
    if (of("reply")) this.#openForm(of("reply").dataset.reply, "reply");
    if (of("edit")) this.#openForm(of("edit").dataset.edit, "edit");
    if (of("cancel")) this.#closeForm(of("cancel").closest("form"));
    if (of("resolve")) await this.#change(of("resolve"), { resolved_at: of("resolve").dataset.open ? null : new Date().toISOString() }, of("resolve").dataset.open ? t("Open again") : t("Resolved"));
    if (of("delete") && window.confirm(t("Delete this comment? Its words are gone for good."))) {
      await this.#change(of("delete"), { deleted_at: new Date().toISOString() }, t("Deleted"));
    }
  }

  async #change(button, changes, said) {
    button.disabled = true;
    try {
      await this.#app.api.update("call_comments", { id: `eq.${button.dataset.id}` }, changes);
      await this.#reload();
      this.#app.announce(said);
      this.querySelector("h2").focus();
    } finally {
      button.disabled = false;
    }
  }

  #openForm(id, kind) {
    const item = this.querySelector(`[data-comment="${id}"]`);
    const slot = item.querySelector("[data-slot]");
    const body = kind === "edit" ? this.#rows.find((row) => row.id === id).body : "";
    render(slot, smallForm(id, kind, body));
    slot.querySelector("textarea").focus();
  }

  #closeForm(form) {
    const { id, kind } = form.dataset;
    form.remove();
    this.querySelector(`[data-${kind}="${id}"]`)?.focus();
  }

  #setTime() {
    this.#atMs = Math.round(this.#position());
    const word = this.querySelector("[data-time-word]");
    if (word) word.textContent = t("At {time}", { time: clock(this.#atMs) });
  }

  async #submitted(form) {
    const body = form.elements.body.value.trim();
    if (!body) return form.elements.body.focus();
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    try {
      await this.#store(form, body);
      const said = { new: t("Comment saved"), reply: t("Answer saved"), edit: t("Comment changed") }[form.dataset.kind];
      if (form.dataset.kind === "new") form.reset();
      else form.remove();
      await this.#reload();
      this.#app.announce(said);
      this.#say("");
      if (form.dataset.kind === "new") form.elements.body.focus();
      else this.querySelector(`[data-comment="${form.dataset.id}"] [data-reply], h2`)?.focus();
    } catch (error) {
      this.#say(error.message);
    } finally {
      button.disabled = false;
    }
  }

  #store(form, body) {
    const { kind, id } = form.dataset;
    if (kind === "edit") return this.#app.api.update("call_comments", { id: `eq.${id}` }, { body });
    if (kind === "reply") return this.#app.api.inserted("call_comments", { call_id: this.#callId, reply_to: id, body }, "id");
    const at_ms = form.elements.timed.checked ? this.#atMs : null;
    return this.#app.api.inserted("call_comments", { call_id: this.#callId, at_ms, body, visibility: form.elements.visibility.value }, "id");
  }

  #say(text) {
    const line = this.querySelector("[data-note]");
    if (line) line.textContent = text;
  }
}

function frame(mayWrite) {
  return html`<h2 class="comments__title" tabindex="-1">${icon("chat")}${t("Comments")}<span class="comments__count" data-count></span></h2>
    ${mayWrite ? newForm() : null}
    <p class="form-error comments__note" role="alert" data-note></p>
    <div data-threads></div>`;
}

function newForm() {
  return html`<form class="comments__new" data-new data-kind="new">
    <label class="visually-hidden" for="new-comment">${t("New comment")}</label>
    <textarea id="new-comment" name="body" rows="2" maxlength="${LONGEST}" placeholder="${t("What should be done the same, or differently, here?")}"></textarea>
    <div class="comments__row">
      <label class="comments__check"><input type="checkbox" name="timed" checked> <span data-time-word>${t("At {time}", { time: "0:00" })}</span></label>
      <button class="link-button" type="button" data-now>${t("Take the time of now")}</button>
    </div>
    <div class="comments__row">
      <label class="visually-hidden" for="comment-visibility">${t("Who sees it")}</label>
      <select id="comment-visibility" name="visibility"><option value="trainee">${t("Trainee and managers")}</option><option value="managers">${t("Managers only")}</option></select>
      <button class="button button--small" type="submit">${t("Comment")}</button>
    </div></form>`;
}

function smallForm(id, kind, body) {
  return html`<form class="comments__small" data-kind="${kind}" data-id="${id}">
    <label class="visually-hidden" for="small-${id}">${kind === "edit" ? t("Change the comment") : t("Your answer")}</label>
    <textarea id="small-${id}" name="body" rows="2" maxlength="${LONGEST}">${body}</textarea>
    <div class="row"><button class="button button--small" type="submit">${kind === "edit" ? t("Save") : t("Answer")}</button><button class="button button--small button--ghost" type="button" data-cancel>${t("Cancel")}</button></div></form>`;
}

function threadItem(thread, me, rights, nowMs) {
  return html`<li class="thread ${thread.resolved_at && "thread--resolved"}" data-comment="${thread.id}">
    <div class="thread__top">${thread.at_ms === null ? html`<span class="chip">${t("Whole call")}</span>` : html`<button class="evidence-play" type="button" data-at="${thread.at_ms}">${icon("play")}${clock(thread.at_ms)}<span class="visually-hidden">: ${t("play")}</span></button>`}
      ${thread.visibility === "managers" ? html`<span class="chip">${icon("lock")}${t("Managers only")}</span>` : null}${thread.resolved_at ? html`<span class="chip chip--good">${icon("check")}${t("Resolved")}</span>` : null}</div>
    ${commentBody(thread, me, nowMs)}
    ${thread.replies.map((reply) => html`<div class="thread__reply" data-comment="${reply.id}">${commentBody(reply, me, nowMs)}<div data-slot></div></div>`)}
    <div data-slot></div>
    <p class="thread__actions"><button class="link-button" type="button" data-reply="${thread.id}">${t("Answer")}</button>
      ${rights.resolve ? html`<button class="link-button" type="button" data-resolve data-id="${thread.id}" data-open="${thread.resolved_at ? "yes" : ""}">${thread.resolved_at ? t("Open again") : t("Resolve")}</button>` : null}</p>
  </li>`;
}

function commentBody(comment, me, nowMs) {
  const may = rightsOn(comment, me);
  return html`<p class="thread__who"><strong>${comment.author_name}</strong> <small>${roleWord(comment.author_role)} · <time datetime="${comment.created_at}">${ago(comment.created_at, nowMs)}</time>${comment.edited_at ? ` · ${t("changed")}` : ""}</small></p>
    <p class="thread__body">${comment.deleted_at ? html`<em class="muted">${t("This comment was deleted.")}</em>` : comment.body}</p>
    ${may.edit || may.remove ? html`<p class="thread__actions">${may.edit ? html`<button class="link-button" type="button" data-edit="${comment.id}">${t("Change")}</button>` : null}${may.remove ? html`<button class="link-button" type="button" data-delete data-id="${comment.id}">${t("Delete")}</button>` : null}</p>` : null}`;
}

customElements.define("call-comments", CallComments);
