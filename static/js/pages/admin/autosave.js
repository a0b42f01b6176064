/** Fields that save themselves: `data-autosave="table:id:column"`, with `data-version` of the row and a `data-save-note`. */

import { html, render } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import * as model from "./autosave_model.js";

const WAIT_MS = 700;
const WORDS = { saved: () => t("Saved"), changed: () => t("Not saved yet"), saving: () => t("Saving…"), failed: () => t("Not saved") };

export class Autosave {
  #fields = new Map();
  #versions = new Map();
  #timers = new Map();
  #running = Promise.resolve();

  /** `onSaved(table, id, row)` is told what the server has stored. */
  constructor(main, { api, signal, onSaved = () => {} }) {
    this.main = main;
    this.api = api;
    this.onSaved = onSaved;
    main.addEventListener("input", (event) => event.target.matches("[data-autosave]") && this.#typed(event.target), { signal });
    main.addEventListener("change", (event) => event.target.matches("[data-autosave]") && this.#soon(event.target.dataset.autosave, 0), { signal });
    main.addEventListener("click", (event) => {
      const button = event.target.closest("[data-decide]");
      if (button) this.#decide(button.closest("[data-save-note]").dataset.saveNote, button.dataset.decide);
    }, { signal });
    window.addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault(), { signal });
    signal.addEventListener("abort", () => this.#timers.forEach(clearTimeout));
  }

  /** Whether something is not stored yet. */
  get isDirty() {
    return [...this.#fields.values()].some((field) => field.state !== "saved");
  }

  /** Sends what is due now; resolves when all is answered. */
  async settle() {
    for (const key of this.#fields.keys()) this.#soon(key, 0);
    await new Promise((resolve) => setTimeout(resolve));
    await this.#running;
  }

  /** The page was drawn anew from the server: what is not stored yet goes back into its fields. */
  redrawn() {
    this.#versions.clear();
    for (const [key, field] of this.#fields) {
      const input = this.main.querySelector(`[data-autosave="${key}"]`);
      if (field.state === "saved" || !input) this.#fields.delete(key);
      else {
        input.value = field.mine;
        this.#set(key, field);
      }
    }
  }

  #typed(input) {
    const key = input.dataset.autosave;
    const field = this.#fields.get(key) ?? model.loaded(input.defaultValue, input.dataset.version);
    this.#set(key, model.typed(field, input.value));
    this.#soon(key, WAIT_MS);
  }

  #soon(key, waitMs) {
    clearTimeout(this.#timers.get(key));
    this.#timers.set(key, setTimeout(() => {
      this.#running = this.#running.then(() => this.#send(key));
    }, waitMs));
  }

  async #send(key) {
    const field = this.#fields.get(key);
    if (!field || !model.isDue(field)) return;
    const [table, id, column] = key.split(":");
    const sent = field.mine.trim();
    if (column === "title" && !sent) return this.#note(key, t("A title is needed"), "bad");
    this.#set(key, model.sending(field));
    const version = this.#versions.get(id) ?? field.version;
    try {
      const select = `${column},updated_at`;
      const row = await this.api.admin.changeIf(table, id, version, { [column]: column === "title" ? sent : field.mine }, select);
      if (row) return this.#stored(key, field, row);
      const theirs = await this.api.firstRow(table, { select, id: `eq.${id}` });
      if (!theirs) throw new Error(t("It was removed meanwhile."));
      this.#versions.set(id, theirs.updated_at);
      const next = model.overtaken(this.#fields.get(key), theirs[column] ?? "", theirs.updated_at);
      this.#set(key, next);
      if (model.isDue(next)) await this.#send(key);
    } catch (error) {
      this.#set(key, model.failed(this.#fields.get(key)));
      this.#note(key, `${WORDS.failed()}: ${error.message}`, "bad");
    }
  }

  #stored(key, sent, row) {
    const [table, id] = key.split(":");
    this.#versions.set(id, row.updated_at);
    const next = model.stored(this.#fields.get(key), sent.mine, row.updated_at);
    this.#set(key, next);
    this.onSaved(table, id, row);
    if (model.isDue(next)) this.#soon(key, WAIT_MS);
  }

  #decide(key, whose) {
    const field = model.decided(this.#fields.get(key), whose);
    const input = this.main.querySelector(`[data-autosave="${key}"]`);
    input.value = field.mine;
    this.#set(key, field);
    this.#soon(key, 0);
    input.focus();
  }

  #set(key, field) {
    this.#fields.set(key, field);
    if (field.state === "conflict") this.#ask(key, field);
    else this.#note(key, WORDS[field.state](), field.state === "saved" ? "good" : "");
  }

  #note(key, text, tone) {
    const note = this.main.querySelector(`[data-save-note="${key}"]`);
    if (note) render(note, html`<span class="save-note ${tone && `save-note--${tone}`}">${text}</span>`);
  }

  #ask(key, { theirs }) {
    const note = this.main.querySelector(`[data-save-note="${key}"]`);
    if (note) render(note, html`<span class="save-conflict"><strong>${t("Somebody else has changed this meanwhile:")}</strong> <q>${theirs.length > 200 ? `${theirs.slice(0, 200)}…` : theirs}</q>
      <span class="row"><button class="button button--small" type="button" data-decide="mine">${t("Keep mine")}</button><button class="button button--small button--quiet" type="button" data-decide="theirs">${t("Take theirs")}</button></span></span>`);
  }
}
