/** Finds every text of the interface: the words that `t` and `tn` are called with in static/js. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SCRIPTS = fileURLToPath(new URL("../../../static/js/", import.meta.url));

/** `{single: Map(text → file), counted: Map(other → {one, file}), unreadable: ["file: call"]}` of all scripts. */
export function textsOfTheInterface(folder = SCRIPTS) {
  const found = { single: new Map(), counted: new Map(), unreadable: [] };
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".js") && file !== join("lib", "i18n.js"));
  for (const file of files.sort()) textsOf(readFileSync(join(folder, file), "utf8"), file, found);
  return found;
}

/** Adds the texts of one script to `found`; a call whose words are not plain strings is `unreadable`. */
export function textsOf(source, file, found) {
  for (const call of source.matchAll(/(?<![\w.$])(tn?)\(\s*/g)) {
    const at = call.index + call[0].length;
    if (call[1] === "t") addSingle(source, at, file, found);
    else addCounted(source, at, file, found);
  }
  return found;
}

function addSingle(source, at, file, found) {
  const texts = stringsAt(source, at);
  if (!texts) found.unreadable.push(`${file}: t(${source.slice(at, at + 40).split("\n")[0]}`);
  for (const text of texts ?? []) found.single.set(text, file);
}

function addCounted(source, at, file, found) {
  const one = stringAt(source, at);
  const comma = one && /^\s*,\s*/.exec(source.slice(one.end));
  const other = comma && stringAt(source, one.end + comma[0].length);
  if (!other) found.unreadable.push(`${file}: tn(${source.slice(at, at + 40).split("\n")[0]}`);
  else found.counted.set(other.text, { one: one.text, file });
}

/** The string at `at`, or both of a choice `x ? "a" : "b"`; null for anything else. */
function stringsAt(source, at) {
  const first = stringAt(source, at);
  if (first) return [first.text];
  const condition = /^[^"'`,;]*?\?\s*/.exec(source.slice(at));
  const yes = condition && stringAt(source, at + condition[0].length);
  const colon = yes && /^\s*:\s*/.exec(source.slice(yes.end));
  const no = colon && stringAt(source, yes.end + colon[0].length);
  return no ? [yes.text, no.text] : null;
}

function stringAt(source, at) {
  const literal = /^(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)/.exec(source.slice(at, at + 2000));
  return literal && { text: unquoted(literal[0]), end: at + literal[0].length };
}

function unquoted(literal) {
  const inside = literal.slice(1, -1).replace(/\\(u\{[0-9a-f]+\}|u[0-9a-f]{4}|.)/gi, (all, code) => {
    if (code[0] === "u") return String.fromCodePoint(Number.parseInt(code.replace(/[^0-9a-f]/gi, "").replace(/^u/, ""), 16));
    return { n: "\n", t: "\t" }[code] ?? code;
  });
  return inside;
}
