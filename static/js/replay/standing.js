/** Where one attempt stands among those of the same person at the same simulation. PURE. */

/**
 * `attempts` oldest first: `{current, number, previous, delta, best}`; `previous`, `delta` and `best` (of those before)
 * are null for the first one. Null when the call is no attempt.
 */
export function standingOf(attempts, callId) {
  const place = attempts.findIndex((attempt) => attempt.call_id === callId);
  if (place < 0) return null;
  const before = attempts.slice(0, place);
  const previous = before.at(-1) ?? null;
  return {
    current: attempts[place],
    number: place + 1,
    previous,
    delta: previous && attempts[place].overall_score - previous.overall_score,
    best: previous && Math.max(...before.map((attempt) => attempt.overall_score)),
  };
}
