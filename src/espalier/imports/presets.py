"""Layouts of files that people are known to have: by their headings alone we know what stands where.

Rooms hand them in; config/wiring.py fills the registry with how they are read, so that content is opened when a file is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Preset:
    """One layout: known by the headings it needs; columns gives for each field of the kind the headings it may stand under."""

    kind: str
    name: str
    needs: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)


_read: list[Callable[[], Iterable[Preset]]] = []


def fill(*read: Callable[[], Iterable[Preset]]) -> None:
    """Say how layouts are read; filling it again replaces them."""
    _read[:] = read


def plain(heading: str) -> str:
    """Return a heading as two that people take for the same have it."""
    return " ".join(heading.casefold().split())


def known(kind: str, names: Iterable[str]) -> Preset | None:
    """Return the layout that a file of this kind with these headings has; of several the one that explains most of them."""
    headings = {plain(name) for name in names}
    fitting = [one for read in _read for one in read() if one.kind == kind and headings.issuperset(one.needs)]
    return max(fitting, key=lambda one: len(found(one, headings)), default=None)


def found(preset: Preset, names: Iterable[str]) -> dict[str, str]:
    """Return, by field, the column of a file in which it stands. A column is used once, by the first field that may stand there."""
    headings: dict[str, str] = {}
    for name in names:
        headings.setdefault(plain(name), name)
    columns: dict[str, str] = {}
    for code, several in preset.columns.items():
        name = next((headings[one] for one in several if one in headings and headings[one] not in columns.values()), "")
        if name:
            columns[code] = name
    return columns
