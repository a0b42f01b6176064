"""Who is shown to whom on a leaderboard, so that nobody is shown as last. Pure.

It is by improvement. Places are given to the top third alone. Whoever is not in it sees themselves without a place, and
the next ones above to catch up with; below somebody nobody ever sees anybody. How many there are is not said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from uuid import UUID

ABOVE = 2
"""How many of the next ones above somebody sees."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a team; `gain` in points."""

    user_id: UUID
    full_name: str
    gain: int
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is shown; without a place outside of the top third."""

    entry: Entry
    place: int | None


def leaderboard(entries: Sequence[Entry], viewer_id: UUID | None) -> list[Line]:
    """What `viewer_id` is shown, best first; None is somebody who leads the team, and sees the top third.

    Who gained nothing, and who does not want to be seen, is shown to nobody else and counts for no place.
    """
    ranked = sorted(
        (entry for entry in entries if entry.gain > 0 and not entry.is_hidden),
        key=lambda entry: (-entry.gain, entry.full_name.casefold(), entry.user_id.int),
    )
    top = top_third(ranked)
    shown = [Line(entry, 1 + sum(other.gain > entry.gain for other in ranked)) for entry in top]
    own = next((entry for entry in entries if entry.user_id == viewer_id), None)
    if own is None or own in top:
        return shown
    if own.is_hidden:
        return [*shown, Line(own, None)]
    above = [entry for entry in ranked if entry.gain > own.gain and entry not in top]
    return [*shown, *(Line(entry, None) for entry in above[-ABOVE:]), Line(own, None)]


def top_third(ranked: Sequence[Entry]) -> list[Entry]:
    """Of people sorted by gain, the best first: those with a place.

    Equals have the same place, all of them or none: those who do not all fit have none, but for the first. The lowest
    have none, as they would be shown as last, unless everybody is equal, when all are first.
    """
    groups = [list(group) for _, group in groupby(ranked, key=lambda entry: entry.gain)]
    if not groups:
        return []
    top = groups[0]
    for group in groups[1:]:
        if len(top) + len(group) > ceil(len(ranked) / 3):
            break
        top = top + group
    return top
