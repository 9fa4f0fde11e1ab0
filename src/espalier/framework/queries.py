"""Read the framework for a viewer.

Content files change only with a new release of the files, so they are read once a process and kept. The framework is
open to everybody; `viewer` is taken all the same, because drafts of later versions will not be.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.framework import rules

if TYPE_CHECKING:
    from espalier.access.viewer import Viewer

# The version /framework/ shows. Units will choose their own once there is a second one.
CURRENT = "dpic-2016"

NEAR_MATCHES = 4


class UnableToFindEntry(NotFoundHere):
    """No line of the framework has this code; the near ones are offered."""


@dataclass(frozen=True, slots=True)
class Door:
    """One capability or condition as the front door shows it: what it is, where to read it, whether it works here."""

    code: str
    title: str
    help: str
    href: str
    verified: bool
    works: bool
    words: str
    path: str
    link: str


def edition(*, viewer: Viewer, code: str = CURRENT) -> rules.Edition:  # noqa: ARG001  drafts will need it
    """The whole of one version of the framework."""
    return _edition(_folder(), code)


def works_here(*, viewer: Viewer, code: str = CURRENT) -> rules.WorksHere:  # noqa: ARG001  drafts will need it
    """Which lines already do something here, and behind which door."""
    return _works_here(_folder(), code)


def entry(*, viewer: Viewer, code: str) -> rules.Entry:
    """One line of the framework, or an error with near matches: people type codes from memory."""
    whole = edition(viewer=viewer)
    found = whole.entry(code)
    if found is None:
        raise UnableToFindEntry(f"The framework has no line “{code[:20]}”.", suggestions=_near(whole, code))
    return found


def front_door(*, viewer: Viewer) -> tuple[tuple[Door, ...], tuple[Door, ...]]:
    """The capabilities and the conditions, each with what works, for pages that only introduce the framework."""
    whole, works = edition(viewer=viewer), works_here(viewer=viewer)
    kinds = (rules.Kind.CAPABILITY, rules.Kind.CONDITION)
    capabilities, conditions = (tuple(_door(e, works.by_code[e.code]) for e in whole.of_kind(kind)) for kind in kinds)
    return capabilities, conditions


def _door(found: rules.Entry, line: rules.Line) -> Door:
    return Door(
        code=found.code,
        title=found.title,
        help=found.help,
        href=reverse("framework:entry", args=[found.code]),
        verified=found.verified,
        works=line.works,
        words=line.words,
        path=line.path,
        link=line.link,
    )


def _near(whole: rules.Edition, typed: str) -> tuple[Suggestion, ...]:
    """Codes that look like what was typed; failing that, titles that hold it: /framework/talent/ is a fair guess."""
    titles = {e.code: e.title for e in whole.entries}
    close = difflib.get_close_matches(typed.upper()[:20], titles, n=NEAR_MATCHES, cutoff=0.5)
    words = typed.replace("-", " ").lower()
    close = close or [code for code, title in titles.items() if words in title.replace("-", " ").lower()][:NEAR_MATCHES]
    return tuple(Suggestion(f"{near} · {titles[near]}", reverse("framework:entry", args=[near])) for near in close)


def _folder() -> Path:
    return Path(settings.CONTENT_DIR) / "frameworks"


@cache
def _edition(folder: Path, code: str) -> rules.Edition:
    return rules.load_edition(folder, code)


@cache
def _works_here(folder: Path, code: str) -> rules.WorksHere:
    return rules.load_works_here(folder, _edition(folder, code))
