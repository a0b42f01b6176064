/** What a reviewer overrules: the choices of the form, and what is sent. PURE. */

/** The name of a place in the rubric: a check's, or a criterion's of the kinds outcome and metric. */
export function placeOf(criterion, check = null) {
  return check === null ? criterion : `${criterion}/${check}`;
}

/**
 * Every place of a report: `[{place, criterion, check, title, section, judged, effective, because}]`; `judged` is what the
 * judge had said, `effective` what counts now.
 */
export function placesOf(report) {
  return report.sections.flatMap((section) => section.criteria.flatMap((criterion) => placesIn(section, criterion)));
}

function placesIn(section, criterion) {
  const base = { section: section.title, criterion: criterion.key };
  if (criterion.kind !== "checks") return [{ ...base, ...verdictsOf(criterion), place: placeOf(criterion.key), check: null, title: criterion.title }];
  return criterion.checks.map((check) => ({ ...base, ...verdictsOf(check), place: placeOf(criterion.key, check.key), check: check.key, title: check.text }));
}

function verdictsOf({ verdict, machine, overridden_because: because }) {
  return { judged: machine?.verdict ?? verdict, effective: verdict, because: because ?? "" };
}

/**
 * The choices to begin with, a Map from places to `{verdict, reason}`: those of the own draft, else what the last review
 * has changed.
 */
export function choicesOf(places, draft) {
  if (draft) return new Map(draft.overrides.map((one) => [placeOf(one.criterion, one.check), { verdict: one.verdict, reason: one.reason ?? "" }]));
  return new Map(places.filter((one) => one.effective !== one.judged).map((one) => [one.place, { verdict: one.effective, reason: one.because }]));
}

/** The list of overrides that `review-call` takes; a choice that says what the judge said is none. */
export function overridesOf(places, choices) {
  return places
    .filter(({ place, judged }) => choices.has(place) && choices.get(place).verdict !== judged)
    .map(({ place, criterion, check }) => ({ criterion, check, verdict: choices.get(place).verdict, reason: choices.get(place).reason }));
}

/** What would change: `[{key, before, after}]` of the numbers that differ. */
export function changesOf({ before, after }) {
  return Object.keys(after)
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => ({ key, before: before[key], after: after[key] }));
}

const REASON_ORDER = ["dispute", "needs_human", "provisional", "near_pass_mark", "sample"];

/** The rows of the queue for `{reason, mine}`, what is urgent first. */
export function chosenCalls(rows, { reason, mine }, myId) {
  return rows
    .filter((row) => (!reason || row.reasons.includes(reason)) && (!mine || row.claimed_by === myId))
    .sort((left, right) => left.priority - right.priority || Date.parse(left.waiting_since) - Date.parse(right.waiting_since));
}

/** How many calls wait for each reason, in a fixed order; reasons that nothing waits for are left out. */
export function reasonCounts(rows) {
  return REASON_ORDER.map((reason) => [reason, rows.filter((row) => row.reasons.includes(reason)).length]).filter(([, count]) => count > 0);
}
