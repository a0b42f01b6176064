/** `/docs`: shows `/openapi.json`, searches it, and copies commands. */

import { announce } from "../announce.js";
import { brandMark } from "../elements/brand_mark.js";
import { html, render } from "../lib/html.js";
import { plural } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { switchTheme } from "../theme_switch.js";
import { chapters, found } from "./document.js";
import { operationView } from "./operation_view.js";
import { paragraphs } from "./text.js";

const ADDRESS = "/openapi.json";
const COPIED_MS = 1_600;

const contents = document.querySelector("#contents");
const main = document.querySelector("#main");
const search = document.querySelector("#search");
const count = document.querySelector("#count");

async function start() {
  render(document.querySelector("#brand"), brandMark());
  render(document.querySelector("#search-icon"), icon("search"));
  switchTheme(document.querySelector("#theme"));
  const described = await fetchDocument();
  const all = chapters(described);
  render(main, whole(described, all));
  search.addEventListener("input", () => filter(all, search.value));
  document.addEventListener("keydown", onKey);
  main.addEventListener("click", onCopy);
  contents.addEventListener("click", closeContents);
  filter(all, search.value);
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

async function fetchDocument() {
  const answer = await fetch(ADDRESS);
  if (!answer.ok) throw new Error(`${ADDRESS} answered ${answer.status}.`);
  return answer.json();
}

function whole(described, all) {
  const { title, version, description } = described.info;
  return html`
    <header class="docs__intro">
      <p class="eyebrow">Version ${version} · OpenAPI ${described.openapi} · <a href="${ADDRESS}">openapi.json</a></p>
      <h1>${title} API</h1>
      <div class="docs__text">${paragraphs(description)}</div>
    </header>
    ${all.map((chapter) => html`
      <section class="chapter" data-chapter="${chapter.id}" aria-labelledby="${chapter.id}">
        <h2 id="${chapter.id}">${chapter.name}</h2>
        <div class="docs__text">${paragraphs(chapter.description)}</div>
        ${chapter.operations.map((operation) => operationView(described, operation, location.origin))}
      </section>`)}
    <div class="blank" id="nothing" hidden><h2>Nothing is called that</h2><p>Search for a path, a method, a word or an error's code.</p></div>`;
}

function filter(all, text) {
  const shown = found(all, text);
  const ids = new Set(shown.flatMap(({ operations }) => operations.map(({ id }) => id)));
  for (const card of main.querySelectorAll("[data-operation]")) card.hidden = !ids.has(card.dataset.operation);
  for (const chapter of main.querySelectorAll("[data-chapter]")) chapter.hidden = !shown.some(({ id }) => id === chapter.dataset.chapter);
  main.querySelector(".docs__intro").hidden = Boolean(text.trim());
  main.querySelector("#nothing").hidden = ids.size > 0;
  render(contents, html`${shown.map(chapterLinks)}`);
  count.textContent = plural(ids.size, "address", "addresses");
}

function chapterLinks(chapter) {
  return html`
    <li>
      <a class="contents__chapter" href="#${chapter.id}">${chapter.name}</a>
      <ul>${chapter.operations.map(({ id, method, summary }) => html`<li><a class="contents__operation" href="#${id}"><span class="method method--small method--${method.toLowerCase()}">${method}</span><span>${summary}</span></a></li>`)}</ul>
    </li>`;
}

function onKey(event) {
  const writing = event.target.closest?.("input, textarea, select");
  if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape" && event.target === search && search.value) {
    event.preventDefault();
    search.value = "";
    search.dispatchEvent(new Event("input"));
  }
}

async function onCopy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const label = button.querySelector("span");
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = "Copied";
    announce("Copied");
  } catch {
    getSelection().selectAllChildren(button.closest(".command").querySelector("pre"));
    label.textContent = "Selected: press Ctrl+C";
    announce("The command is selected.");
  }
  setTimeout(() => {
    label.textContent = "Copy as curl";
  }, COPIED_MS);
}

function closeContents(event) {
  if (event.target.closest("a") && matchMedia("(max-width: 60rem)").matches) contents.closest("details").open = false;
}

/** On a wide window the contents are always there; on a phone they are opened. */
function fitContents() {
  const narrow = matchMedia("(max-width: 60rem)");
  const fit = () => {
    contents.closest("details").open = !narrow.matches;
  };
  narrow.addEventListener("change", fit);
  fit();
}

fitContents();
start().catch((error) => {
  render(main, html`<div class="blank blank--error"><h1>The description cannot be read</h1><p>${error.message}</p><p><a href="/docs">Try again</a></p></div>`);
});
