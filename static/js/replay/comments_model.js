/** Comments on a call: threads in order, and who may do what. PURE. */

/**
 * `[{…comment, replies}]`: those about the whole call first, then by their place in the call. A deleted one stays while
 * somebody has answered it.
 */
export function threadsOf(rows) {
  const replies = rows.filter((row) => row.reply_to && !row.deleted_at);
  return rows
    .filter((row) => !row.reply_to)
    .map((row) => ({ ...row, replies: replies.filter((reply) => reply.reply_to === row.id).sort(byTime) }))
    .filter((thread) => !thread.deleted_at || thread.replies.length)
    .sort((left, right) => (left.at_ms ?? -1) - (right.at_ms ?? -1) || byTime(left, right));
}

function byTime(left, right) {
  return Date.parse(left.created_at) - Date.parse(right.created_at);
}

/** What `me` ({id, roles}) may do in the call of `ownerId`: `{write, resolve}`; answering may whoever sees a thread. */
export function rightsIn(me, ownerId) {
  const reviews = me.id !== ownerId && me.roles.some((role) => role === "manager" || role === "admin");
  return { write: reviews, resolve: reviews };
}

/** `{edit, remove}` for one comment: authors their own, admins remove any. */
export function rightsOn(comment, me) {
  const isMine = comment.author_id === me.id;
  return { edit: isMine && !comment.deleted_at, remove: (isMine || me.roles.includes("admin")) && !comment.deleted_at };
}

/** `{open, resolved}` of threads. */
export function countsOf(threads) {
  const resolved = threads.filter((thread) => thread.resolved_at).length;
  return { open: threads.length - resolved, resolved };
}
