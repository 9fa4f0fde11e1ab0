"""Notes and baselines: what the chart then says, who may put them there, who sees them, and how they are taken back."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from django.contrib.auth import get_user_model
from django.db import connection

import plotthedots as ptd
from espalier.access.actions import system_viewer
from espalier.access.door import acting_as
from espalier.access.viewer import VISITOR, Viewer
from espalier.audit.models import Event
from espalier.common.errors import UnableTo
from espalier.measures import actions, queries
from espalier.measures.models import Mark, MarkVersion, Point, Series
from espalier.measures.rules.marking import UnableToMark
from espalier.organisations import queries as organisations

AT = datetime(2031, 5, 2, 9, tzinfo=UTC)  # after the demonstration was made, whenever that was
FALLS, HYGIENE, ERRORS, WARD = "team-falls", "team-hand-hygiene", "team-medicine-errors", "DEMO-WARD-7"
BASELINE = uuid.UUID("6f1d8a0e-0000-4000-8000-000000000001")


def viewer(username: str) -> Viewer:
    return organisations.viewer_for(get_user_model().objects.get(username=username))


def place(who: Viewer, kind: str = "rebase", on: date = date(2018, 4, 1), *, measure: str = FALLS, unit: str = WARD, seen: str | None = None, **more: Any):  # fmt: skip
    with acting_as(who):
        what, where = queries.definition(viewer=who, code=measure), organisations.unit(viewer=who, code=unit)
        now = queries.work_on(viewer=who, definition=what, unit=where).seen if seen is None else seen
        draft = actions.Draft(**({"pk": uuid.uuid4(), "kind": kind, "starts_on": on, "words": "We changed the way we work."} | more))
        return actions.place_mark(actor=who, at=AT, definition=what, unit=where, draft=draft, seen=now)


def do(who: Viewer, action: Any, measure: str = FALLS, unit: str = WARD, **facts: Any):
    with acting_as(who):
        what, where = queries.definition(viewer=who, code=measure), organisations.unit(viewer=who, code=unit)
        return action(actor=who, at=AT, definition=what, unit=where, **facts)


def chart(who: Viewer, measure: str = FALLS, unit: str = WARD, **more: Any) -> queries.Chart:
    with acting_as(who):
        return queries.chart(viewer=who, measure=measure, unit=organisations.unit(viewer=who, code=unit), **more)


def stored(measure: str = FALLS, unit: str = WARD) -> list[float]:
    points = Point.objects.filter(series__measure__code=measure, series__unit__code=unit).order_by("period_on")
    return list(points.values_list("value", flat=True))


@pytest.fixture
def leader(db: None) -> Viewer:
    return viewer("demo-leader")


@pytest.mark.django_db
class TestWhatTheChartSays:
    def test_a_new_baseline_is_the_kernels_own(self, leader):
        place(leader)
        seen, values = chart(leader), stored()
        kernel = ptd.evaluate(ptd.Batch.of([values]), ptd.Plan(improvement="down", rebase=[24]))
        assert [row.centre for row in seen.rows] == pytest.approx(kernel.series(0).centre.tolist())
        assert [row.upper for row in seen.rows] == pytest.approx(kernel.series(0).upper.tolist())
        assert seen.rows[23].centre == pytest.approx(np.mean(values[:24]))
        assert seen.rows[24].centre == pytest.approx(np.mean(values[24:]))

    def test_a_frozen_range_rests_on_its_baseline_and_is_carried_forward(self, leader):
        place(leader, "freeze", date(2016, 4, 1), ends_on=date(2017, 3, 1))
        rows, values = chart(leader).rows, stored()
        assert rows[0].centre == rows[-1].centre == pytest.approx(np.mean(values[:12]))

    def test_a_baseline_frozen_later_leaves_what_was_before_as_it_was(self, leader):
        place(leader, "freeze", date(2017, 4, 1), ends_on=date(2018, 3, 1))
        rows, values = chart(leader).rows, stored()
        assert rows[11].centre == pytest.approx(np.mean(values[:12]))
        assert rows[12].centre == rows[-1].centre == pytest.approx(np.mean(values[12:24]))

    def test_a_point_left_out_is_drawn_and_counts_for_nothing(self, leader):
        place(leader, "exclude", date(2016, 6, 1))
        seen, values = chart(leader), stored()
        assert seen.rows[0].centre == pytest.approx(np.mean(values[:2] + values[3:]))
        assert [row.month for row in seen.rows if row.left_out] == [date(2016, 6, 1)]
        assert "left out" in seen.svg

    def test_card_list_and_chart_say_the_same(self, leader):
        """The demonstration's own new baseline: since it, hand hygiene is as usual at its new level."""
        with acting_as(leader):
            unit = organisations.unit(viewer=leader, code=WARD)
            card = {one.definition.code: one for one in queries.cards_of_unit(viewer=leader, unit=unit)}[HYGIENE]
            trust = organisations.unit(viewer=leader, code="DEMO-TRUST")
            wall = queries.wall(viewer=leader, measure=HYGIENE, unit=trust, choice=queries.Choice())
        listed = next(one for group in wall.groups for one in group.cards if one.code == WARD)
        shown = chart(leader, HYGIENE)
        assert card.variation == listed.variation == shown.variation == "steady"
        assert chart(leader, HYGIENE, marked=False).variation == chart(VISITOR, HYGIENE).variation == "improving"

    def test_after_too_few_figures_nothing_is_said(self, leader):
        place(leader, "rebase", date(2018, 9, 1))  # seven months are left
        seen = chart(leader)
        assert (seen.variation, seen.observed, seen.settled) == ("unknown", 36, 7)
        assert seen.chance == 0

    def test_a_year_before_takes_no_baselines(self, leader):
        before = chart(leader, compare="year-before")
        place(leader)
        assert [row.centre for row in chart(leader, compare="year-before").rows] == [row.centre for row in before.rows]

    def test_notes_stand_on_the_picture_and_in_its_description(self, leader):
        place(leader, "note", date(2018, 7, 1), words="Norovirus <closed> the ward.")
        drawn = chart(leader).svg
        said = drawn.partition("<desc")[2].partition("</desc>")[0]
        assert "Note 3, July 2018: Norovirus &lt;closed&gt; the ward." in said
        assert ">3</text>" in drawn
        assert "Norovirus" not in chart(VISITOR).svg

    def test_it_suggests_and_never_applies(self, leader):
        found = chart(leader, ERRORS)
        assert found.work.suggested is not None
        kernel = ptd.suggest_rebase(ptd.Batch.of([stored(ERRORS)]), ptd.Plan())
        assert found.rows[kernel.starts[0][-1]].month == found.work.suggested
        assert len({row.centre for row in found.rows}) == 1
        assert chart(VISITOR, ERRORS).work.suggested is None
        place(leader, "not-now", found.work.suggested, words="", measure=ERRORS)
        assert chart(leader, ERRORS).work.suggested is None


@pytest.mark.django_db
class TestPuttingAndTakingBack:
    def test_undone_at_once_and_brought_back(self, leader):
        before = [row.centre for row in chart(leader).rows]
        done = place(leader)
        assert [row.centre for row in chart(leader).rows] != before
        back = do(leader, actions.undo_mark, version=done.version)
        assert [row.centre for row in chart(leader).rows] == before
        do(leader, actions.undo_mark, version=back.version)
        assert [row.centre for row in chart(leader).rows] != before
        with acting_as(leader):
            versions = MarkVersion.objects.filter(mark_id=done.mark).order_by("number")
            assert list(versions.values_list("number", "did")) == [(1, "made"), (2, "ended"), (3, "back")]

    def test_what_was_changed_since_is_not_undone(self, leader):
        done = place(leader, "note", words="First")
        do(leader, actions.change_mark, mark=done.mark, words="Second", kind="note", version=1)
        with pytest.raises(UnableTo, match="changed this since"):
            do(leader, actions.undo_mark, version=done.version)

    def test_words_go_back_to_what_they_were(self, leader):
        done = place(leader, "note", words="First")
        changed = do(leader, actions.change_mark, mark=done.mark, words="Second", kind="tried", version=1)
        do(leader, actions.undo_mark, version=changed.version)
        with acting_as(leader):
            assert Mark.objects.filter(pk=done.mark).values_list("words", "kind").get() == ("First", "note")

    def test_ended_later_it_stays_in_the_history(self, leader):
        do(leader, actions.end_mark, HYGIENE, mark=BASELINE, why="It was the audit that changed")
        assert len({row.centre for row in chart(leader, HYGIENE).rows}) == 1
        with acting_as(leader):
            what, unit = queries.definition(viewer=leader, code=HYGIENE), organisations.unit(viewer=leader, code=WARD)
            told = queries.marks_page(viewer=leader, definition=what, unit=unit).changes
        assert (told[0].did, told[0].why, told[0].who) == ("ended", "It was the audit that changed", "Alex, ward leader (made up)")
        assert len(told) == 2

    def test_the_same_form_twice_saves_once(self, leader):
        pk = uuid.uuid4()
        first, second = place(leader, pk=pk), place(leader, pk=pk, seen="whatever stood there")
        assert first.version == second.version
        with acting_as(leader):
            assert Mark.objects.filter(pk=pk).count() == MarkVersion.objects.filter(mark_id=pk).count() == 1

    def test_two_people_who_decide_at_once_see_each_other(self, leader):
        analyst = viewer("demo-analyst")
        with acting_as(leader):
            seen = chart(leader).work.seen
        place(analyst, "exclude", date(2016, 6, 1), seen=seen)
        with pytest.raises(actions.DecidedMeanwhile):
            place(leader, seen=seen)
        assert [one.kind for one in chart(leader).work.decisions] == ["exclude"]

    def test_two_notes_at_once_stand_side_by_side(self, leader):
        seen = chart(leader).work.seen
        place(leader, "note", seen=seen)
        place(viewer("demo-nurse"), "note", seen=seen)
        assert len(chart(leader).work.notes) == 4

    @pytest.mark.parametrize(("facts", "field"), [
        ({"kind": "rebase", "words": "  "}, "words"),
        ({"kind": "note", "words": "x" * 281}, "words"),
        ({"kind": "rebase", "words": "x" * 501}, "words"),
        ({"kind": "rebase", "on": date(2016, 4, 1)}, "starts_on"),
        ({"kind": "rebase", "on": date(2031, 4, 1)}, "starts_on"),
        ({"kind": "note", "on": date(2015, 4, 1)}, "starts_on"),
        ({"kind": "freeze"}, "ends_on"),
        ({"kind": "freeze", "ends_on": date(2018, 4, 1)}, "ends_on"),
        ({"kind": "freeze", "ends_on": date(2031, 4, 1)}, "ends_on"),
    ])  # fmt: skip
    def test_what_cannot_stand_is_refused_in_words_and_stores_nothing(self, leader, facts, field):
        with acting_as(leader):
            before = Mark.objects.count()
        with pytest.raises(UnableToMark) as refused:
            place(leader, **facts)
        assert refused.value.field == field and refused.value.to_do
        with acting_as(leader):
            assert Mark.objects.count() == before

    def test_the_same_baseline_twice_is_refused(self, leader):
        place(leader)
        with pytest.raises(UnableToMark, match="stands there already"):
            place(leader)

    def test_a_sum_cannot_be_marked(self, leader):
        with pytest.raises(UnableToMark, match="added up"):
            place(viewer("demo-analyst"), "note", measure="team-joy", unit="DEMO-TRUST")

    def test_who_did_it_is_recorded(self, leader):
        done = place(leader)
        event = Event.objects.get(object_id=str(done.mark))
        assert (event.account_id, event.verb, event.detail) == (leader.account_id, "mark-made", {"kind": "rebase"})


@pytest.mark.django_db
class TestRights:
    def test_a_team_member_notes_and_does_not_decide(self):
        nurse = viewer("demo-nurse")
        place(nurse, "note")
        for kind in ("rebase", "freeze", "exclude", "not-now"):
            with pytest.raises(actions.NotYours, match="team leader"):
                place(nurse, kind, ends_on=date(2019, 1, 1) if kind == "freeze" else None)

    def test_a_team_member_changes_their_own_note_only(self, leader):
        nurse = viewer("demo-nurse")
        theirs, own = place(leader, "note"), place(nurse, "note")
        do(nurse, actions.change_mark, mark=own.mark, words="Mine", kind="note", version=1)
        do(leader, actions.change_mark, mark=own.mark, words="The leader may", kind="note", version=2)
        with pytest.raises(actions.NotYours, match="Only who wrote"):
            do(nurse, actions.change_mark, mark=theirs.mark, words="Not mine", kind="note", version=1)
        with pytest.raises(actions.NotYours, match="Only who wrote"):
            do(nurse, actions.end_mark, mark=theirs.mark)
        with pytest.raises(actions.NotYours, match="Only who wrote"):
            do(nurse, actions.undo_mark, version=theirs.version)

    @pytest.mark.parametrize("who", ["visitor", "demo-leader", "demo-analyst"])
    def test_nobody_marks_what_is_not_theirs(self, who):
        somebody = VISITOR if who == "visitor" else viewer(who)
        unit = "DEMO-CARE" if who != "visitor" else WARD
        with pytest.raises(actions.NotYours):
            place(somebody, "note", date(2018, 4, 1), measure="care-home-visit-wait" if unit == "DEMO-CARE" else FALLS, unit=unit)


def counted(who: Viewer, series: int) -> tuple[int, int]:
    with acting_as(who):
        return Mark.objects.filter(series_id=series).count(), MarkVersion.objects.filter(series_id=series).count()


@pytest.mark.django_db
class TestWhoSees:
    """Rows, not pages: what the database itself gives."""

    def series(self, measure: str = FALLS, unit: str = WARD) -> int:
        return Series.objects.get(measure__code=measure, unit__code=unit).pk

    def test_an_open_series_marks_are_for_the_organisations_own_people(self, leader):
        """The nurse holds a role at the ward alone, the analyst at the trust alone: both belong to the hospital."""
        series = self.series()
        for name in ("demo-leader", "demo-nurse", "demo-analyst"):
            assert counted(viewer(name), series) == (2, 2), name

    def test_a_visitor_and_another_organisation_see_nothing(self, leader):
        series = self.series()
        assert counted(VISITOR, series) == (0, 0)
        assert counted(an_outsider(), series) == (0, 0)
        assert counted(somebody_of_the_system(), series) == (0, 0)

    def test_another_organisation_cannot_add_change_or_take_away(self, leader):
        series, outsider = self.series(), an_outsider()
        with acting_as(outsider):
            assert Mark.objects.filter(series_id=series).update(words="theirs") == 0
            assert Mark.objects.filter(series_id=series).delete()[0] == 0
        with pytest.raises(Exception, match="row-level security"), acting_as(outsider):
            Mark.objects.create(series_id=series, kind="note", starts_on=date(2018, 4, 1), words="x", at=AT)
        assert counted(leader, series) == (2, 2)

    def test_the_owner_is_never_the_callers_choice(self, leader):
        trust = organisations.ids_of_codes(["DEMO-TRUST"])["DEMO-TRUST"]
        with acting_as(leader):
            made = Mark.objects.create(
                series_id=self.series(), kind="note", starts_on=date(2018, 4, 1), words="x", at=AT, owner_id=1, for_staff=False
            )
            made.refresh_from_db()
        assert (made.owner_id, made.for_staff) == (trust, True)

    def test_marks_of_a_trusts_own_series_are_not_for_its_wards(self, leader):
        """Everybody of the hospital may see a mark on open figures; on the trust's own figures only who may see these."""
        ids, analyst = organisations.ids_of_codes(["DEMO-TRUST"]), viewer("demo-analyst")
        with acting_as(analyst):
            measure = Series.objects.get(pk=self.series()).measure_id
            private = Series.objects.create(measure_id=measure, unit_id=ids["DEMO-TRUST"], owner_id=ids["DEMO-TRUST"]).pk
            Mark.objects.create(series_id=private, kind="note", starts_on=date(2018, 4, 1), words="x", at=AT)
        assert counted(analyst, private)[0] == 1
        assert counted(leader, private)[0] == 0

    def test_when_a_series_becomes_private_its_marks_follow(self, leader):
        series, ward = self.series(), organisations.ids_of_codes([WARD])[WARD]
        with acting_as(leader):
            Series.objects.filter(pk=series).update(owner_id=ward)
            assert set(Mark.objects.filter(series_id=series).values_list("owner_id", "for_staff")) == {(ward, False)}
            assert set(MarkVersion.objects.filter(series_id=series).values_list("owner_id", "for_staff")) == {(ward, False)}

    def test_a_place_without_an_organisation_cannot_be_marked(self, leader):
        region = Series.objects.filter(unit__code="Y62").first()
        with pytest.raises(Exception, match="belongs to no organisation"), acting_as(leader):
            Mark.objects.create(series=region, kind="note", starts_on=date(2018, 4, 1), words="x", at=AT)


def an_outsider() -> Viewer:
    return a_person_at("DEMO-CARE")


def somebody_of_the_system() -> Viewer:
    return a_person_at("DEMO")


def a_person_at(unit: str) -> Viewer:
    from espalier.organisations import actions as places

    with acting_as(system_viewer()) as maker:
        person = places.NewPerson(f"at-{unit.lower()}", "Somebody else", "Leader", unit, "analyst", made_up=True)
        places.add_people(actor=maker, at=AT, people=[person], since=date(2016, 4, 1))
    return viewer(f"at-{unit.lower()}")


@pytest.mark.django_db
def test_versions_are_only_ever_added(leader):
    with pytest.raises(Exception, match="permission denied"), acting_as(leader), connection.cursor() as cursor:
        cursor.execute("UPDATE measures_markversion SET words = 'other'")


@pytest.mark.django_db
def test_a_range_frozen_long_ago_is_the_same_on_card_list_and_chart(monkeypatch, leader):
    """Its baseline lies before the months that are shown: all three still rest on it."""
    from espalier.measures.queries import figures

    monkeypatch.setitem(figures.SHOWN, "month", 14)
    unfrozen = chart(leader, ERRORS)
    assert len(unfrozen.rows) == 14
    place(leader, "freeze", date(2016, 4, 1), ends_on=date(2017, 3, 1), measure=ERRORS)
    seen, values = chart(leader, ERRORS), stored(ERRORS)
    kernel = ptd.evaluate(ptd.Batch.of([values]), ptd.Plan(baseline=12))
    assert seen.lines.centre == pytest.approx(np.mean(values[:12]))
    assert ptd.Variation(kernel.variation[0]).name == "HIGH"
    with acting_as(leader):
        unit, trust = (organisations.unit(viewer=leader, code=code) for code in (WARD, "DEMO-TRUST"))
        card = {one.definition.code: one for one in queries.cards_of_unit(viewer=leader, unit=unit)}[ERRORS]
        wall = queries.wall(viewer=leader, measure=ERRORS, unit=trust, choice=queries.Choice())
    listed = next(one for group in wall.groups for one in group.cards if one.code == WARD)
    assert seen.variation == card.variation == listed.variation == "high"
    assert wall.decided == 1


@pytest.mark.django_db
def test_phases_are_compared_with_an_interval(leader):
    """Welch's interval by its formula, written out again here."""
    old, new = (np.array(part) for part in (stored(HYGIENE)[:22], stored(HYGIENE)[22:]))
    first, second = chart(leader, HYGIENE).work.phases
    assert (first.figures, second.figures, second.since) == (22, 14, date(2018, 2, 1))
    assert second.change == pytest.approx(new.mean() - old.mean())
    parts = old.var(ddof=1) / 22, new.var(ddof=1) / 14
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / 21 + parts[1] ** 2 / 13)
    assert 25 < freedom < 35  # so Student's t lies between 2.060 (25) and 2.030 (35), by any printed table
    half = (second.high - second.low) / 2
    assert 2.030 < half / np.sqrt(sum(parts)) < 2.060


@pytest.mark.django_db
def test_six_rule_sets_say_what_the_kernel_says(leader):
    verdicts = {one.rules: one for one in chart(VISITOR, HYGIENE, by_rules=True).verdicts}
    assert len(verdicts) == 6
    with acting_as(VISITOR):
        rows = Point.objects.filter(series__measure__code=HYGIENE, series__unit__code=WARD).order_by("period_on")
        top, below = zip(*rows.values_list("numerator", "denominator"), strict=True)
    for rules, verdict in verdicts.items():
        kernel = ptd.evaluate(ptd.Batch.of([top], [below]), ptd.Plan(chart="p", rules=rules, improvement="up", target=None))
        assert verdict.flagged == int((kernel.flags > 0).sum()), rules
