"""Where improving what a chart shows begins: told by the room above that keeps projects, which this room does not know.

Whoever keeps them fills the one place here (config/wiring.py), and a test finds it empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from espalier.organisations.queries import UnitFacts


class TellsStart(Protocol):
    """Give the address at which improving one measure at one place begins; "" where nothing can begin there any more."""

    def __call__(self, *, measure: str, unit: UnitFacts) -> str: ...


_told_by: list[TellsStart] = []


def fill(tells: TellsStart) -> None:
    """Say who keeps what is improved."""
    _told_by[:] = [tells]


def is_filled() -> bool:
    """Whether somebody tells: for the test that finds the gap."""
    return bool(_told_by)


def start_href(*, measure: str, unit: UnitFacts) -> str:
    """Return the address at which improving what a chart shows begins; whether the viewer may is for the caller (Marking.start)."""
    return _told_by[0](measure=measure, unit=unit) if _told_by else ""
