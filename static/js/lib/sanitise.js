/** Lesson text from the database as markup that can do nothing but look like text. */

import { html, parseInert, trusted } from "./html.js";

const TAGS = new Set(
  "A B BLOCKQUOTE BR CODE DD DL DT EM H2 H3 H4 HR I LI OL P PRE S SMALL STRONG SUB SUP TABLE TBODY TD TH THEAD TR U UL".split(" "),
);
const DROPPED_WITH_CONTENT = new Set("SCRIPT STYLE TEMPLATE IFRAME OBJECT EMBED SVG MATH NOSCRIPT TEXTAREA SELECT TITLE".split(" "));

/** Sanitised markup: rich text keeps its allowed tags, plain text gets paragraphs and lists. */
export function richText(text) {
  const source = String(text ?? "");
  return /<\/?[a-z][^>]*>/i.test(source) ? sanitise(source) : plainText(source);
}

export function sanitise(source) {
  return trusted(contentOf(parseInert(source).body));
}

function contentOf(node) {
  return [...node.childNodes].map(markupOf).join("");
}

function markupOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return html`${node.nodeValue}`.text;
  if (node.nodeType !== Node.ELEMENT_NODE || DROPPED_WITH_CONTENT.has(node.tagName.toUpperCase())) return "";
  const tag = node.tagName === "H1" ? "H2" : node.tagName;
  if (!TAGS.has(tag)) return contentOf(node);
  const name = tag.toLowerCase();
  if (name === "br" || name === "hr") return `<${name}>`;
  return `<${name}${name === "a" ? linkAttributes(node) : ""}>${contentOf(node)}</${name}>`;
}

function linkAttributes(node) {
  const href = node.getAttribute("href") ?? "";
  if (!/^(https?:\/\/|mailto:|\/(?!\/)|#)/i.test(href)) return "";
  return html` href="${href}" rel="noopener noreferrer" target="_blank"`.text;
}

/** Blank lines part paragraphs; lines that begin with `#`, `-`, `*` or a number are headings and lists. */
function plainText(source) {
  const blocks = source.trim().split(/\n\s*\n/).filter(Boolean);
  return html`${blocks.map(blockOf)}`;
}

function blockOf(block) {
  const lines = block.split("\n").map((line) => line.trim());
  const heading = /^(#{1,4})\s+(.+)$/.exec(lines[0]);
  if (heading) {
    const rest = lines.slice(1).join("\n").trim();
    const title = heading[1].length > 2 ? html`<h3>${inline(heading[2])}</h3>` : html`<h2>${inline(heading[2])}</h2>`;
    return html`${title}${rest ? blockOf(rest) : null}`;
  }
  const bullets = listOf(lines, /^[-*•]\s+/);
  if (bullets) return html`<ul>${bullets}</ul>`;
  const numbers = listOf(lines, /^\d+[.)]\s+/);
  if (numbers) return html`<ol>${numbers}</ol>`;
  return html`<p>${inline(lines.join(" "))}</p>`;
}

function listOf(lines, mark) {
  if (!mark.test(lines[0])) return null;
  const items = [];
  for (const line of lines) {
    if (mark.test(line)) items.push(line.replace(mark, ""));
    else items[items.length - 1] += ` ${line}`;
  }
  return items.map((item) => html`<li>${inline(item)}</li>`);
}

function inline(text) {
  return text.split(/(\*\*[^*]+\*\*)/).map((part) => (/^\*\*.+\*\*$/.test(part) ? html`<strong>${part.slice(2, -2)}</strong>` : part));
}
