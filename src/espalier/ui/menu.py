"""The main menu: an explicit list that config/wiring.py fills, because ui knows no other room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_items: list[Item] = []


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu. One that does not work yet is not shown: a menu promises nothing."""

    label: str
    path: str
    works: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as one page shows it."""

    label: str
    path: str
    here: bool


def fill(items: Iterable[Item]) -> None:
    """Set the menu; called once, by config. Calling again replaces it, so that reloading stays harmless."""
    _items[:] = items


def shown(path: str) -> tuple[Shown, ...]:
    """Return the working entries, marking the one whose part of the site this path lies in."""
    return tuple(Shown(item.label, item.path, here=_holds(item.path, path)) for item in _items if item.works)


def _holds(item_path: str, path: str) -> bool:
    return path == item_path if item_path == "/" else path.startswith(item_path)
