"""Counted values: their mean, spread, quartiles and bars. Pure."""

from collections.abc import Sequence
from math import fsum, sqrt
from typing import TypeAlias

from pydantic import BaseModel, Field

from lms.analytics.rates import TOO_FEW_BELOW

Levels: TypeAlias = Sequence[tuple[float, int]]
"""How often each value was seen, the smallest value first."""
POINTS_EDGES = (0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 101)
"""Ten bars of 0 to 100 points; 100 belongs to the last one."""


class Bar(BaseModel):
    """How many values lie from `low` up to, not including, `high`; without `high` all from there on."""

    low: float
    high: float | None
    count: int


class Distribution(BaseModel):
    """How values are spread."""

    n: int
    mean: float | None
    standard_deviation: float | None = Field(description="Of the sample (n - 1); null of fewer than two.")
    smallest: float | None
    lower_quartile: float | None
    median: float | None
    upper_quartile: float | None
    ninth_decile: float | None = Field(description="Nine of ten are not above it.")
    largest: float | None
    too_few: bool = Field(description=f"Fewer than {TOO_FEW_BELOW}.")
    bars: list[Bar]


def distribution(levels: Levels, edges: Sequence[float], *, digits: int = 1, open_ended: bool = False) -> Distribution:
    """Of `levels`; the bars go from edge to edge, and the last one on for ever if it is `open_ended`."""
    n = sum(count for _, count in levels)
    average = mean(levels)
    spread = standard_deviation(levels)
    cuts = [_rounded(quantile(levels, part), digits) for part in (0.0, 0.25, 0.5, 0.75, 0.9, 1.0)]
    return Distribution(
        n=n,
        mean=_rounded(average, digits),
        standard_deviation=_rounded(spread, digits),
        smallest=cuts[0],
        lower_quartile=cuts[1],
        median=cuts[2],
        upper_quartile=cuts[3],
        ninth_decile=cuts[4],
        largest=cuts[5],
        too_few=n < TOO_FEW_BELOW,
        bars=bars(levels, edges, open_ended=open_ended),
    )


def mean(levels: Levels) -> float | None:
    """The arithmetic mean; None of nothing."""
    n = sum(count for _, count in levels)
    return fsum(value * count for value, count in levels) / n if n else None


def standard_deviation(levels: Levels) -> float | None:
    """Of the sample, with n - 1; None of fewer than two."""
    n, average = sum(count for _, count in levels), mean(levels)
    if n < 2 or average is None:
        return None
    return sqrt(fsum(count * (value - average) ** 2 for value, count in levels) / (n - 1))


def quantile(levels: Levels, part: float) -> float | None:
    """Between two values in proportion, as PERCENTILE.INC of spreadsheets and percentile_cont do; None of nothing."""
    n = sum(count for _, count in levels)
    if n == 0:
        return None
    place = part * (n - 1)
    below, fraction = int(place), place - int(place)
    low = _at(levels, below)
    return low + (_at(levels, min(below + 1, n - 1)) - low) * fraction


def bars(levels: Levels, edges: Sequence[float], *, open_ended: bool = False) -> list[Bar]:
    """Counts between neighbouring edges. Values outside of the edges are in no bar."""
    ends: list[float | None] = [*edges[1:], *([None] if open_ended else [])]
    return [
        Bar(low=low, high=high, count=sum(n for value, n in levels if low <= value and (high is None or value < high)))
        for low, high in zip(edges, ends, strict=False)
    ]


def _at(levels: Levels, place: int) -> float:
    for value, count in levels:
        if place < count:
            return value
        place -= count
    raise IndexError(place)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
