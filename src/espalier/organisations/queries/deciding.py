"""What `access.deciding` must know of the tree: which of the viewer's roles count where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet, Subquery
from django.db.models.functions import Now

from espalier.access.roles import HERE, INSIDE, TREE, all_roles
from espalier.organisations.models import Below, Kind, Unit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from espalier.access.viewer import Viewer

NONE: frozenset[str] = frozenset()


def top_rank() -> QuerySet[Kind, Any]:
    """Return the rank of the highest kind of organisation: what has a smaller one stands above organisations."""
    return Kind.objects.filter(is_organisation=True).order_by("rank").values("rank")[:1]


class KnowsTree:
    """The tree as it is today, for deciding."""

    def counting(self, *, viewer: Viewer, unit_ids: Collection[int]) -> Mapping[int, Mapping[str, frozenset[str]]]:
        """By unit and reach: the roles that count there, in one question."""
        held = {grant.unit_id for grant in viewer.grants}
        over = Below.objects.filter(unit_id__in=list(unit_ids), ancestor_id__in=held, since__lte=Now(), until__gt=Now())
        facts = over.values_list(
            "unit_id", "ancestor_id", "ancestor__kind__rank", "unit__kind__rank", "unit__kind__is_organisation", Subquery(top_rank())
        )
        found: dict[int, dict[str, frozenset[str]]] = {}
        only_here = all_roles().only_here
        for unit_id, at, rank, unit_rank, is_organisation, top in facts:
            roles = frozenset(grant.role for grant in viewer.grants if grant.unit_id == at)
            roles = roles if at == unit_id else roles - only_here
            here, inside = at == unit_id, at == unit_id or rank >= top
            tree = inside or is_organisation or unit_rank < top
            for reach, counts in ((HERE, here), (INSIDE, inside), (TREE, tree)):
                if counts:
                    reached = found.setdefault(unit_id, {})
                    reached[reach] = reached.get(reach, NONE) | roles
        return found

    def places(self, *, viewer: Viewer, roles: Collection[str], reach: str) -> frozenset[int]:
        """Every unit at which one of the roles counts, with that reach."""
        at = [grant.unit_id for grant in viewer.grants if grant.role in roles]
        if not at or reach == HERE:
            return frozenset(at)
        return frozenset([*at, *_under(viewer, roles, reach).values_list("unit_id", flat=True)])

    def name_of(self, *, viewer: Viewer, unit_id: int) -> str:
        """What a unit is called, for reasons."""
        del viewer
        return Unit.objects.filter(pk=unit_id).values_list("name", flat=True).first() or ""


def _under(viewer: Viewer, roles: Collection[str], reach: str) -> QuerySet[Below, Any]:
    """Return what lies under the places where the viewer holds one of the roles, with a reach beyond the place itself."""
    over = [grant.unit_id for grant in viewer.grants if grant.role in roles and grant.role not in all_roles().only_here]
    counts = Q(ancestor_id=F("unit_id")) | Q(ancestor__kind__rank__gte=Subquery(top_rank()))
    if reach == TREE:
        counts |= Q(unit__kind__is_organisation=True) | Q(unit__kind__rank__lt=Subquery(top_rank()))
    return Below.objects.filter(counts, ancestor_id__in=over, since__lte=Now(), until__gt=Now())


def where_may(*, viewer: Viewer, do: str) -> Q:
    """Return the condition that a row's unit_id is one where the viewer may do it: `access.deciding.visible` as a sub-select.

    A page that may ask little asks it in the same breath as its rows. A test holds the two together.
    """
    right, roles = all_roles().rights[do], all_roles().with_right(do)
    at = [grant.unit_id for grant in viewer.grants if grant.role in roles]
    if not at or (right.second_step and not viewer.is_strong):
        return Q(pk__in=[])
    here = Q(unit_id__in=at)
    return here if right.reach == HERE else here | Q(unit_id__in=_under(viewer, roles, right.reach).values("unit_id"))
