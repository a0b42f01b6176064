/** Results of a search as the page shows them. PURE. */

/** `{href, title, where, from, icon, parts}` of a row of search_lessons; `from` is the document, or null. */
export function resultOf(row, { icons = {} } = {}) {
  return {
    href: row.attachment_id ? `/lessons/${row.lesson_id}#attachment-${row.attachment_id}` : `/lessons/${row.lesson_id}`,
    title: row.lesson_title,
    where: [row.product_title, row.module_title].filter(Boolean),
    from: row.attachment_id ? { name: row.file_name, page: row.page } : null,
    icon: row.attachment_id ? "text" : (icons[row.lesson_type]?.icon ?? "text"),
    parts: (row.snippet ?? []).filter((part) => part.text).map((part) => ({ text: part.text, isHit: Boolean(part.is_hit) })),
  };
}

/** What is looked for, from the address. */
export function queryOf(search) {
  return (new URLSearchParams(search).get("q") ?? "").trim().slice(0, 200);
}

export function addressOf(query) {
  return query ? `/search?q=${encodeURIComponent(query)}` : "/search";
}

/** Whether a key press means the search box: a bare `/` that is not written into a field. */
export function opensSearch(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return false;
  return !event.target?.closest?.('input, textarea, select, [contenteditable=""], [contenteditable="true"]');
}
