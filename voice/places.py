"""How many can be had at once, counted by who hands them out. PURE."""


class Places:
    """So many places, taken and given back; None means that there is no limit."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self._taken = 0

    def take(self) -> bool:
        """Takes one; False when none is free."""
        if self.limit is not None and self._taken >= self.limit:
            return False
        self._taken += 1
        return True

    def give_back(self) -> None:
        """One is free again."""
        assert self._taken > 0
        self._taken -= 1
