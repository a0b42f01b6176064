/** One operation as markup. PURE. */

import { html } from "../lib/html.js";
import { icon } from "../lib/icons.js";
import { curl, jsonSchema, kindOf, limitsOf, resolved, sample } from "./document.js";
import { inline, paragraphs } from "./text.js";

const ACCESS_WORDS = { person: "Signed in", service: "Service key", recording_link: "Signed link", customer_key: "Customer key" };
const PLACES = { path: "in the path", query: "in the query", header: "as a header" };
const DEEPEST = 4;

/** The whole card; details inside are closed until somebody opens them. */
export function operationView(document, operation, origin) {
  const { id, method, path, summary, description } = operation;
  return html`
    <article class="operation card" id="${id}" data-operation="${id}" aria-labelledby="${id}-title">
      <header class="operation__head">
        <h3 class="operation__title" id="${id}-title"><a href="#${id}">${summary}</a></h3>
        <p class="operation__access">${access(operation)}</p>
        <p class="operation__address"><span class="method method--${method.toLowerCase()}">${method}</span><code>${address(path)}</code></p>
      </header>
      <div class="operation__text">${paragraphs(description)}</div>
      ${parameters(document, operation)}
      ${body(document, operation)}
      ${answers(document, operation)}
      ${command(document, operation, origin)}
    </article>`;
}

/** A path that may be broken at its slashes, its parameters marked. */
export function address(path) {
  return html`${path.split(/(?=\/)/).map((part) => html`<wbr>${part.split(/(\{\w+\})/).map((piece) => (piece.startsWith("{") ? html`<em>${piece}</em>` : piece))}`)}`;
}

function access({ access: schemes }) {
  if (!schemes.length) return html`<span class="chip">Anybody</span>`;
  return html`${schemes.map((scheme) => html`<span class="chip chip--brand">${icon("lock")}${ACCESS_WORDS[scheme] ?? scheme}</span>`)}`;
}

function parameters(document, { parameters: all }) {
  if (!all.length) return null;
  return html`
    <section>
      <h4>Parameters</h4>
      <dl class="fields">${all.map((parameter) => field(document, parameter.name, { description: parameter.description, ...parameter.schema }, { required: parameter.required, place: PLACES[parameter.in] }))}</dl>
    </section>`;
}

function field(document, name, schema, { required, place = null, asked = true, depth = 0 }) {
  const inner = depth < DEEPEST ? objectInside(document, schema) : null;
  const limits = [place, limitsOf(schema)].filter(Boolean).join("; ");
  return html`
    <div class="fields__field">
      <dt><code>${name}</code>${required ? html`<span class="fields__required">required</span>` : null}</dt>
      <dd>
        <span class="fields__kind">${kindOf(document, schema)}</span>${limits ? html`<span class="fields__limits">${limits}</span>` : null}
        ${schema.description ? html`<p>${inline(schema.description)}</p>` : null}
        ${inner ? html`<details class="inside"><summary><span class="chevron"></span>Fields of ${inner.name ?? name}</summary>${fields(document, inner, { asked, depth: depth + 1 })}</details>` : null}
      </dd>
    </div>`;
}

/** `asked`: whoever reads has to give them, and must know which are required. */
function fields(document, schema, { asked, depth = 0 }) {
  const required = asked ? (schema.required ?? []) : [];
  return html`<dl class="fields">${Object.entries(schema.properties).map(([name, value]) => field(document, name, value, { required: required.includes(name), asked, depth }))}</dl>`;
}

/** The object that a schema leads to, through lists and choices; null when it leads to none with fields. */
function objectInside(document, schema) {
  const choices = [schema, schema.items, ...(schema.anyOf ?? []), ...(schema.anyOf ?? []).map((choice) => choice.items)];
  return choices.filter(Boolean).map((choice) => resolved(document, choice)).find((choice) => choice.properties) ?? null;
}

function body(document, operation) {
  if (!operation.body) return null;
  const schema = jsonSchema(operation.body);
  const types = Object.keys(operation.body.content).join(", ");
  const whole = schema && objectInside(document, schema);
  return html`
    <section>
      <h4>Body <small>${types}${operation.body.required ? null : ", may be empty"}</small></h4>
      ${operation.body.description ? html`<p>${inline(operation.body.description)}</p>` : null}
      ${whole ? fields(document, whole, { asked: true }) : null}
    </section>`;
}

function answers(document, operation) {
  return html`
    <section>
      <h4>Answers</h4>
      <ul class="answers">
        ${operation.answers.map((answer) => answerView(document, answer))}
        ${operation.refusals.map(({ status, description }) => html`<li class="answer"><span class="status status--${status[0]}">${status}</span><p>${inline(description)}</p></li>`)}
        ${operation.faults.length ? html`<li class="answer answer--faults"><span class="status status--5">5xx</span><div>${operation.faults.map(({ status, description }) => html`<p><span class="tabular">${status}</span> ${inline(description)}</p>`)}</div></li>` : null}
      </ul>
      ${errorBody(document, operation)}
    </section>`;
}

function errorBody(document, { refusals, faults }) {
  const schema = jsonSchema([...refusals, ...faults].find(jsonSchema));
  const whole = schema && objectInside(document, schema);
  if (!whole) return null;
  return html`<details class="inside inside--error"><summary><span class="chevron"></span>Body of every error</summary>${fields(document, whole, { asked: false })}</details>`;
}

function answerView(document, answer) {
  const schema = jsonSchema(answer);
  const whole = schema && objectInside(document, schema);
  const types = Object.keys(answer.content ?? {});
  const headers = Object.entries(answer.headers ?? {}).filter(([name]) => name !== "X-Request-Id");
  return html`
    <li class="answer">
      <span class="status status--${answer.status[0]}">${answer.status}</span>
      <div>
        <p>${inline(answer.description)} ${schema ? html`<span class="fields__kind">${kindOf(document, schema)}</span>` : null}${types.some((type) => !type.endsWith("json")) ? html` <small>${types.join(", ")}</small>` : null}</p>
        ${headers.map(([name, { description }]) => html`<p><code>${name}</code> ${inline(description)}</p>`)}
        ${whole ? html`<details class="inside"><summary><span class="chevron"></span>Fields and example</summary>${fields(document, whole, { asked: false })}<pre class="code" tabindex="0">${JSON.stringify(sample(document, schema), null, 2)}</pre></details>` : null}
      </div>
    </li>`;
}

function command(document, operation, origin) {
  const text = curl(document, operation, origin);
  return html`
    <section class="command">
      <div class="command__head"><h4>From a terminal</h4><button class="button button--quiet button--small" type="button" data-copy="${text}">${icon("copy")}<span>Copy as curl</span></button></div>
      <pre class="code" tabindex="0" aria-label="Command">${text}</pre>
    </section>`;
}
