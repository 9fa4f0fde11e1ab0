"""The framework's files are right, and a slip in them is reported by file and entry."""

import shutil
from pathlib import Path

import pytest
import yaml

from espalier.framework.rules import Kind, UnableToReadFramework, load_edition, load_works_here

CONTENT = Path(__file__).resolve().parents[3] / "content" / "frameworks"


@pytest.fixture
def folder(tmp_path):
    """A copy of the content that a test may spoil."""
    return Path(shutil.copytree(CONTENT, tmp_path / "frameworks"))


def spoil(path, change):
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


def entry(data, code):
    return next(row for row in data["entries"] if row["code"] == code)


@pytest.fixture(scope="module")
def edition():
    return load_edition(CONTENT, "dpic-2016")


# ---- The facts, against the reference: counts, structure and what must not be claimed ------------


def test_the_framework_has_four_capabilities_five_conditions_and_the_actions_we_know_of(edition):
    count = {kind: len(edition.of_kind(kind)) for kind in Kind}
    assert (count[Kind.CAPABILITY], count[Kind.CONDITION], count[Kind.ACTION]) == (4, 5, 13)
    assert (count[Kind.GAP], count[Kind.PLEDGE], count[Kind.AIM]) == (3, 3, 2)


def test_actions_stand_under_the_conditions_of_the_driver_diagram(edition):
    under = {a.code: a.under for a in edition.of_kind(Kind.ACTION)}
    expected = {"C1": (1, 2), "C2": (3, 4, 5, 6), "C3": (7, 8), "C4": (9, 10, 11), "C5": (12, 13)}
    assert under == {f"A{n}": c for c, numbers in expected.items() for n in numbers}


def test_what_was_not_checked_is_never_stated_as_checked(edition):
    unchecked = {"C5", *(f"A{n}" for n in range(9, 14)), "P1", "P2", "P3", "G1", "G2", "G3", "AIM2"}
    verified = {e.code for e in edition.entries if e.verified}
    assert verified & unchecked == set()
    assert {"CAP1", "CAP2", "CAP3", "CAP4", "C1", "C2", "C3", "C4", *(f"A{n}" for n in range(1, 9))} <= verified


def test_actions_whose_title_is_a_guess_say_so(edition):
    assert {e.code for e in edition.entries if e.confidence == "low"} == {"A11", "A12", "A13"}


def test_our_own_reading_is_marked_as_ours(edition):
    ours = {e.kind for e in edition.entries if e.ours}
    assert ours == {Kind.LEVEL, Kind.INDICATION}
    assert all(e.ours for e in edition.entries if e.kind in ours)


def test_every_verified_line_names_its_source(edition):
    assert [e.code for e in edition.entries if e.verified and not e.sources] == []
    assert [f.name for f in edition.about if f.verified and not f.sources] == []


def test_every_line_of_the_framework_says_whether_it_works_here(edition):
    works = load_works_here(CONTENT, edition)
    assert set(works.by_code) == {e.code for e in edition.entries if e.code[0] in "CA" and e.kind != Kind.AIM}
    assert len(works.asks) == 15


# ---- Slips --------------------------------------------------------------------------------------


def drop_source(data):
    del entry(data, "A1")["source"]


def claim_without_source(data):
    entry(data, "A9")["verified"] = True


def ours_and_verified(data):
    entry(data, "M1")["verified"] = True


def orphan_action(data):
    entry(data, "A3")["under"] = "CAP1"


def same_code(data):
    entry(data, "A4")["code"] = "A3"


def unheard_source(data):
    entry(data, "A1")["source"] = ["hearsay"]


def no_help(data):
    del entry(data, "CAP2")["help"]


def extra_key(data):
    entry(data, "CAP2")["colour"] = "red"


def other_code(data):
    data["code"] = "dpic-2019"


def idle_source(data):
    data["sources"]["spare"] = {"words": "A spare source"}


@pytest.mark.parametrize(
    ("slip", "place", "words"),
    [
        (drop_source, "entries, A1", "'source' is a required property"),
        (claim_without_source, "entries, A9", "'source' is a required property"),
        (ours_and_verified, "entries, M1, verified", "False was expected"),
        (orphan_action, "A3", "it stands under CAP1, and should stand under a condition"),
        (same_code, "A3", "the code A3 is used more than once"),
        (unheard_source, "A1", "the source 'hearsay' is not listed"),
        (no_help, "entries, CAP2", "'help' is a required property"),
        (extra_key, "entries, CAP2", "'colour' was unexpected"),
        (other_code, "code", "the file is named dpic-2016 but says its code is dpic-2019"),
        (idle_source, "spare", "nothing cites it"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_slip_is_reported_with_file_and_entry(folder, slip, place, words):
    spoil(folder / "dpic-2016.yaml", slip)
    with pytest.raises(UnableToReadFramework) as caught:
        load_edition(folder, "dpic-2016")
    assert caught.value.where == f"dpic-2016.yaml, {place}"
    assert words in caught.value.what
    assert caught.value.to_do


def test_broken_yaml_is_reported_with_its_line(folder):
    path = folder / "dpic-2016.yaml"
    path.write_text("code: dpic-2016\ntitle: [unclosed\nabout: x: y\n", encoding="utf-8")
    with pytest.raises(UnableToReadFramework, match=r"dpic-2016\.yaml, line 3, column"):
        load_edition(folder, "dpic-2016")


def test_a_missing_file_is_reported(folder):
    with pytest.raises(
        UnableToReadFramework, match=r"dpic-2042\.yaml: .*the file is not there.*Put it into frameworks/"
    ):
        load_edition(folder, "dpic-2042")


def drop_line(data):
    data["lines"] = [row for row in data["lines"] if row["about"] != "A7"]


def stray_line(data):
    data["lines"].append({"about": "A99", "words": "You will be able to do more."})


def door_without_words(data):
    del data["lines"][1]["open"]["words"]


def outside_door(data):
    data["lines"][1]["open"]["path"] = "//example.org/"


def other_edition(data):
    data["edition"] = "dpic-2019"


@pytest.mark.parametrize(
    ("slip", "place", "words"),
    [
        (drop_line, "A7", "no line says whether it works here"),
        (stray_line, "A99", "has no capability, condition or action with this code"),
        (door_without_words, "lines, CAP2, open", "'words' is a required property"),
        (outside_door, "lines, CAP2, open, path", "does not match"),
        (other_edition, "edition", "it is written for dpic-2019"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_slip_in_what_works_is_reported_with_file_and_entry(folder, edition, slip, place, words):
    spoil(folder / "works-here.yaml", slip)
    with pytest.raises(UnableToReadFramework) as caught:
        load_works_here(folder, edition)
    assert caught.value.where == f"works-here.yaml, {place}"
    assert words in caught.value.what
