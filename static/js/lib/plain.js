/** Words as they are looked for. PURE. */

/** Without case and marks, so that “chloe” finds Chloé. */
export function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

/** Whether every word of `wanted` is somewhere in `text`; no words are in everything. */
export function hasWords(text, wanted) {
  const there = plain(text);
  return plain(wanted).split(/\s+/).filter(Boolean).every((word) => there.includes(word));
}
