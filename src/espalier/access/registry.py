"""What this low room needs from higher ones, filled in `config/wiring.py`."""

from __future__ import annotations

from typing import Protocol

from espalier.access.models import Account
from espalier.access.viewer import VISITOR, Viewer


class MakesViewer(Protocol):
    """Builds the frozen viewer of an account."""

    def __call__(self, account: Account) -> Viewer: ...


_maker: list[MakesViewer] = []


def fill(maker: MakesViewer) -> None:
    """Say who builds viewers; filling it twice replaces the first."""
    _maker[:] = [maker]


def viewer_of(account: object) -> Viewer:
    """Return the viewer of whoever is signed in, or the visitor."""
    if not isinstance(account, Account) or not _maker:
        return VISITOR
    return _maker[0](account)


def viewer_numbered(account_id: int) -> Viewer:
    """Return what somebody else would be here, by the number of their account: to look again whether they still may."""
    return viewer_of(Account(pk=account_id))
