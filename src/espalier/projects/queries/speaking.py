"""How to raise a concern: words of ours, and the contact of an organisation. Nothing is asked of anybody, nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml
from django.conf import settings

from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from pathlib import Path

    from espalier.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Way:
    """One way to raise a concern."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to turn to in one organisation."""

    place: str
    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class SpeakingUp:
    """What the page says to one viewer."""

    lead: str
    ways: tuple[Way, ...]
    good_to_know: tuple[str, ...]
    contacts: tuple[Contact, ...]
    counts: tuple[tuple[str, str], ...]  # places at which the guardian's counts can be looked at: name and address


def speaking_up(*, viewer: Viewer) -> SpeakingUp:
    """Return how to raise a concern where the viewer works; a visitor reads what holds everywhere."""
    said = _content(settings.CONTENT_DIR / "projects" / "speaking-up.yaml")
    mine = organisations.own_places(viewer=viewer) if viewer.grants else ()
    known = {one["organisation"]: one for one in said["contacts"]}
    contacts = tuple(
        Contact(place.name, *(known[place.code].get(key, "") for key in ("name", "phone", "email")))
        for place in mine
        if place.code in known
    )
    counts = tuple((place.name, f"/measures/{said['measure']}/{place.code}/") for place in mine if place.code in said["counted_at"])
    return SpeakingUp(said["lead"], tuple(Way(**one) for one in said["ways"]), tuple(said["good_to_know"]), contacts, counts)


@cache
def _content(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
