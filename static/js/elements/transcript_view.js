/**
 * <transcript-view>: the turns with what the judge says about them. A click on a turn tells `seek` ({detail: ms});
 * `follow(ms, playing)` marks the turn, and the word, that is being played.
 */

import { turnAt, withoutWords } from "../call/transcript.js";
import { clock } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { hasWords } from "../lib/plain.js";
import { wordAt } from "../replay/replay_model.js";

const RATINGS = { excellent: () => t("Excellent"), good: () => t("Good"), fair: () => t("Could be better"), poor: () => t("Problem") };
const HIGHLIGHT = "spoken-word";

class TranscriptView extends HTMLElement {
  #turns = [];
  #current = null;
  #word = "";

  /** `names` are `{user, ai}`: who is called what. */
  setUp({ turns, names }) {
    this.#turns = turns;
    render(this, layout(turns, names));
    this.addEventListener("click", (event) => {
      const start = event.target.closest("[data-start]")?.dataset.start;
      if (start !== undefined) this.dispatchEvent(new CustomEvent("seek", { detail: Number(start) }));
    });
    this.querySelector("[data-filter]")?.addEventListener("change", () => this.#filter());
    this.querySelector("[data-find]")?.addEventListener("input", () => this.#filter());
  }

  disconnectedCallback() {
    globalThis.CSS?.highlights?.delete(HIGHLIGHT);
  }

  /** `ms` of the recording; the page follows only while it plays. */
  follow(ms, playing) {
    const turn = turnAt(this.#turns, ms);
    const id = turn?.turn_id ?? null;
    if (id !== this.#current) this.#mark(id, playing);
    this.#markWord(turn, ms);
  }

  #mark(id, playing) {
    this.#current = id;
    const before = this.querySelector(".turn--now");
    before?.classList.remove("turn--now");
    before?.querySelector(".turn__line").removeAttribute("aria-current");
    const item = this.#item(id);
    item?.classList.add("turn--now");
    item?.querySelector(".turn__line").setAttribute("aria-current", "true");
    if (playing) item?.scrollIntoView({ block: "nearest", behavior: "auto" });
  }

  /** The word as a highlight of the browser's own: the text stays as it is. */
  #markWord(turn, ms) {
    if (!globalThis.CSS?.highlights || !globalThis.Highlight) return;
    const word = turn && wordAt({ ...turn, text: heardOf(turn) }, ms);
    const key = word ? `${turn.turn_id}:${word[0]}` : "";
    if (key === this.#word) return;
    this.#word = key;
    const node = word && this.#item(turn.turn_id)?.querySelector("[data-words]")?.firstChild;
    if (!node || node.length < word[1]) return CSS.highlights.delete(HIGHLIGHT);
    const range = new Range();
    range.setStart(node, word[0]);
    range.setEnd(node, word[1]);
    CSS.highlights.set(HIGHLIGHT, new Highlight(range));
  }

  #item(id) {
    return id && this.querySelector(`[data-turn="${CSS.escape(id)}"]`);
  }

  /** Moves to a turn that evidence points at. */
  reveal(turnId) {
    this.#item(turnId)?.scrollIntoView({ block: "center" });
  }

  /** Moves to what is said at `ms`. */
  revealTime(ms) {
    const turn = turnAt(this.#turns, ms);
    if (turn) this.reveal(turn.turn_id);
  }

  #filter() {
    const which = this.querySelector("[data-filter]")?.value ?? "all";
    const wanted = this.querySelector("[data-find]").value;
    let shown = 0;
    for (const item of this.querySelectorAll(".turn")) {
      const leftOut = (which === "mine" && item.dataset.speaker !== "user") || (which === "feedback" && !item.dataset.feedback);
      item.hidden = leftOut || !hasWords(item.textContent, wanted);
      shown += item.hidden ? 0 : 1;
    }
    this.querySelector("[data-found]").textContent = wanted.trim() ? tn("{n} line found", "{n} lines found", shown) : "";
  }
}

function heardOf(turn) {
  return turn.cut_off && turn.heard_text ? turn.heard_text : turn.text;
}

function layout(turns, names) {
  if (!turns.length) return html`<p class="muted">${t("Nothing was said in this call.")}</p>`;
  const rated = turns.some((turn) => turn.feedback);
  return html`
    <div class="transcript__bar"><p class="muted">${t("Click a line to hear it.")}</p>
      <label class="transcript__find">${icon("search")}<span class="visually-hidden">${t("Find in the transcript")}</span><input type="search" data-find placeholder="${t("Find words")}"></label>
      ${rated ? html`<label class="transcript__filter">${t("Show")} <select data-filter><option value="all">${t("everything")}</option><option value="mine">${t("only {name}", { name: names.user })}</option><option value="feedback">${t("lines with feedback")}</option></select></label>` : null}
    </div>
    <p class="fine-print" role="status" data-found></p>
    <ol class="turns">${turns.map((turn) => turnItem(turn, names))}</ol>`;
}

function turnItem(turn, names) {
  const heard = heardOf(turn);
  const unheard = heard !== turn.text && turn.text.startsWith(heard) ? turn.text.slice(heard.length) : null;
  return html`<li class="turn turn--${turn.speaker}" data-turn="${turn.turn_id}" data-speaker="${turn.speaker}" data-feedback="${turn.feedback ? "yes" : ""}">
    <button class="turn__line" type="button" data-start="${turn.start_ms}">
      <span class="turn__who"><span class="visually-hidden">${t("Play from {time}", { time: clock(turn.start_ms) })}, </span>${names[turn.speaker] ?? names.ai}<time aria-hidden="true">${clock(turn.start_ms)}</time><span class="turn__play" aria-hidden="true">${icon("play")}</span></span>
      <span class="turn__text">${turn.not_transcribed ? html`<em class="turn__without-words">${withoutWords()}</em>` : html`<span data-words>${heard}</span>`}${turn.cut_off ? html` <span class="turn__cut">${t("— interrupted")}</span>` : null}${unheard ? html`<span class="turn__unheard" title="${t("Not heard any more")}">${unheard}</span>` : null}</span>
    </button>
    ${turn.feedback ? feedback(turn.feedback) : null}
  </li>`;
}

function feedback({ rating, comment, try: suggestion }) {
  return html`<div class="feedback feedback--${rating}">
    <span class="chip chip--${{ excellent: "good", good: "good", fair: "warn", poor: "bad" }[rating] ?? "brand"}">${icon(rating === "poor" || rating === "fair" ? "alert" : "check")}${RATINGS[rating]?.() ?? rating}</span>
    <p>${comment}</p>
    ${suggestion ? html`<p class="feedback__try"><strong>${t("Try:")}</strong> “${suggestion}”</p>` : null}
  </div>`;
}

customElements.define("transcript-view", TranscriptView);
