"""Whatever people do to places in whatever order: it stays a tree on every day, the past stays, and undo undoes.

The twin walks the relations day by day in plain Python and knows nothing of closures.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.access.viewer import VISITOR, Held
from espalier.measures import actions as measures
from espalier.measures.models import Point, Series
from espalier.organisations import actions
from espalier.organisations import queries as places
from espalier.organisations.models import PART_OF, Below, Naming, Part, Relation, Unit
from espalier.organisations.queries import Wish
from espalier.organisations.rules import ChangedMeanwhile, UnableToChange

pytestmark = [pytest.mark.usefixtures("made_up_tree"), pytest.mark.django_db]
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=30 * step) for step in range(20)]  # gone by, and to come
NAMES = ("Amber", "Blue", "Coral", "Dove", "Elm", "Fern")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "rename", "move", "move", "merge", "split", "close", "reopen", "undo"]),
        st.integers(0, 9), st.integers(0, 9), st.sampled_from(DAYS), st.sampled_from(NAMES), st.booleans(),
    ),
    min_size=2, max_size=7,
)  # fmt: skip


class RolledBackError(Exception):
    """Everything of one example is taken back."""


def small_tree():
    top = Unit.objects.get(code="DEMO")
    for code, kind in (("DEMO-DIV-A", "division"), ("DEMO-DIV-B", "division"), ("DEMO-T-1", "team")):
        made = Unit.objects.create(code=code, name=code, kind_id=kind, opened_on=date(2020, 1, 1), made_up=True)
        Relation.objects.create(child=made, parent=Unit.objects.get(code="DEMO-TRUST"), kind=PART_OF, since=date(2020, 1, 1))
    actions.rebuild_below()
    return top


def administrator():
    found = viewer_of(get_user_model().objects.get(username="demo-admin"))
    at = [Held("administrator", Unit.objects.get(code=code).pk) for code in ("DEMO", "DEMO-CARE")]
    return replace(found, is_strong=True, grants=(*found.grants, *at))


def rows():
    return list(Relation.objects.filter(kind=PART_OF).values_list("child_id", "parent_id", "since", "until"))


def parents_on(day, relations):
    """The twin: who was directly in whom on a day; two parents at once would be a mistake."""
    found = {}
    for child, parent, since, until in relations:
        if (since is None or since <= day) and (until is None or day < until):
            assert child not in found, "two parents at once"
            found[child] = parent
    return found


def ancestors_on(day, relations):
    parents, found = parents_on(day, relations), defaultdict(list)
    for child in parents:
        one = child
        while one in parents:
            one = parents[one]
            assert one != child, "a loop"
            found[child].append(one)
    return dict(found)


def closure():
    return list(Below.objects.filter(depth__gt=0).order_by("depth").values_list("unit_id", "ancestor_id", "since", "until"))


def closure_on(day, below):
    found = defaultdict(list)
    for unit_id, ancestor, since, until in below:
        if since <= day < until:
            found[unit_id].append(ancestor)
    return dict(found)


def parts_on(day, relations, organisations):
    """The twin: of each place above an organisation, which part it lies in; where it lies nowhere, as it last lay."""
    found = {}
    for one in organisations:
        chain, above = ancestors_on(day, relations).get(one, []), day
        if not chain and (
            ended := [until for child, _, since, until in relations if child == one and until and (since is None or since <= day)]
        ):
            above = max(ended) - timedelta(days=1)
            chain = ancestors_on(above, relations).get(one, [])
        found |= {(one, place): part for place, part in zip([one, *chain], [one, one, *chain], strict=False)}
    return found


def watched():
    relations = rows()
    edges = {day + timedelta(days=shift) for one in relations for day in one[2:] if day for shift in (-1, 0)}
    return sorted({*DAYS, *edges})


def everything():
    return (
        sorted(
            Relation.objects.values_list("pk", "child_id", "parent_id", "kind", "since", "until", "inferred", "verified", "source"), key=str
        ),
        sorted(Naming.objects.values_list("pk", "unit_id", "name", "since", "until"), key=str),
        sorted(Unit.objects.filter(made_up=True).values_list("pk", "code", "name", "opened_on", "closed_on"), key=str),
    )


def wish_of(step):
    what, one, other, day, name, flag = step
    codes = sorted(Unit.objects.filter(made_up=True).exclude(code="DEMO").values_list("code", flat=True))
    unit, second = (places.unit(viewer=VISITOR, code=codes[number % len(codes)]) for number in (one, other))
    more = {
        "add": {"name": name, "kind": "team"}, "rename": {"name": name}, "move": {"other": second}, "merge": {"other": second},
        "split": {"names": (name, name + " two"), "ends": flag}, "close": {"inside": "close" if flag else "up"}, "reopen": {"other": second},
    }  # fmt: skip
    return Wish(what, unit, day, **more[what])


def take(step, viewer, done):
    """Take one step; what is refused changes nothing."""
    before = everything()
    try:
        with transaction.atomic():
            if step[0] == "undo":
                if done:
                    pk, stood = done.pop()
                    actions.undo_change(actor=viewer, at=AT, pk=pk)
                    assert everything() == stood
                return None
            wish = wish_of(step)
            seen = places.plan(viewer=viewer, today=AT.date(), wish=wish).seen
            done.append((actions.change_place(actor=viewer, at=AT, wish=wish, seen=seen), before))
            return wish.on
    except (UnableToChange, ChangedMeanwhile):
        assert everything() == before
        if step[0] == "undo":
            done.clear()
        return None


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_any_sequence_keeps_a_tree_and_the_past(db, steps):
    with pytest.raises(RolledBackError), acting_as(administrator()) as viewer:  # noqa: PT012  one example, taken back whole
        small_tree()
        done = []
        for step in steps:
            past = {day: ancestors_on(day, rows()) for day in watched()}
            on = take(step, viewer, done)
            relations, below = rows(), closure()
            organisations = list(Unit.objects.filter(kind__is_organisation=True).values_list("pk", flat=True))
            for day in watched():
                assert closure_on(day, below) == ancestors_on(day, relations)
                rows_of_day = list(Part.objects.filter(since__lte=day, until__gt=day).values_list("unit_id", "ancestor_id", "part_id"))
                said = {(unit, place): part for unit, place, part in rows_of_day}
                assert len(said) == len(rows_of_day)
                assert said == parts_on(day, relations, organisations)
            if on is not None:
                assert all(ancestors_on(day, relations) == was for day, was in past.items() if day < on)
            lasting = Relation.objects.filter(kind=PART_OF, parent__closed_on__isnull=False, parent__made_up=True)
            assert all(until and until <= closed + timedelta(days=1) for until, closed in lasting.values_list("until", "parent__closed_on"))
        raise RolledBackError


MEASURE, MONTHS = "team-speaking-up", [date(2026, month, 1) for month in range(1, 11)]


def sum_by_hand(upper, relations, figures):
    """The twin: of each month, what the teams that lay in a place then had counted; none that lay in another that counted too."""
    found = {}
    for (unit, month), (top, below) in figures.items():
        above = ancestors_on(month, relations).get(unit, ())
        if upper in above and not any((higher, month) in figures for higher in above):
            found[month] = tuple(a + b for a, b in zip(found.get(month, (0.0, 0.0)), (top, below), strict=True))
    return found


THE_HOSPITAL_ENDS = [("close", 5, 0, date(2026, 3, 2), "Amber", False)]
NURSES_INTO_A_WARD = [("add", 0, 0, FIRST, "Amber", False), ("move", 4, 7, FIRST, "Amber", False)]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS.map(lambda steps: [one for one in steps if one[0] != "undo"][:4]))
@example(steps=NURSES_INTO_A_WARD)
@example(steps=THE_HOSPITAL_ENDS)
def test_sums_of_months_before_a_change_stay_and_every_month_is_added_up_where_it_lay(db, steps):
    """Inside an organisation, whatever moves, merges or closes: the stored sum equals the walk, and earlier months never change."""
    with pytest.raises(RolledBackError), acting_as(administrator()) as viewer:  # noqa: PT012  one example, taken back whole
        small_tree()
        teams = list(Unit.objects.filter(code__in=["DEMO-WARD-7", "DEMO-WARD-12", "DEMO-NURSES", "DEMO-T-1"]))
        trust = Unit.objects.get(code="DEMO-TRUST")
        figures = {(t.pk, month): (float(i + 2), 10.0 * (i + 1)) for i, t in enumerate(teams) for month in MONTHS}
        rows_in = [
            measures.Figure(t.code, MEASURE, month, *figures[t.pk, month], 100 * figures[t.pk, month][0] / figures[t.pk, month][1])
            for t in teams for month in MONTHS
        ]  # fmt: skip
        measures.store_figures(actor=viewer, at=AT, why="test", figures=rows_in)
        done = []
        measures.roll_up_shared(actor=viewer, at=AT)
        for step in steps:
            before = stored(trust.pk)
            on = take(step, viewer, done)
            measures.roll_up_shared(actor=viewer, at=AT)
            if step[0] == "close" and Unit.objects.get(pk=trust.pk).closed_on:
                break  # without an heir nobody is left who reads what it kept
            assert stored(trust.pk) == {m: v for m, v in sum_by_hand(trust.pk, rows(), figures).items() if m in MONTHS}
            if on is not None:
                after = stored(trust.pk)
                assert all(after.get(month) == was for month, was in before.items() if month < on)
        raise RolledBackError


def stored(upper):
    """The sum as the database keeps it, whoever owns it."""
    series = Series.objects.filter(measure__code=MEASURE, unit_id=upper, made_by="sum").values_list("pk", flat=True)
    found = Point.objects.filter(series_id__in=series, period_on__in=MONTHS)
    return {month: (top, below) for month, top, below in found.values_list("period_on", "numerator", "denominator")}
