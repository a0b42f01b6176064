/** The little Markdown of descriptions as markup: paragraphs, `code`, **strong**, lists. PURE. */

import { html } from "../lib/html.js";

const MARKS = /(`[^`]+`|\*\*[^*]+\*\*)/;

/** One line of text. */
export function inline(text) {
  return html`${text.split(MARKS).map((part) => {
    if (part.length > 2 && part.startsWith("`") && part.endsWith("`")) return html`<code>${part.slice(1, -1)}</code>`;
    if (part.length > 4 && part.startsWith("**") && part.endsWith("**")) return html`<strong>${part.slice(2, -2)}</strong>`;
    return part;
  })}`;
}

/** Text of several paragraphs. */
export function paragraphs(text) {
  return html`${text
    .trim()
    .split(/\n\s*\n/)
    .filter(Boolean)
    .map((part) => {
      const lines = part.split("\n");
      if (lines.every((line) => /^\s*[-*] |^\s{2,}\S/.test(line)) && /^\s*[-*] /.test(lines[0])) return list(lines);
      return html`<p>${inline(lines.map((line) => line.trim()).join(" "))}</p>`;
    })}`;
}

function list(lines) {
  const items = [];
  for (const line of lines) {
    if (/^\s*[-*] /.test(line)) items.push(line.replace(/^\s*[-*] /, ""));
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return html`<ul>${items.map((item) => html`<li>${inline(item)}</li>`)}</ul>`;
}
