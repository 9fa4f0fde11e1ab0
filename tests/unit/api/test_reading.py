"""What programs read is what pages show, page after page, and no more than once."""

import csv
import gzip
import io
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.contracts.test_pages import MOST_QUESTIONS, questions
from tests.unit.api.calling import batch, new_token, viewer

from espalier.access.door import acting_as
from espalier.measures.models import Mark, Point, Series
from espalier.organisations.models import Below, Unit

pytestmark = pytest.mark.django_db


def walk(call, path, key, token=None, limit=7, between=None):
    """Every row of a list, page by page; between() runs after the first page."""
    rows, cursor, pages = [], None, 0
    while True:
        more = f"&cursor={cursor}" if cursor else ""
        answer = call(f"{path}{'&' if '?' in path else '?'}limit={limit}{more}", token).json()
        rows += answer[key]
        cursor, pages = answer["next"], pages + 1
        if between and pages == 1:
            between()
        if cursor is None:
            return rows


def test_walking_meets_every_region_and_system_once(call):
    for kind in ("region", "system"):
        walked = [one["code"] for one in walk(call, f"units?kind={kind}", "units")]
        assert walked == sorted(Unit.objects.filter(kind_id=kind).values_list("code", flat=True))
        assert len(walked) > 6


def test_what_opens_meanwhile_shifts_nothing(call):
    before = set(Unit.objects.filter(kind_id="system").values_list("code", flat=True))

    def one_before_and_one_after():
        Unit.objects.create(code="AAA-NEW", name="New", kind_id="system")
        Unit.objects.create(code="ZZZ-NEW", name="New", kind_id="system")

    walked = [one["code"] for one in walk(call, "units?kind=system", "units", between=one_before_and_one_after)]
    assert len(walked) == len(set(walked))
    assert set(walked) == before | {"ZZZ-NEW"}  # it lay ahead; the other lay behind


def test_figures_stored_meanwhile_are_met_once_or_not_at_all(call):
    token = new_token("demo-analyst").secret
    before = {(one["unit"], one["period"]) for one in walk(call, "points?measure=team-falls", "points")}

    def send():
        figures = [("team-falls", ward, "2012-01", 1, 700) for ward in ("DEMO-WARD-7", "DEMO-WARD-12")]
        assert call("points", token, body=batch(*figures)).status_code == 201

    walked = [(one["unit"], one["period"]) for one in walk(call, "points?measure=team-falls", "points", between=send)]
    assert len(walked) == len(set(walked))
    assert before <= set(walked)


def test_below_is_the_tree_of_the_day(call):
    """A trust that left a region lay below it until the day it left, and not on that day."""
    moved = Below.objects.filter(ancestor__kind_id="region", unit__kind_id="trust", until__lt="2026-01-01").select_related(
        "ancestor", "unit"
    )
    stay = moved.order_by("unit__code").first()
    region, trust, last = stay.ancestor.code, stay.unit.code, stay.until

    def inside(day):
        return {one["code"] for one in walk(call, f"units?below={region}&kind=trust&on={day}", "units", limit=500)}

    assert trust in inside(last.replace(year=last.year - 1) if last.day != 29 else last.replace(year=last.year - 1, day=28))
    assert trust not in inside(last)  # half-open: on this day it is elsewhere, or gone


def test_a_unit_says_what_it_is_part_of(call):
    answer = call("units/DEMO-WARD-7").json()
    assert [one["code"] for one in answer["part_of"]] == ["DEMO", "DEMO-TRUST"]
    assert answer["made_up"] is True


def test_a_series_says_what_its_page_says(call, client):
    """The page's own file is made by other code: same months, same figures, same lines."""
    answer = call("series/ae-4-hours/RJ1").json()
    rows = list(csv.DictReader(io.StringIO(client.get("/measures/ae-4-hours/RJ1/data.csv").content.decode("utf-8-sig"))))
    assert len(rows) == len(answer["points"]) == 36
    numbers = [[one["numerator"], one["denominator"], one["value"]] for one in answer["points"]]
    there = [[float(cell) for cell in list(row.values())[1:4]] for row in rows]
    assert numbers == [pytest.approx(row) for row in there]
    page = client.get("/measures/ae-4-hours/RJ1/").content.decode()
    assert all(sentence.replace("'", "&#39;") in page for sentence in answer["words"])
    assert answer["variation"] == "concerning"
    assert answer["points"][-1]["rules"] and answer["signals"]


def test_a_series_added_up_says_so_and_how_many_are_in_it(call):
    answer = call("series/ae-4-hours/ENG").json()
    assert answer["added_up"] is True
    assert 100 < answer["coverage"]["reported"] <= answer["coverage"]["expected"]
    newest = next(one for one in answer["points"] if one["period"] == answer["period"])
    parts = Point.objects.filter(
        series__measure__code="ae-4-hours", period_on=answer["period"], series__unit__in=Below.objects.filter(
            ancestor__code="ENG", depth__gt=0, since__lte=answer["period"], until__gt=answer["period"]).values("unit"),
    )  # fmt: skip
    assert newest["denominator"] == sum(parts.values_list("denominator", flat=True))


@pytest.mark.parametrize("choice", ["compare=year-before", "rules=anhoej", "months=all", "until=2018-03", "compare=year-before&months=all"])
def test_a_series_takes_the_choices_of_its_page(call, client, choice):
    answer = call(f"series/ae-4-hours/RJ1?{choice}").json()
    page = client.get(f"/measures/ae-4-hours/RJ1/?{choice}").content.decode()
    assert answer["words"] and all(sentence in page for sentence in answer["words"])


REBASED = "series/team-hand-hygiene/DEMO-WARD-7"


def test_a_series_honours_the_baselines_its_person_may_see_and_names_them(call):
    """The ward's people decided on a new baseline: their token gets it, as their page does, and nobody else."""
    token = new_token("demo-leader").secret
    decided, public = call(REBASED, token).json(), call(f"{REBASED}?marks=public", token).json()
    stranger = call(REBASED).json()
    starts = [one["since"] for one in decided["baselines"] if one["kind"] == "rebase"]
    assert len(starts) == 1 and decided["baselines"][0]["words"]
    centres = {one["period"]: one["centre"] for one in decided["points"]}
    before = [centre for period, centre in centres.items() if period < starts[0]]
    assert len({*before}) == 1 and centres[starts[0]] not in before  # the average jumps where the baseline begins
    assert (public["baselines"], stranger["baselines"]) == ([], [])
    assert public["points"] == stranger["points"] != decided["points"]
    assert len({one["centre"] for one in stranger["points"]}) == 1


def test_a_figure_left_out_is_given_and_named(call):
    path, token = "series/team-falls/DEMO-WARD-7", new_token("demo-leader").secret
    last = call(path, token).json()["points"][-1]
    with acting_as(viewer("demo-leader")) as actor:
        series = Series.objects.get(measure__code="team-falls", unit__code="DEMO-WARD-7", stratum="")
        facts = {"kind": "exclude", "starts_on": last["period"], "words": "Counted twice", "at": datetime.now(UTC)}
        Mark.objects.create(series=series, account_id=actor.account_id, **facts)
    now = call(path, token).json()["points"][-1]
    assert (last["left_out"], now["left_out"], now["value"]) == (False, True, last["value"])


SPLIT = "team-missed-appointments/DEMO-TRUST"


def test_a_group_has_a_series_of_its_own(call):
    group = call(f"series/{SPLIT}?stratum=deprivation:fifth-1").json()
    stored = Point.objects.filter(series__measure__code="team-missed-appointments", series__stratum="deprivation:fifth-1")
    there = {day.isoformat(): top for day, top in stored.values_list("period_on", "numerator")}
    assert group["stratum"] == "deprivation:fifth-1"
    assert {one["period"]: one["numerator"] for one in group["points"]} == there
    assert group["points"] != call(f"series/{SPLIT}").json()["points"]
    for none in ("deprivation:fifth-9", "sex:female", "nonsense", "ethnicity:asian"):
        assert call(f"series/{SPLIT}?stratum={none}").status_code == 404


def test_figures_of_a_group_too_small_to_show_are_in_no_answer(call, client):
    """Three in 130: neither the chart of the group nor the list of figures says so, nor the group that would betray it."""
    series = Series.objects.get(measure__code="team-missed-appointments", stratum="deprivation:not-known")
    day = Point.objects.filter(series=series).order_by("-period_on").values_list("period_on", flat=True)[2]
    with acting_as(viewer("demo-analyst")):
        assert Point.objects.filter(series=series, period_on=day).update(numerator=3, value=3 / 1.3) == 1
    listed = call(f"points?measure=team-missed-appointments&since={day}&until={day}").json()["points"]
    hidden = {one["stratum"] for one in listed if one["numerator"] is None and one["denominator"] is None and one["value"] is None}
    assert "deprivation:not-known" in hidden and len(hidden) >= 2 and "" not in hidden
    for stratum in hidden:
        points = call(f"series/{SPLIT}?stratum={stratum}").json()["points"]
        assert [one["value"] for one in points if one["period"] == day.isoformat()] == [None]
    shown = {one["stratum"] for one in listed} - hidden - {""}
    assert shown and all(one["value"] is not None for one in listed if one["stratum"] in shown)


def test_what_cannot_be_worked_out_is_null_and_not_nan(call):
    for measure, unit in (("team-joy", "DEMO-NURSES"), ("staff-sickness-absence", "ENG")):
        assert b"NaN" not in call(f"series/{measure}/{unit}?until=2016-05" if measure == "team-joy" else f"series/{measure}/{unit}").content


def test_files_hold_what_json_holds(call):
    path = "points?measure=team-falls&since=2018-01-01"
    rows = [tuple(one.values()) for one in walk(call, path, "points", limit=100)]
    text = call(path, accept="text/csv")
    assert text["Content-Type"] == "text/csv; charset=utf-8"
    table = list(csv.reader(io.StringIO(text.content.decode())))
    assert table[0] == ["measure", "unit", "stratum", "period", "numerator", "denominator", "value"]
    assert [(*row[:4], *map(float, row[4:])) for row in table[1:]] == rows
    answer = call(path, accept="application/vnd.apache.parquet")
    columns = pq.read_table(io.BytesIO(answer.content)).to_pydict()
    assert [(a, b, c, d.isoformat(), *more) for a, b, c, d, *more in zip(*columns.values(), strict=True)] == rows


def test_the_next_page_is_in_the_header_too(call):
    answer = call("points?measure=team-falls&limit=3", accept="text/csv")
    assert answer["Link"].startswith("</api/v1/points?measure=team-falls&limit=3&cursor=")
    following = call(answer["Link"].split("/api/v1/")[1].split(">")[0], accept="text/csv")
    assert following.content != answer.content and following.status_code == 200


def test_an_empty_file_still_has_its_columns(call):
    answer = call("points?measure=team-falls&since=2030-01-01", accept="application/vnd.apache.parquet")
    assert pq.read_table(io.BytesIO(answer.content)).schema.names[3] == "period"


def test_nothing_is_sent_twice_to_who_has_it(call):
    first = call("series/ae-4-hours/RJ1")
    again = call("series/ae-4-hours/RJ1", **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    token = new_token("demo-leader").secret
    path = "series/team-falls/DEMO-WARD-7"
    tag = call(path, token)["ETag"]
    assert call(path, token, **{"if-none-match": tag}).status_code == 304
    call("points", token, body=batch(("team-falls", "DEMO-WARD-7", "2019-04", 1, 700)))
    assert call(path, token, **{"if-none-match": tag}).status_code == 200


def test_answers_come_packed_to_who_can_unpack(call):
    answer = call("series/ae-4-hours/RJ1", **{"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).startswith(b"{")


def test_what_a_token_is_given_is_kept_by_nobody_else(call):
    assert call("units", new_token().secret)["Cache-Control"] == "private, no-cache"
    assert "Authorization" in call("units")["Vary"]
    assert not any(name.lower().startswith("access-control") for name in call("units", origin="https://elsewhere.example").headers)


@pytest.mark.parametrize(
    ("path", "near"),
    [("units?kindd=trust", "Did you mean kind?"), ("measures?search=x", "You can use: q"), ("units/RR8?x=1", "You can use: on")],
)
def test_a_parameter_nobody_knows_is_refused_kindly(call, path, near):
    answer = call(path)
    assert (answer.status_code, answer.json()["code"]) == (422, "parameter")
    assert near in answer.json()["to_do"]


def test_a_day_that_is_none_is_said_in_plain_words(call):
    answer = call("points?since=20260101").json()
    assert (answer["what"], answer["to_do"]) == ("This is not a day.", "Write it like 2026-04-01.")
    assert answer["where"].endswith("since")


def test_a_cursor_belongs_to_its_question(call):
    cursor = call("units?kind=system&limit=2").json()["next"]
    assert call(f"units?kind=system&limit=5&cursor={cursor}").status_code == 200
    assert call(f"units?kind=region&cursor={cursor}").json()["code"] == "cursor"
    for broken in (cursor[:-1], "W10", "x", "W1tbW1tbW10"):
        assert call(f"units?kind=system&cursor={broken}").status_code == 422


def test_what_is_not_there_has_near_matches(call):
    answer = call("units/RR9")
    assert answer.status_code == 404
    assert "RR8" in answer.json()["to_do"]


@pytest.mark.parametrize("path", [
    "units", "units?below=ENG&kind=trust&q=leeds", "units/RR8", "measures", "measures/team-falls", "series?below=DEMO-TRUST&measure=team-falls",
    "series/ae-4-hours/RJ1", "series/ae-4-hours/ENG", "points?measure=team-falls&below=DEMO-TRUST&unit=DEMO-WARD-7",
])  # fmt: skip
def test_a_call_asks_few_questions(call, path):
    for token in (None, new_token("demo-analyst").secret, new_token("demo-analyst", unit="DEMO-WARD-7").secret):
        with CaptureQueriesContext(connection) as captured:
            assert call(path, token).status_code == 200
        asked = questions(captured)
        assert len(asked) <= MOST_QUESTIONS, "\n".join(sql[:150] for sql in asked)


def test_a_batch_asks_few_questions_however_long(call):
    for token in (new_token("demo-analyst").secret, new_token("demo-analyst", unit="DEMO-TRUST").secret):
        figures = [
            (measure, ward, f"{year}-{month:02}", 1, *((700,) if measure == "team-falls" else ()))
            for measure in ("team-falls", "team-medicine-errors")
            for ward in ("DEMO-WARD-7", "DEMO-WARD-12", "DEMO-NURSES")
            for year in (2012, 2013)
            for month in range(1, 13)
        ]
        with CaptureQueriesContext(connection) as captured:
            assert call("points", token, body=batch(*figures)).status_code == 201
        asked = questions(captured)
        assert len(asked) <= MOST_QUESTIONS, "\n".join(sql[:150] for sql in asked)


def test_who_is_signed_in_on_a_page_reads_as_a_visitor(client):
    plain = client.get("/api/v1/units/RR8").content
    client.force_login(get_user_model().objects.get(username="demo-leader"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/units/RR8").content == plain
