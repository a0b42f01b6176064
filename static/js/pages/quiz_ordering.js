/** Items to be ordered: dragged by their handle, moved by buttons, or by the arrow keys on the handle. */

import { html, render } from "../lib/html.js";
import { number } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { moved, orderOf } from "../quiz/answers.js";

export function orderItems(question, value) {
  return html`<ol class="order" data-order>${items(question, orderOf(question, value))}</ol>
    <div class="order__foot" data-order-foot>${foot(value)}</div>`;
}

function items(question, order) {
  const texts = new Map(question.answers.map((answer) => [answer.id, answer.text]));
  return order.map((id, place) => item(id, texts.get(id), place, order.length));
}

function item(id, text, place, count) {
  const name = { item: text, place: number(place + 1), count: number(count) };
  return html`<li class="order__item" data-item="${id}">
    <button class="order__grip" type="button" data-grip aria-label="${t("{item}, place {place} of {count}. Press the arrow keys to move it.", name)}">${icon("grip")}</button>
    <span class="order__place" aria-hidden="true">${number(place + 1)}</span>
    <span class="order__text">${text}</span>
    <button class="icon-button" type="button" data-move="-1" aria-label="${t("Move up: {item}", name)}" ${place === 0 && html`aria-disabled="true"`}>${icon("up")}</button>
    <button class="icon-button" type="button" data-move="1" aria-label="${t("Move down: {item}", name)}" ${place === count - 1 && html`aria-disabled="true"`}>${icon("down")}</button>
  </li>`;
}

function foot(value) {
  if (value) return html`<p class="done">${icon("check")}${t("This is your order.")}</p>`;
  return html`<button class="button button--small button--quiet" type="button" data-keep-order>${icon("check")}${t("This order is right")}</button>`;
}

/** Makes the list work; `onOrder(ids)` gets every new order. Listens on `form` until it is drawn anew. */
export function joinOrdering(form, question, value, { onOrder, announce }) {
  const list = form.querySelector("[data-order]");
  const state = { order: orderOf(question, value), dragged: null };
  const put = (order) => {
    state.order = order;
    render(list, html`${items(question, order)}`);
    render(form.querySelector("[data-order-foot]"), foot(order));
    onOrder(order);
  };
  const move = (id, by, control) => {
    const from = state.order.indexOf(id);
    const to = from + by;
    if (to < 0 || to >= state.order.length) return;
    put(moved(state.order, from, to));
    list.querySelector(`[data-item="${id}"] ${control}`).focus();
    announce(told(question, id, to, state.order.length));
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(idOf(button), Number(button.dataset.move), `[data-move="${button.dataset.move}"]`);
    if (event.target.closest("[data-keep-order]")) {
      put(state.order);
      list.querySelector("[data-grip]").focus();
      announce(t("This is your order."));
    }
  });
  list.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1, Home: -state.order.length, End: state.order.length }[event.key];
    if (!by || !event.target.closest("[data-grip]")) return;
    event.preventDefault();
    const id = idOf(event.target);
    const from = state.order.indexOf(id);
    move(id, Math.max(-from, Math.min(state.order.length - 1 - from, by)) || 0, "[data-grip]");
  });
  joinDragging(list, state, { put, announce: (id, to) => announce(told(question, id, to, state.order.length)) });
}

function joinDragging(list, state, { put, announce }) {
  list.addEventListener("pointerdown", (event) => {
    const line = event.target.closest("[data-item]");
    if (!line || event.button !== 0 || event.target.closest("[data-move]")) return;
    if (event.pointerType !== "mouse" && !event.target.closest("[data-grip]")) return; // a finger on the text scrolls
    event.preventDefault();
    state.dragged = line;
    line.classList.add("order__item--dragged");
    list.setPointerCapture(event.pointerId);
  });
  list.addEventListener("pointermove", (event) => state.dragged && slide(list, state.dragged, event.clientY));
  for (const kind of ["pointerup", "pointercancel"]) {
    list.addEventListener(kind, () => {
      if (!state.dragged) return;
      const id = state.dragged.dataset.item;
      const order = [...list.children].map((line) => line.dataset.item);
      state.dragged.classList.remove("order__item--dragged");
      state.dragged = null;
      if (order.join() === state.order.join()) return;
      put(order);
      announce(id, order.indexOf(id));
    });
  }
}

/** Puts the dragged line where the pointer is: past the middle of a neighbour. */
function slide(list, line, y) {
  const before = [...list.children].find((other) => other !== line && y < middleOf(other));
  if (before !== line.nextElementSibling) list.insertBefore(line, before ?? null);
}

function middleOf(line) {
  const box = line.getBoundingClientRect();
  return box.top + box.height / 2;
}

function idOf(node) {
  return node.closest("[data-item]").dataset.item;
}

function told(question, id, place, count) {
  const item = question.answers.find((answer) => answer.id === id)?.text ?? "";
  return t("{item}: place {place} of {count}", { item, place: number(place + 1), count: number(count) });
}
