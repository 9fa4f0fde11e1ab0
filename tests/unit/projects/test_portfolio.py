"""Many projects at once: exact against a slow twin that reads under row-level security, and only what one may read."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from tests.unit.projects.conftest import AT

from espalier.common.errors import NotFoundHere

pytestmark = pytest.mark.django_db
TODAY = date(2026, 12, 1)
PLACES = ("DEMO-WARD-7", "DEMO-WARD-12", "DEMO-NURSES", "DEMO-TRUST", "DEMO-CARE", "DEMO")
VIEWERS = (("demo-improver", "DEMO-TRUST"), ("demo-system", "DEMO"), ("demo-system", "DEMO-TRUST"), ("demo-improver", "DEMO-WARD-7"))


@pytest.fixture
def world(db):
    """Eighty made-up projects in all ways to stand, at real edges of the days that count."""
    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as
    from espalier.measures import queries as measures
    from espalier.organisations import queries as organisations
    from espalier.projects.models import Counted, Programme, Project, Typed, Value

    chance = random.Random(7)  # noqa: S311  made-up projects
    system = system_viewer()
    improver = get_user_model().objects.get(username="demo-improver")
    with acting_as(system):
        places = organisations.ids_of_codes(PLACES)
        codes = [*[one.code for one in measures.definitions(viewer=system)][:6], "no-such-measure"]
        gathers = Programme.objects.create(
            title="Made up", aim_what="Less waiting", unit_id=places["DEMO"], lead_id=improver.pk, starts_on=AT.date(), begun_at=AT
        )  # who leads it reads its projects, also those of one team alone
        for number in range(80):
            still = AT - timedelta(days=90) + timedelta(seconds=chance.choice((-1, 0, 1, 10**6)))
            ended = chance.choice((None, date(2025, 12, 1), date(2025, 12, 2), date(2024, 1, 1)))
            one = Project.objects.create(
                unit_id=places[chance.choice(sorted(places))],
                title=f"Made up {number}",
                begun_at=AT - timedelta(days=500),
                changed_at=still,
                state=chance.choice(("planning", "active", "active", "sustaining", "finished", "finished", "stopped")),
                ended_on=ended,
                open_to=chance.choice(("team", "organisation", "everybody")),
                weighed=chance.choice((None, {"better": True, "held": 3}, {"better": False})),
                programme_id=gathers.pk if number % 6 == 1 else None,
            )
            if number % 4 == 0:  # brought in from a register, by whoever looks after it until somebody leads it
                Typed.objects.create(
                    project=one,
                    register_id=places["DEMO-TRUST"],
                    mark=f"{number}",
                    said={},
                    account_id=improver.pk,
                    at=AT,
                )
            for rank in range(chance.choice((0, 1, 2))):
                Counted.objects.create(
                    project=one,
                    measure_code=codes[(number + rank) % len(codes)],
                    unit_id=one.unit_id,
                    rank=-rank,
                    added_at=AT,
                    kind=chance.choice(("outcome", "process", "balancing")),
                    removed_at=chance.choice((None, None, AT)),
                )
            for _ in range(chance.choice((0, 0, 1, 2))):
                amount = chance.choice(("pounds", "hours"))
                low = Decimal(chance.randrange(1000)) / 4
                Value.objects.create(
                    project=one,
                    kind=chance.choice(("cost", "benefit")) if amount == "pounds" else "time",
                    what="x",
                    amount=amount,
                    per=chance.choice(("once", "week", "month", "year")),
                    low=low,
                    high=low * 2,
                    how=chance.choice(("counted", "assumed")),
                    releases=chance.choice((True, False)) if amount == "pounds" else None,
                    since=TODAY + timedelta(days=chance.choice((-9, 0, 1))),
                    until=chance.choice((None, TODAY + timedelta(days=1), TODAY + timedelta(days=9))),
                    says="who",
                    added_at=AT,
                    removed_at=chance.choice((None, None, AT)),
                )


def twin(viewer, code):
    """Say the same slowly: every project that row-level security lets through, one by one, in plain Python."""
    from espalier.measures import queries as measures
    from espalier.organisations import queries as organisations
    from espalier.projects.models import Counted, Project, Value
    from espalier.projects.rules.portfolio import standing
    from espalier.projects.rules.value import Line, totals

    unit = organisations.unit(viewer=viewer, code=code)
    known = {one.code: one.gap for one in measures.definitions(viewer=viewer)}
    rows, lines = [], []
    for one in Project.objects.all():
        way = {up.pk for up in organisations.way_up(viewer=viewer, unit_id=one.unit_id, on=TODAY)} | {one.unit_id}
        if unit.pk not in way:
            continue
        parts = {part.pk for part in organisations.children(viewer=viewer, unit_id=unit.pk, on=TODAY)}
        place = next(iter(way & parts), unit.pk)
        main = Counted.objects.filter(project=one, kind="outcome", removed_at=None).order_by("rank", "pk").first()
        better = bool((one.weighed or {}).get("better"))
        how = standing(state=one.state, changed_at=one.changed_at, ended_on=one.ended_on, better=better, at=AT, today=TODAY)
        rows.append((one.pk, place, how, known.get(main.measure_code, "") if main else "", better))
        said = Value.objects.filter(project=one, removed_at=None)
        lines += [(one.pk, Line(v.kind, v.amount, v.per, v.low, v.high, v.since, v.until, v.how, v.releases)) for v in said]
    sums = {(t.key, t.span.low, t.span.high, t.lines, t.how) for t in totals((line for _, line in lines), on=TODAY)}
    saying = {pk for pk, line in lines if totals([line], on=TODAY)}
    return unit, rows, sums, len(saying)


@pytest.mark.parametrize(("who", "code"), VIEWERS)
def test_counts_and_sums_are_those_of_the_slow_twin(world, as_person, who, code):
    from espalier.organisations import queries as organisations
    from espalier.projects import queries
    from espalier.projects.rules.portfolio import STANDINGS

    with as_person(who) as viewer:
        unit, rows, sums, saying = twin(viewer, code)
        found = queries.portfolio(viewer=viewer, unit=unit, at=AT, today=TODAY)
        parts = {one.pk: one.code for one in organisations.units(viewer=viewer, pks={row[1] for row in rows}).values()}
    assert len(rows) > 3, "the twin sees something, or this test says nothing"
    count = Counter(row[2] for row in rows)
    assert {one: found.counts.by_standing[one] for one in STANDINGS} == {one: count[one] for one in STANDINGS}
    assert found.counts.total == len(rows) and found.counts.better == sum(row[4] for row in rows)
    assert {one.code: (one.counts.total, one.counts.better) for one in found.by_place} == {
        code: (sum(row[1] == pk for row in rows), sum(row[1] == pk and row[4] for row in rows)) for pk, code in parts.items()
    }
    assert {one.code: one.counts.total for one in found.by_gap if one.counts.total} == Counter(row[3] for row in rows)
    assert {(one.total.key, one.total.span.low, one.total.span.high, one.total.lines, one.total.how) for one in found.sums} == sums
    assert found.saying == saying


@pytest.mark.parametrize(("who", "code"), VIEWERS[:2])
def test_each_list_has_exactly_what_its_count_says(world, as_person, who, code):
    from espalier.projects import queries
    from espalier.projects.rules.portfolio import STANDINGS

    with as_person(who) as viewer:
        unit, rows, _, _ = twin(viewer, code)
        listed = {}
        for one in STANDINGS:
            for better in (False, True):
                asked = queries.Asked(standing=one, better=better)
                lines = queries.portfolio_file(viewer=viewer, unit=unit, asked=asked, at=AT, today=TODAY)
                page = queries.portfolio_lines(viewer=viewer, unit=unit, asked=asked, page="99", at=AT, today=TODAY)
                assert page.page.total == len(lines)
                listed[one, better] = {line.pk for line in lines}
    for (one, better), pks in listed.items():
        assert pks == {row[0] for row in rows if row[2] == one and (row[4] or not better)}


def test_a_project_of_one_team_alone_is_in_nobody_elses_portfolio(begun, as_person):
    from espalier.organisations import queries as organisations
    from espalier.projects import actions, queries

    def there(who):
        with as_person(who) as viewer:
            unit = organisations.unit(viewer=viewer, code="DEMO-TRUST")
            lines = queries.portfolio_file(viewer=viewer, unit=unit, asked=queries.Asked(), at=AT, today=TODAY)
            return begun in {one.pk for one in lines}

    assert not there("demo-improver")
    assert there("demo-leader")  # the function asks what the rows ask; the page asks for the right as well
    with as_person("demo-leader") as alex:
        actions.open_to(actor=alex, at=AT, project=begun, whom="organisation")
    assert there("demo-improver")
    assert not there("demo-care")


def test_the_database_keeps_the_first_main_measure(begun, as_person):
    from espalier.organisations import queries as organisations
    from espalier.projects import actions
    from espalier.projects.models import Counted, Project

    def main():
        return Project.objects.get(pk=begun).main_code

    with as_person("demo-leader") as alex:
        ward = organisations.unit(viewer=alex, code="DEMO-WARD-7")
        choose = lambda code, kind: actions.choose_measure(actor=alex, at=AT, project=begun, measure=code, unit=ward, kind=kind)  # noqa: E731
        assert main() == ""
        choose("team-joy", "process")
        assert main() == ""
        first = choose("team-falls", "outcome")
        choose("team-medicine-errors", "outcome")
        assert main() == "team-falls"
        actions.remove_measure(actor=alex, at=AT, project=begun, counted=first)
        assert main() == "team-medicine-errors"
        Counted.objects.filter(project_id=begun).update(kind="balancing")
        assert main() == ""


def test_from_a_measure_to_its_projects_and_their_tests(as_person):
    from espalier.organisations import queries as organisations
    from espalier.projects import queries

    with as_person("demo-improver") as pat:
        unit = organisations.unit(viewer=pat, code="DEMO-TRUST")
        found = queries.sight(viewer=pat, unit=unit, code="team-falls", page="1", at=AT, today=TODAY)
        assert found.chosen is not None and found.chosen.projects == found.page.total == len(found.lines)
        falls = next(one for one in found.lines if one.line.pk == 1)
        assert {test.number for test in falls.tests} >= {1, 5} and falls.moved is not None
        nothing = queries.sight(viewer=pat, unit=unit, code="nosuch", page="1", at=AT, today=TODAY)
        assert nothing.chosen is None and {one.code for one in nothing.choices} == {one.code for one in found.choices}
        assert [one.projects for one in found.choices if one.projects] == [found.chosen.projects]  # the others are named, not counted


@pytest.mark.parametrize(("who", "code"), VIEWERS)
def test_who_means_to_move_what_is_that_of_the_slow_twin(world, as_person, who, code):
    from espalier.measures import queries as measures
    from espalier.projects import queries
    from espalier.projects.models import Counted, Project

    with as_person(who) as viewer:
        unit, rows, _, _ = twin(viewer, code)
        known = {one.code for one in measures.definitions(viewer=viewer)}
        meant = {}
        for one in Counted.objects.filter(project_id__in=[row[0] for row in rows], removed_at=None, kind__in=("outcome", "process")):
            if one.measure_code in known:
                meant.setdefault(one.measure_code, set()).add(one.project_id)
        choices = queries.sight(viewer=viewer, unit=unit, code="", page="1", at=AT, today=TODAY).choices
        assert {one.code: one.projects for one in choices} == {measure: len(pks) for measure, pks in meant.items()}
        assert len(meant) > 2, "the twin sees something, or this test says nothing"
        for measure, pks in meant.items():
            order = list(Project.objects.filter(pk__in=pks).order_by("-changed_at", "-pk").values_list("pk", flat=True))
            shown = []
            for page in range(1, len(pks) // 5 + 2):
                found = queries.sight(viewer=viewer, unit=unit, code=measure, page=str(page), at=AT, today=TODAY)
                assert (found.chosen.code, found.page.total) == (measure, len(pks))
                shown += [one.line.pk for one in found.lines if len(shown) < len(pks)]
            assert shown[: len(pks)] == order
            past = queries.sight(viewer=viewer, unit=unit, code=measure, page="9999", at=AT, today=TODAY)
            assert past.lines and past.lines[-1].line.pk == order[-1]


@pytest.mark.parametrize(
    ("who", "status"), [("demo-improver", 200), ("demo-system", 200), ("demo-nurse", 403), ("demo-care", 403), (None, 403)]
)
def test_who_may_look_over_a_place(client, signed_in, who, status):
    if who:
        signed_in(who)
    for page in ("", "list/", "projects.csv", "measure/"):
        assert client.get(f"/projects/portfolio/{page}?unit=DEMO-TRUST").status_code == status
    assert client.get("/projects/portfolio/?unit=NOSUCH").status_code == 404


def test_bad_addresses_are_answered_kindly(signed_in):
    client = signed_in("demo-improver")
    for query in ("standing=nosuch", "gap=nosuch", "page=99999999999999999999", "page=x", "part=NOSUCH", "gap=none"):
        for page in ("", "list/", "projects.csv", "measure/"):
            assert client.get(f"/projects/portfolio/{page}?unit=DEMO-TRUST&{query}").status_code == 200, (page, query)


def test_nothing_is_read_by_whoever_looks_for_nothing(as_person):
    from espalier.projects import queries

    with as_person("demo-nurse") as sam:
        assert queries.portfolio_home(viewer=sam) == ""
        with pytest.raises(NotFoundHere):
            queries.one_value(viewer=sam, project=queries.project(viewer=sam, pk=1), pk=999)
