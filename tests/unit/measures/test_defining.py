"""Measures made on a page: in four answers, by those who may, once however often the form is sent, and never written over."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from espalier.access.door import acting_as
from espalier.access.viewer import VISITOR, Viewer
from espalier.common.errors import UnableTo
from espalier.measures import actions, charting, queries
from espalier.measures.models import Measure, MeasureUse, MeasureVersion
from espalier.measures.rules import Figure, UnableToReadDefinition, check_definition, load_definitions, roll_up, targets_of
from espalier.measures.rules.local import code_from, local_definition, read_targets
from espalier.organisations import queries as organisations

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
TOLD = {
    "name": "Falls on the stairs", "numerator": "Falls on the stairs", "denominator": "", "frequency": "week", "improvement": "down",
}  # fmt: skip
GOOD = load_definitions(settings.CONTENT_DIR / "measures")[0]


def viewer(username: str) -> Viewer:
    return organisations.viewer_for(get_user_model().objects.get(username=username))


def make(who: Viewer, unit: str = "DEMO-WARD-7", once: uuid.UUID | None = None, **instead: Any) -> str:
    with acting_as(who):
        where = organisations.unit(viewer=who, code=unit)
        return actions.define_measure(actor=who, at=AT, unit=where, told=TOLD | instead, once=once or uuid.uuid4())


def revise(who: Viewer, code: str, *, seen: int = 1, understood: bool = False, **instead: Any) -> int:
    with acting_as(who):
        what = queries.definition(viewer=who, code=code)
        return actions.revise_measure(
            actor=who, at=AT, definition=what, told=TOLD | instead, seen=seen, why="said better", understood=understood
        )


class TestTheSchemaInWords:
    @pytest.mark.parametrize(("change", "what", "to_do"), [
        ({"frequency": "fortnight"}, 'It says "fortnight", which is none of the choices.', "Write one of: day, week, month, quarter, year."),
        ({"why": None}, "It says null.", "It must be words."),
        ({"targt": 5}, "There is no line 'targt'.", "Did you mean 'target'?"),
        ({"decimals": "one"}, 'It says "one".', "It must be a whole number."),
        ({"roll_up": "mean", "chart": "p"}, 'It says "p", which is none of the choices.', "Write one of: xmr, run."),
    ])  # fmt: skip
    def test_a_slip_is_said_with_its_place_and_what_to_write(self, change: dict[str, Any], what: str, to_do: str) -> None:
        with pytest.raises(UnableToReadDefinition) as slip:
            check_definition({**GOOD, **change}, settings.CONTENT_DIR / "measures", where="x.yaml")
        assert (slip.value.what, slip.value.to_do) == (what, to_do)

    def test_a_line_that_is_missing_is_named(self) -> None:
        with pytest.raises(UnableToReadDefinition, match="'why' is missing"):
            check_definition({key: value for key, value in GOOD.items() if key != "why"}, settings.CONTENT_DIR / "measures", where="x.yaml")

    def test_every_measure_made_of_four_answers_fits(self) -> None:
        for whole in ("", "All stairs"):
            told = TOLD | {"denominator": whole}
            check_definition(local_definition(told, code="x", version=1, place="Ward"), settings.CONTENT_DIR / "measures", where="x")

    def test_the_library_has_something_for_every_gap_and_says_what_it_has_not_checked(self) -> None:
        library = [one for one in load_definitions(settings.CONTENT_DIR / "measures") if one.get("entered_by") == "teams" and not one["made_up"]]
        assert len(library) >= 10
        assert {one["gap"] for one in library} >= {"care-quality", "staff-experience", "capability", "funding-efficiency"}
        assert all(one["source"]["words"] for one in library) and any(not one["source"]["verified"] for one in library)


class TestTargets:
    def test_they_are_read_as_people_write_them(self) -> None:
        read = read_targets("95% from April 2026\n90\n")
        assert [(one["value"], one.get("since")) for one in read] == [(90.0, None), (95.0, "2026-04-01")]

    def test_a_line_that_cannot_be_read_is_named(self) -> None:
        with pytest.raises(UnableTo, match="Line 2 of the targets"):
            read_targets("90\nsoon")

    def test_a_chart_draws_each_from_its_day_on(self) -> None:
        definition = {
            "chart": "xmr", "rules": "mdc", "measured_in": "percent", "improvement": "up",
            "targets": [{"value": 90}, {"value": 95, "since": "2019-03-01"}],
        }  # fmt: skip
        value = np.full(4, 92.0)
        block = charting.calendar(np.zeros(4, int), np.arange(4) + 2019 * 12, value, value, value)
        assert charting.judge(block, definition).result.goals[0].points(0, 0, 4).tolist() == [0.9, 0.9, 0.95, 0.95]
        assert targets_of(definition)[-1] == (date(2019, 3, 1), 95.0)


def test_codes_are_made_of_names_and_never_taken_twice() -> None:
    assert code_from("Ça va? 100%", "RJ1", set()) == "ca-va-100-rj1"
    assert code_from("转", "RJ1", {"measure-rj1", "measure-rj1-2"}) == "measure-rj1-3"


def test_the_mean_of_places_lets_each_weigh_the_same() -> None:
    figures = [Figure("A", "m", date(2026, 1, 1), 1, 10, 10.0), Figure("B", "m", date(2026, 1, 1), 90, 100, 90.0)]
    assert roll_up("mean", "percent", figures, {"A", "B", "C"}).value == 50.0
    assert roll_up("sum", "percent", figures, {"A", "B", "C"}).value == pytest.approx(100 * 91 / 110)


@pytest.mark.django_db
class TestMaking:
    def test_four_answers_make_a_measure_owned_by_the_organisation_and_used_by_the_ward(self) -> None:
        code = make(viewer("demo-leader"))
        measure = Measure.objects.get(code=code)
        assert code == "falls-on-the-stairs-demo-trust"
        assert (measure.organisation.code, measure.made_for.code, measure.scope) == ("DEMO-TRUST", "DEMO-WARD-7", "shared")  # type: ignore[union-attr]
        assert MeasureUse.objects.filter(measure=measure, unit__code="DEMO-WARD-7").exists()
        assert measure.definition["about_people"] is True  # what nobody said is taken as what does least harm

    def test_a_form_sent_twice_makes_one(self) -> None:
        once = uuid.uuid4()
        assert make(viewer("demo-leader"), once=once) == make(viewer("demo-leader"), once=once)
        assert Measure.objects.filter(code__startswith="falls-on-the-stairs").count() == 1

    def test_the_name_of_one_that_is_retired_is_free_and_its_code_is_not(self) -> None:
        make(viewer("demo-leader"))
        Measure.objects.filter(code="falls-on-the-stairs-demo-trust").update(retired_at=AT)
        assert make(viewer("demo-leader")) == "falls-on-the-stairs-demo-trust-2"

    @pytest.mark.parametrize(("who", "unit"), [("demo-nurse", "DEMO-WARD-7"), ("demo-leader", "DEMO-WARD-12"), ("demo-analyst", "DEMO-CARE"), ("", "DEMO-WARD-7")])
    def test_others_are_refused(self, who: str, unit: str) -> None:
        with pytest.raises(actions.UnableToDefine):
            make(viewer(who) if who else VISITOR, unit)
        assert not Measure.objects.filter(code__startswith="falls-on-the-stairs").exists()

    def test_it_is_listed_where_it_is_used_and_not_for_the_nation(self) -> None:
        code, leader = make(viewer("demo-leader")), viewer("demo-leader")
        listed = {
            unit: code in {one.code for one in queries.definitions(viewer=leader, at=organisations.unit(viewer=leader, code=unit))}
            for unit in ("DEMO-WARD-7", "DEMO-TRUST", "DEMO-WARD-12", "ENG")
        }
        assert listed == {"DEMO-WARD-7": True, "DEMO-TRUST": True, "DEMO-WARD-12": False, "ENG": False}


@pytest.mark.django_db
class TestVersions:
    def test_each_change_is_a_version_and_the_old_one_stays(self) -> None:
        code = make(viewer("demo-leader"))
        assert revise(viewer("demo-leader"), code, why="Stairs are steep.") == 2
        kept = list(MeasureVersion.objects.filter(measure__code=code).order_by("number"))
        assert [one.definition["why"] for one in kept] == ["Nobody has written down yet why this matters.", "Stairs are steep."]
        assert [one.comparable for one in kept] == [True, True]

    def test_nothing_changed_is_no_version(self) -> None:
        code = make(viewer("demo-leader"))
        assert revise(viewer("demo-leader"), code) == 1

    def test_what_is_counted_changes_only_when_it_is_understood(self) -> None:
        code = make(viewer("demo-leader"))
        with pytest.raises(actions.MeaningChanged):
            revise(viewer("demo-leader"), code, numerator="Trips on the stairs")
        assert revise(viewer("demo-leader"), code, numerator="Trips on the stairs", understood=True) == 2
        assert MeasureVersion.objects.get(measure__code=code, number=2).comparable is False

    def test_nobody_writes_over_what_they_have_not_seen(self) -> None:
        code = make(viewer("demo-leader"))
        revise(viewer("demo-analyst"), code, why="One")
        with pytest.raises(actions.DefinedMeanwhile) as other:
            revise(viewer("demo-leader"), code, why="Two")
        assert other.value.now["why"] == "One"

    def test_how_often_cannot_change_under_figures(self) -> None:
        leader, code = viewer("demo-leader"), make(viewer("demo-leader"))
        with acting_as(leader):
            figure = actions.Figure("DEMO-WARD-7", code, date(2026, 2, 2), 1.0, None, 1.0)
            actions.store_figures(actor=leader, at=AT, why="test", figures=[figure])
        with pytest.raises(UnableTo, match="Figures stand under this measure"):
            revise(leader, code, frequency="month")

    def test_the_database_itself_refuses_to_change_a_version(self) -> None:
        make(viewer("demo-leader"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('measures_measureversion', 'UPDATE, DELETE')")
            assert cursor.fetchone() == (False,)

    def test_others_may_not_change_it_and_nobody_changes_the_library(self) -> None:
        code = make(viewer("demo-leader"))
        for who, which in (("demo-nurse", code), ("demo-analyst", "team-falls")):
            with pytest.raises(actions.UnableToDefine):
                revise(viewer(who), which)


@pytest.mark.django_db
class TestThePages:
    @staticmethod
    def client(who: str) -> Client:
        client = Client()
        client.force_login(get_user_model().objects.get(username=who), backend="django.contrib.auth.backends.ModelBackend")
        return client

    def test_from_four_answers_to_the_first_figure_and_the_chart(self) -> None:
        alex = self.client("demo-leader")
        page = alex.get("/measures/new/?unit=DEMO-WARD-7").content.decode()
        once = re.search(r'name="once" value="([^"]+)"', page)[1]  # type: ignore[index]
        answer = alex.post("/measures/new/?unit=DEMO-WARD-7", TOLD | {"once": once}, follow=True)
        assert "Falls on the stairs: week of" in answer.content.decode()
        assert alex.post("/measures/new/?unit=DEMO-WARD-7", TOLD | {"once": once}).url == "/measures/falls-on-the-stairs-demo-trust/DEMO-WARD-7/enter/?new=yes"
        base = "/measures/falls-on-the-stairs-demo-trust/"
        assert alex.post(f"{base}DEMO-WARD-7/enter/?period=2026-03-02", {"numerator": "2", "seen": ""}).status_code == 302
        chart = alex.get(f"{base}DEMO-WARD-7/").content.decode()
        assert "in the week of 2 March 2026" in chart and "version 1" in chart

    def test_what_is_missing_is_said_beside_the_box(self) -> None:
        answer = self.client("demo-leader").post("/measures/new/?unit=DEMO-WARD-7", {"targets": "soon"})
        assert answer.status_code == 422
        for words in ("Enter a name", "Select how often", "Select which way is better", "Line 1 of the targets"):
            assert words in answer.content.decode()

    def test_the_page_warns_before_what_is_counted_changes_and_then_says_so_on_the_chart(self) -> None:
        alex, code = self.client("demo-leader"), make(viewer("demo-leader"))
        alex.post(f"/measures/{code}/DEMO-WARD-7/enter/?period=2026-03-02", {"numerator": "2", "seen": ""})
        told = TOLD | {"numerator": "Trips", "seen": "1", "why_changed": "trips count too"}
        warned = alex.post(f"/measures/{code}/edit/", told)
        assert warned.status_code == 422 and "may not compare" in warned.content.decode()
        assert alex.post(f"/measures/{code}/edit/", told | {"do": "understood"}).status_code == 302
        assert "may not compare" in alex.get(f"/measures/{code}/DEMO-WARD-7/").content.decode()
        page = alex.get(f"/measures/{code}/definition/").content.decode()
        assert "trips count too" in page and "Version 2" in page and "Alex" in page

    def test_what_there_is_to_choose_from_leads_on_for_the_place_somebody_comes_from(self) -> None:
        page = self.client("demo-leader").get("/measures/library/?unit=DEMO-WARD-7").content.decode()
        assert '<a class="data-name" href="/units/DEMO-WARD-7/">Ward 7' in page
        assert 'href="/measures/vacancy-rate/definition/?unit=DEMO-WARD-7"' in page

    def test_retired_and_brought_back(self) -> None:
        alex, code = self.client("demo-leader"), make(viewer("demo-leader"))
        alex.post(f"/measures/{code}/retire/")
        assert "No longer used" in alex.get(f"/measures/{code}/definition/").content.decode()
        assert alex.get(f"/measures/{code}/DEMO-WARD-7/enter/").status_code == 403
        alex.post(f"/measures/{code}/retire/", {"back": "yes"})
        assert alex.get(f"/measures/{code}/DEMO-WARD-7/enter/").status_code == 200

    def test_a_measure_of_the_library_is_taken_into_use_and_out_of_it(self) -> None:
        alex = self.client("demo-leader")
        page = alex.post("/measures/vacancy-rate/DEMO-WARD-7/use/", follow=True).content.decode()
        assert "uses this measure now" in page and "Stop using it in Ward 7" in page
        alex.post("/measures/vacancy-rate/DEMO-WARD-7/use/", {"stop": "yes"})
        assert not MeasureUse.objects.filter(measure__code="vacancy-rate").exists()
