"""Files about single days become one dated tree."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.organisations.rules import (
    PART_OF,
    Changes,
    Move,
    PlacesReading,
    RelationFact,
    Sighting,
    Succession,
    UnitFact,
    build_tree,
    kind_of_code,
    stays_of,
    tidy_name,
)

DAY = timedelta(days=1)
SEEN = date(2021, 12, 1)
LATER = date(2025, 1, 1)
days = st.dates(date(1990, 1, 1), date(2030, 1, 1))
maybe_days = st.none() | days


def seen(parent: str, as_of: date = SEEN, child: str = "RAA") -> Sighting:
    return Sighting(child, parent, as_of, "a file")


def trust(opened: date | None = None, closed: date | None = None, code: str = "RAA") -> UnitFact:
    return UnitFact(code, code, "trust", opened, closed)


def reading(as_of: date, units: list[UnitFact], sightings: list[Sighting], *successions: Succession) -> PlacesReading:
    return PlacesReading("ods", as_of, "a file", tuple(units), tuple(sightings), tuple(successions))


def holds(relation: RelationFact, day: date) -> bool:
    return (relation.since is None or relation.since <= day) and (relation.until is None or day < relation.until)


def test_the_earliest_known_parent_is_carried_back_to_the_opening_and_marked() -> None:
    guess, known = stays_of(trust(opened=date(2001, 4, 1)), [seen("QAA")], [])
    assert (guess.parent, guess.since, guess.until, guess.inferred) == ("QAA", date(2001, 4, 1), SEEN, True)
    assert (known.parent, known.since, known.until, known.inferred) == ("QAA", SEEN, None, False)


def test_without_an_opening_it_is_carried_back_without_end() -> None:
    assert stays_of(trust(), [seen("QAA")], [])[0].since is None


def test_what_opened_after_the_file_was_made_is_known_from_the_start() -> None:
    (only,) = stays_of(trust(opened=date(2022, 1, 1)), [seen("QAA")], [])
    assert (only.since, only.inferred) == (date(2022, 1, 1), False)


def test_the_last_day_is_a_day_and_the_next_is_not() -> None:
    stays = stays_of(trust(closed=date(2021, 9, 30)), [seen("QAA")], [])
    assert [(s.until, s.inferred) for s in stays] == [(date(2021, 10, 1), True)]


def test_a_file_that_counts_a_closed_body_elsewhere_later_moves_nothing() -> None:
    stays = stays_of(trust(closed=date(2022, 6, 30)), [seen("QAA"), seen("QBB", LATER)], [])
    assert {s.parent for s in stays} == {"QAA"}


def test_a_change_is_dated_by_the_later_file() -> None:
    stays = stays_of(trust(), [seen("QAA"), seen("QBB", LATER)], [])
    assert [(s.parent, s.until) for s in stays] == [("QAA", SEEN), ("QAA", LATER), ("QBB", None)]


def test_a_change_is_dated_by_a_known_move_between_the_files() -> None:
    move = Move("RAA", "QBB", date(2022, 7, 1), "recalled", verified=False)
    last = stays_of(trust(), [seen("QAA"), seen("QBB", LATER)], [move])[-1]
    assert (last.parent, last.since, last.verified, last.source) == ("QBB", date(2022, 7, 1), False, "recalled")


def test_a_move_outside_the_two_files_is_not_believed() -> None:
    move = Move("RAA", "QBB", date(2030, 1, 1), "recalled", verified=False)
    assert stays_of(trust(), [seen("QAA"), seen("QBB", LATER)], [move])[-1].since == LATER


def test_a_unit_no_file_places_stands_under_its_nation() -> None:
    assert stays_of(trust(), [], [])[0].parent == "ENG"
    assert stays_of(UnitFact("RT4", "x", "trust", country="W"), [], [])[0].parent == "WAL"


def test_before_the_parent_existed_its_own_parent_stands_in() -> None:
    group = UnitFact("A3A8R", "New group", "commissioner", date(2021, 4, 1))
    units = [UnitFact("Y56", "London", "region"), UnitFact("QMF", "System", "system"), group, UnitFact("A81001", "Practice", "practice")]
    sightings = [seen("Y56", child="QMF"), seen("QMF", child="A3A8R"), seen("A3A8R", child="A81001")]
    tree = build_tree([reading(SEEN, units, sightings)], Changes())
    mine = [(r.parent, r.since, r.until, r.inferred) for r in tree.relations if r.child == "A81001"]
    assert mine == [
        ("QMF", None, date(2021, 4, 1), True),
        ("A3A8R", date(2021, 4, 1), SEEN, True),
        ("A3A8R", SEEN, None, False),
    ]


def test_a_group_known_only_as_successor_opens_when_the_first_it_follows_ends() -> None:
    old = UnitFact("07P", "NHS BRENT CCG", "commissioner", closed_on=date(2021, 3, 31))
    new = UnitFact("W2U3Z", "NHS NORTH WEST LONDON CCG", "commissioner")
    follows = Succession("07P", "W2U3Z", date(2021, 4, 1), "a file", verified=True)
    tree = build_tree([reading(SEEN, [old, new], [], follows)], Changes())
    assert next(u for u in tree.units if u.code == "W2U3Z").opened_on == date(2021, 4, 1)


def test_a_rename_is_seen_between_two_files_of_one_layout_and_the_new_name_wins() -> None:
    before, after = UnitFact("RAA", "OLD NHS TRUST", "trust"), UnitFact("RAA", "NEW NHS TRUST", "trust")
    tree = build_tree([reading(LATER, [after], []), reading(SEEN, [before], [])], Changes())
    assert [(r.code, r.old, r.new) for r in tree.renamings] == [("RAA", "OLD NHS TRUST", "NEW NHS TRUST")]
    assert next(u for u in tree.units if u.code == "RAA").name == "New NHS Trust"


def test_names_lose_their_capitals_but_keep_their_abbreviations() -> None:
    assert tidy_name("ST GEORGE'S UNIVERSITY HOSPITALS NHS FOUNDATION TRUST") == "St George's University Hospitals NHS Foundation Trust"
    assert tidy_name("BRIGHTON CLUSTER 5 PCN") == "Brighton Cluster 5 PCN"
    assert tidy_name("iPlato Surgery") == "iPlato Surgery"


@given(st.text(alphabet="ABC DE'F&5-", max_size=30))
def test_tidying_changes_letters_only_in_size(name: str) -> None:
    assert tidy_name(name).upper() == " ".join(name.split()).upper()
    assert tidy_name(tidy_name(name)) == tidy_name(name)


@pytest.mark.parametrize(("code", "name", "kind"), [
    ("R1H", "", "trust"), ("G6V2S", "NORTH LONDON NHS FOUNDATION TRUST", "trust"), ("TAF", "", "trust"), ("T1490", "NHS Trust Development Authority", "national-body"), ("Y60", "", "region"),
    ("QWO", "", "system"), ("QZZ", "", "national-group"), ("QWO-ICB", "", "board"), ("15E", "NHS BIRMINGHAM AND SOLIHULL CCG", "commissioner"),
    ("A81001", "", "practice"), ("U07032", "", "network"), ("NLW", "Bristol Community Health", "provider"),
])
def test_the_shape_of_a_code_tells_the_kind(code: str, name: str, kind: str) -> None:
    assert kind_of_code(code, name) == kind


@st.composite
def histories(draw: st.DrawFn) -> tuple[UnitFact, list[Sighting], list[Move]]:
    opened = draw(maybe_days)
    closed = draw(st.none() | st.dates(opened or date(1990, 1, 1), date(2031, 1, 1)))
    as_ofs = draw(st.lists(days, unique=True, max_size=4))
    parents = st.sampled_from(["QAA", "QBB", "QCC"])
    sightings = [seen(draw(parents), day) for day in as_ofs]
    moves = [Move("RAA", draw(parents), draw(days), "recalled", verified=False) for _ in range(draw(st.integers(0, 2)))]
    return trust(opened, closed), sightings, moves


@given(histories(), days)
def test_on_every_day_of_its_life_a_unit_has_exactly_one_parent_and_on_no_other_day_any(
    history: tuple[UnitFact, list[Sighting], list[Move]], day: date,
) -> None:
    unit, sightings, moves = history
    there = [s for s in stays_of(unit, sightings, moves) if (s.since is None or s.since <= day) and (s.until is None or day < s.until)]
    alive = (unit.opened_on is None or unit.opened_on <= day) and (unit.closed_on is None or day <= unit.closed_on)
    assert len(there) == (1 if alive else 0)


@given(histories())
def test_a_file_is_believed_about_its_own_day(history: tuple[UnitFact, list[Sighting], list[Move]]) -> None:
    unit, sightings, moves = history
    stays = stays_of(unit, sightings, moves)
    for sighting in sightings:
        there = [s for s in stays if (s.since is None or s.since <= sighting.as_of) and (s.until is None or sighting.as_of < s.until)]
        assert all(s.parent == sighting.parent for s in there)


@given(histories())
def test_only_time_before_the_first_file_is_inferred(history: tuple[UnitFact, list[Sighting], list[Move]]) -> None:
    unit, sightings, moves = history
    for stay in stays_of(unit, sightings, moves):
        assert stay.since is None or stay.until is None or stay.since < stay.until
        if stay.inferred:
            first = min(s.as_of for s in sightings)
            assert stay.until is not None
            assert stay.until <= first


def test_after_the_parent_has_closed_its_own_parent_stands_in() -> None:
    group = UnitFact("A3A8R", "Old group", "commissioner", None, date(2022, 6, 30))
    units = [UnitFact("Y56", "London", "region"), UnitFact("QMF", "System", "system"), group, UnitFact("A81001", "Practice", "practice")]
    sightings = [seen("Y56", child="QMF"), seen("QMF", child="A3A8R"), seen("A3A8R", child="A81001")]
    tree = build_tree([reading(SEEN, units, sightings)], Changes())
    last = [r for r in tree.relations if r.child == "A81001"][-1]
    assert (last.parent, last.since, last.until, last.inferred) == ("QMF", date(2022, 7, 1), None, True)


@given(maybe_days, maybe_days, days)
def test_standing_in_never_leaves_a_day_out_or_fills_it_twice(parent_opened: date | None, opened: date | None, day: date) -> None:
    units = [
        UnitFact("Y56", "London", "region"), UnitFact("QMF", "System", "system"),
        UnitFact("A3A8R", "Group", "commissioner", parent_opened), UnitFact("A81001", "Practice", "practice", opened),
    ]
    sightings = [seen("Y56", child="QMF"), seen("QMF", child="A3A8R"), seen("A3A8R", child="A81001")]
    tree = build_tree([reading(SEEN, units, sightings)], Changes())
    there = [r for r in tree.relations if r.child == "A81001" and r.kind == PART_OF and holds(r, day)]
    assert len(there) == (1 if opened is None or opened <= day else 0)
    if there:
        exists = parent_opened is None or parent_opened <= day
        assert there[0].parent == ("A3A8R" if exists else "QMF")
