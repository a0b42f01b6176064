import assert from "node:assert/strict";
import { test } from "node:test";

import { escape, html, Html, render, trusted } from "../../static/js/lib/html.js";

test("interpolated text is escaped", () => {
  const name = `<img src=x onerror="alert('1')">&\``;
  assert.equal(
    html`<p title="${name}">${name}</p>`.text,
    `<p title="${escape(name)}">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;&#96;</p>`,
  );
});

test("a value cannot leave its attribute", () => {
  assert.equal(html`<a href="${'" onclick="x'}">`.text, '<a href="&quot; onclick=&quot;x">');
});

test("markup inside markup stays markup", () => {
  const items = ["a<b", "c"].map((item) => html`<li>${item}</li>`);
  assert.equal(html`<ul>${items}</ul>`.text, "<ul><li>a&lt;b</li><li>c</li></ul>");
});

test("plain strings in a list are escaped too", () => {
  assert.equal(html`${["<", [">", html`<br>`]]}`.text, "&lt;&gt;<br>");
});

test("null, undefined and booleans draw nothing, zero draws itself", () => {
  assert.equal(html`${null}${undefined}${false}${true}${0}`.text, "0");
});

test("an object that only looks like markup is escaped", () => {
  assert.equal(html`${{ text: "<b>", toString: () => "<i>" }}`.text, "&lt;i&gt;");
});

test("render refuses what nobody escaped", () => {
  assert.throws(() => render({}, "<b>text</b>"), TypeError);
  const target = {};
  render(target, html`<b>${"<"}</b>`);
  assert.equal(target.innerHTML, "<b>&lt;</b>");
});

test("trusted text is kept as it is", () => {
  assert.ok(trusted("<svg></svg>") instanceof Html);
  assert.equal(html`${trusted("<svg></svg>")}`.text, "<svg></svg>");
});
