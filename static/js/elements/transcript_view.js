/**
 * <transcript-view>: the turns with what the judge says about them. A click on a turn tells `seek` ({detail: ms});
 * `follow(ms)` marks the turn that is being played.
 */

import { turnAt, WITHOUT_WORDS } from "../call/transcript.js";
import { html, render } from "../lib/html.js";
import { clock } from "../lib/format.js";
import { icon } from "../lib/icons.js";

const RATINGS = { excellent: "Excellent", good: "Good", fair: "Could be better", poor: "Problem" };

class TranscriptView extends HTMLElement {
  #turns = [];
  #current = null;

  setUp({ turns, customerName }) {
    this.#turns = turns;
    render(this, layout(turns, customerName));
    this.addEventListener("click", (event) => {
      const start = event.target.closest("[data-start]")?.dataset.start;
      if (start !== undefined) this.dispatchEvent(new CustomEvent("seek", { detail: Number(start) }));
    });
    this.querySelector("[data-filter]")?.addEventListener("change", (event) => this.#filter(event.target.value));
  }

  /** `ms` of the recording that is heard now; null when nothing plays. */
  follow(ms) {
    const turn = ms === null ? null : turnAt(this.#turns, ms);
    if (turn?.turn_id === this.#current) return;
    this.#current = turn?.turn_id ?? null;
    this.querySelector(".turn--now")?.classList.remove("turn--now");
    const item = turn && this.querySelector(`[data-turn="${CSS.escape(turn.turn_id)}"]`);
    item?.classList.add("turn--now");
    item?.scrollIntoView({ block: "nearest", behavior: "auto" });
  }

  /** Moves to a turn that evidence points at. */
  reveal(turnId) {
    const item = this.querySelector(`[data-turn="${CSS.escape(turnId)}"]`);
    item?.scrollIntoView({ block: "center" });
  }

  #filter(which) {
    for (const item of this.querySelectorAll(".turn")) {
      item.hidden = (which === "mine" && item.dataset.speaker !== "user") || (which === "feedback" && !item.dataset.feedback);
    }
  }
}

function layout(turns, customerName) {
  if (!turns.length) return html`<p class="muted">Nothing was said in this call.</p>`;
  const rated = turns.some((turn) => turn.feedback);
  return html`
    <div class="transcript__bar"><p class="muted">Click a line to hear it.</p>
      ${rated ? html`<label class="transcript__filter">Show <select data-filter><option value="all">everything</option><option value="mine">only me</option><option value="feedback">lines with feedback</option></select></label>` : null}
    </div>
    <ol class="turns">${turns.map((turn) => turnItem(turn, customerName))}</ol>`;
}

function turnItem(turn, customerName) {
  const isCustomer = turn.speaker === "ai";
  const heard = turn.cut_off && turn.heard_text ? turn.heard_text : turn.text;
  const unheard = turn.cut_off && turn.heard_text && turn.text.startsWith(turn.heard_text) ? turn.text.slice(turn.heard_text.length) : null;
  return html`<li class="turn turn--${turn.speaker}" data-turn="${turn.turn_id}" data-speaker="${turn.speaker}" data-feedback="${turn.feedback ? "yes" : ""}">
    <button class="turn__line" type="button" data-start="${turn.start_ms}">
      <span class="turn__who">${isCustomer ? customerName : "You"}<time>${clock(turn.start_ms)}</time><span class="turn__play">${icon("play")}<span class="visually-hidden">Play from here</span></span></span>
      <span class="turn__text">${turn.not_transcribed ? html`<em class="turn__without-words">${WITHOUT_WORDS}</em>` : heard}${turn.cut_off ? html` <span class="turn__cut">— interrupted</span>` : null}${unheard ? html`<span class="turn__unheard" title="Not heard any more">${unheard}</span>` : null}</span>
    </button>
    ${turn.feedback ? feedback(turn.feedback) : null}
  </li>`;
}

function feedback({ rating, comment, try: suggestion }) {
  return html`<div class="feedback feedback--${rating}">
    <span class="chip chip--${{ excellent: "good", good: "good", fair: "warn", poor: "bad" }[rating] ?? "brand"}">${icon(rating === "poor" || rating === "fair" ? "alert" : "check")}${RATINGS[rating] ?? rating}</span>
    <p>${comment}</p>
    ${suggestion ? html`<p class="feedback__try"><strong>Try:</strong> “${suggestion}”</p>` : null}
  </div>`;
}

customElements.define("transcript-view", TranscriptView);
