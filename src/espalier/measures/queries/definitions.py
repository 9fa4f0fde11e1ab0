"""Definitions of measures, as pages show them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from espalier.common.errors import NotFoundHere, Suggestion
from espalier.measures.models import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from espalier.access.viewer import Viewer
    from espalier.common.periods import Grain


@dataclass(frozen=True, slots=True)
class Definition:
    """What is measured and how: the file in content/measures, with its number in the database."""

    pk: int
    code: str
    name: str
    short_name: str
    gap: str
    measured_in: str
    decimals: int
    improvement: str
    roll_up: str
    made_up: bool
    target: float | None
    words: Mapping[str, Any] = field(compare=False)  # the whole file, for the pages that show it

    @property
    def frequency(self) -> Grain:
        """How often it is counted: the length of one period."""
        grain: Grain = self.words["frequency"]
        return grain

    @property
    def href(self) -> str:
        """The measure's page."""
        return f"/measures/{self.code}/"


def _of(pk: int, words: Mapping[str, Any]) -> Definition:
    plain = {
        key: words[key] for key in ("code", "name", "short_name", "gap", "measured_in", "decimals", "improvement", "roll_up", "made_up")
    }
    target = words.get("target")
    return Definition(pk=pk, target=float(target["value"]) if target else None, words=words, **plain)


def definitions(*, viewer: Viewer) -> tuple[Definition, ...]:
    """Return every definition, in the order of pages. Definitions are for everybody; figures may not be."""
    del viewer
    return tuple(_of(*row) for row in Measure.objects.order_by("place", "code").values_list("pk", "definition"))


def definition(*, viewer: Viewer, code: str) -> Definition:
    """Return one definition, or an error that carries near matches."""
    known = {one.code: one for one in definitions(viewer=viewer)}
    if code in known:
        return known[code]
    close = difflib.get_close_matches(code.lower(), known, n=4, cutoff=0.4) or list(known)[:4]
    suggestions = tuple(Suggestion(known[match].name, known[match].href) for match in close)
    raise NotFoundHere(f"We know no measure called {code[:40]!r}.", suggestions=suggestions)
