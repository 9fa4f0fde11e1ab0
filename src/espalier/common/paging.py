"""Pages of a long list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """Which slice of a list is shown; a number past the end shows the last page, not an error."""

    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one, empty."""
        return max(1, -(-self.total // self.size))

    @property
    def start(self) -> int:
        """Index of the first shown item."""
        return (self.number - 1) * self.size

    @property
    def stop(self) -> int:
        """Index one past the last shown item."""
        return min(self.total, self.start + self.size)


def page_of(asked: str | int | None, *, size: int, total: int) -> Page:
    """Turn what stands in the address into a page that exists.

    >>> page_of("99", size=10, total=25).number
    3
    >>> page_of("x", size=10, total=25).number
    1
    """
    last = max(1, -(-total // size))
    try:
        number = int(asked or 1)
    except ValueError:
        number = 1
    return Page(number=min(max(1, number), last), size=size, total=total)
