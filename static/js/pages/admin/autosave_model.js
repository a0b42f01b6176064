/** What becomes of a field that saves itself while others may write the same row. PURE. */

/** A field as it was loaded; `version` is the row's `updated_at`. */
export function loaded(value, version) {
  return { base: value, mine: value, version, state: "saved", theirs: null };
}

export function typed(field, mine) {
  if (field.state === "conflict") return { ...field, mine };
  return { ...field, mine, state: mine === field.base ? "saved" : "changed" };
}

/** Whether there is something to send. */
export function isDue(field) {
  return field.state === "changed" || field.state === "failed";
}

export function sending(field) {
  return { ...field, state: "saving" };
}

/** The server has stored `value`; what was typed meanwhile is still to be sent. */
export function stored(field, sent, version) {
  return { ...field, base: sent, version, state: field.mine === sent ? "saved" : "changed", theirs: null };
}

/**
 * The row has changed elsewhere. Where this field is as it was, or is what was typed here, nothing is lost and it is sent
 * again; otherwise somebody has to choose.
 */
export function overtaken(field, theirs, version) {
  if (theirs === field.base || theirs === field.mine) return { ...field, base: theirs, version, state: theirs === field.mine ? "saved" : "changed" };
  return { ...field, version, theirs, state: "conflict" };
}

export function failed(field) {
  return { ...field, state: "failed" };
}

/** The way out of a conflict: `mine` is sent over theirs, `theirs` takes its place. */
export function decided(field, whose) {
  if (whose === "theirs") return { ...field, base: field.theirs, mine: field.theirs, theirs: null, state: "saved" };
  return { ...field, base: field.theirs, theirs: null, state: "changed" };
}
