"""Shares with their intervals. Pure."""

from math import sqrt

from pydantic import BaseModel, Field

TOO_FEW_BELOW = 30
"""Of fewer cases a share says little, and every answer says so."""
Z_95 = 1.959964


class Share(BaseModel):
    """So many of so many."""

    count: int
    of: int
    per_cent: float | None = Field(description="Null of none.")
    low: float | None = Field(description="Lower end of the 95 % interval (Wilson), per cent.")
    high: float | None = Field(description="Upper end.")
    too_few: bool = Field(description=f"Fewer than {TOO_FEW_BELOW}.")


def share(count: int, of: int) -> Share:
    """`count` of `of`. Raises ValueError for more than all."""
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no share.")
    if of == 0:
        return Share(count=0, of=0, per_cent=None, low=None, high=None, too_few=True)
    low, high = wilson(count, of)
    return Share(
        count=count,
        of=of,
        per_cent=round(100 * count / of, 1),
        low=round(100 * low, 1),
        high=round(100 * high, 1),
        too_few=of < TOO_FEW_BELOW,
    )


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a proportion, both ends from 0 to 1. Needs at least one case."""
    p, z2 = count / of, Z_95**2
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z_95 / (1 + z2 / of) * sqrt(p * (1 - p) / of + z2 / (4 * of * of))
    return (0.0 if count == 0 else middle - half), (1.0 if count == of else middle + half)
