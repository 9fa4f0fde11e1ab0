"""Places compared by size for one period: the funnel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import plotthedots as ptd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from espalier.measures.charting.blocks import Floats, Ints


@dataclass(frozen=True, eq=False, slots=True)
class Compared:
    """Units compared at one time, by limits that follow their size; numbers as pages write them, in the units' order."""

    svg: str
    value: Floats
    lower: Floats  # (2, units): 95 and 99.8 in 100
    upper: Floats
    beyond: Ints  # 0 inside; 1 above the first limit, 2 above both; -1 and -2 below
    centre: float
    adjusted: bool  # the units spread by more than chance, so the limits were widened
    phi: float  # how many times as much; 1 is chance alone


FUNNELS: Mapping[str, Literal["proportions", "rates"]] = {"percent": "proportions", "rate": "rates"}
_PER = 1000.0  # rates are so many per thousand, and so is what they are drawn from


def _as_probable(found: ptd.Funnel) -> Ints:
    """Return who lies beyond the lines; all or none of a few are judged by how probable that is.

    Lines between two counts are drawn between them, so "all" lies above them even where chance gives it every second time:
    one of one would stand out.
    """
    sizes = found.denominators
    all_of_them = found.target**sizes if found.kind == "proportions" else np.zeros_like(sizes)
    none = (1 - found.target) ** sizes if found.kind == "proportions" else np.exp(-found.target * sizes)
    passed = [sum((chance <= (1 - level) / 2).astype(np.int64) for level in found.levels) for chance in (all_of_them, none)]
    beyond = np.asarray(found.beyond, dtype=np.int64)
    full = (found.numerators == sizes) if found.kind == "proportions" else np.zeros(sizes.size, dtype=bool)
    beyond = np.where(full, np.minimum(beyond, passed[0]), beyond)
    return np.where(found.numerators == 0, np.maximum(beyond, -passed[1]), beyond)


def compare(
    numerator: Floats, denominator: Floats, definition: Mapping[str, Any], *, title: str, names: Sequence[str], links: Sequence[str] | None
) -> Compared:
    """Compare units of any size at one time. Where they spread by more than chance the limits are widened by how much.

    Without that most large units would lie outside: with 20,000 patients a month chance moves nothing, but places differ
    for reasons that have nothing to do with how well they work.
    """
    rate = definition["measured_in"] == "rate"
    sizes = denominator / _PER if rate else denominator
    kind = FUNNELS[definition["measured_in"]]
    found = ptd.funnel(numerator, sizes, kind=kind)
    wide = found.overdispersed
    if wide:
        found = ptd.funnel(numerator, sizes, kind=kind, limits="transformed", dispersion="additive")
    else:
        found = replace(found, beyond=_as_probable(found).astype(np.int8))
    svg = ptd.draw_funnel(
        found, title=title, names=names, links=links, improvement=definition["improvement"], unit="" if rate else "%", prefix="funnel",
        size_label=f"How many ({definition.get('counts') or 'all counted'}){', in thousands' if rate else ''}",
        target_label="All together", desc=f"{len(names)} places compared, each a link. The table below says the same in figures.",
        method=f"The lines are {'set wider by how much places differ as a rule' if wide else 'where chance alone leaves so many places'}.",
    )  # fmt: skip
    scale = 1.0 if rate else 100.0
    return Compared(
        svg, found.values * scale, found.lower * scale, found.upper * scale, np.asarray(found.beyond, dtype=np.int64),
        found.target * scale, wide, found.phi,
    )  # fmt: skip
