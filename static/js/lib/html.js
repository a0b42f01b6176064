/** An auto-escaping `html` tag, and the only place that turns text into markup. */

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "`": "&#96;" };

/** Markup that is safe to insert: made by `html`, or vouched for by `trusted`. */
export class Html {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

export function escape(value) {
  return String(value).replace(/[&<>"'`]/g, (character) => ESCAPES[character]);
}

/** Interpolated values are escaped; Html stays, arrays are joined, null, undefined and booleans draw nothing. */
export function html(strings, ...values) {
  let text = strings[0];
  values.forEach((value, index) => {
    text += markupOf(value) + strings[index + 1];
  });
  return new Html(text);
}

/** Markup from a source that is already clean: the sanitiser, the icons. */
export function trusted(text) {
  return new Html(text);
}

function markupOf(value) {
  if (value === null || value === undefined || typeof value === "boolean") return "";
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(markupOf).join("");
  return escape(value);
}

const policy = globalThis.trustedTypes?.createPolicy("callx", { createHTML: (text) => text, createScriptURL: ownScript });

/** The address of a worker; throws TypeError for what is not a script of this application. */
export function workerUrl(path) {
  return policy ? policy.createScriptURL(path) : ownScript(path);
}

function ownScript(path) {
  if (!/^\/static\/js\/[\w./-]+\.js$/.test(path) || path.includes("..")) throw new TypeError("Workers come from /static/js/.");
  return path;
}

/** Replaces what is inside `target`. Throws TypeError for a plain string: it has not been escaped. */
export function render(target, content) {
  if (!(content instanceof Html)) throw new TypeError("render() takes what html`…` made.");
  target.innerHTML = policy ? policy.createHTML(content.text) : content.text;
  return target;
}

/** Parses foreign markup into a document that is not shown and runs nothing. */
export function parseInert(text) {
  return new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");
}

/** The first element of a piece of markup. */
export function element(content) {
  const template = document.createElement("template");
  render(template, content);
  return template.content.firstElementChild;
}
