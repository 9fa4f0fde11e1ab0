"""A ward tells its story, its partner says yes, and a team elsewhere takes a change up; by keyboard where it is cheap."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pypdf
from tests.journeys.conftest import PHONE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

STORY, PUBLIC = "/projects/1/story/", "/projects/stories/1/"
LEARNED = "Ask the people who are up at night. They know where the light is missing."
HANDS = "Clean hands before the evening medicines, two by two"


def _fits(one: Person) -> Person:
    return one.meets_no_barrier().needs_no_sideways_scroll()


def test_a_story_is_told_agreed_to_and_taken_up_by_another_organisation(arrives: Arrives):
    alex = arrives().signs_in_as("Alex").opens(STORY)
    _fits(alex).tabs_to("Change : what we learned").types("Enter").sees_heading("What we learned")
    _fits(alex).page.get_by_label("What we learned").fill(LEARNED)
    alex.tabs_to("Save").types("Enter").sees(LEARNED)
    alex.follows("Add a voice", inside="main").page.get_by_label("What did they say?").fill("Nurse Brown put the lamp on")
    alex.chooses("Who said it?", "a patient").page.get_by_label("They know that their words stand here").check()
    alex.presses("Save").expects(422)
    alex.sees("These words name somebody").meets_no_barrier()
    alex.forgets_troubles()
    alex.page.get_by_label("What did they say?").fill("The nurse put the lamp on, and I slept")
    alex.presses("Save").sees("The nurse put the lamp on, and I slept")
    _fits(alex).follows("Who reads it", inside="main").presses("Ask again with the story as it is now")
    _fits(alex).sees("We ask your partners.")

    visitor = arrives(viewport=PHONE).opens(PUBLIC)  # reads what was agreed to, and not yet what is new
    assert LEARNED not in visitor.reads("main")
    bo = arrives(viewport=PHONE).signs_in_as("Bo").opens("/")
    bo.follows("Read it and answer", inside="main", exact=False).sees(LEARNED)
    _fits(bo).tabs_to("yes").types("Space").tabs_to("Send my answer").types("Enter")
    bo.sees("Everybody can read it now.")
    _fits(visitor.opens(PUBLIC)).sees(LEARNED)

    drew = arrives(viewport=PHONE).signs_in_as("Drew").opens(PUBLIC)
    _fits(drew).tabs_to(f"Adopt this : {HANDS}").types("Enter").sees_heading("Take up: Fewer falls at night (made up)")
    _fits(drew).page.get_by_label("What will you call it?").fill("Clean hands at the door")
    drew.tabs_to("Begin").types("Enter").sees("Your project has begun.")
    _fits(drew).sees("Taken up from").follows("Say how it went here", inside="main")
    _fits(drew).page.get_by_label("It worked", exact=True).check()
    drew.page.get_by_label("Yes, name it").check()
    drew.presses("Save").sees("It worked")
    _fits(drew)

    _fits(alex.opens(STORY)).sees("Where it went on to live").sees(re.compile("^Took up: Clean hands before the evening"))
    assert alex.reads("main").count("Elm Tree Care at Home (made up)") == 2  # the one of the demonstration, and this one
    assert "Clean hands at the door" not in alex.reads("main")  # their project stays theirs
    bo.opens(STORY + "public/").presses("Withdraw the story").sees("Withdrawn.")
    visitor.opens(PUBLIC, status=404)
    visitor.forgets_troubles()
    alex.opens(STORY + "public/").presses("Let everybody read it")  # as it was: asked, agreed, public
    bo.opens(STORY + "public/").page.get_by_label("Yes, everybody may read it").check()
    bo.presses("Send my answer").sees("Everybody can read it now.")
    visitor.opens(PUBLIC).sees(LEARNED)


def test_a_story_as_pages_and_as_slides(arrives: Arrives, tmp_path: Path):
    visitor = arrives().opens(PUBLIC)
    files = {}
    for words, kind in (("As PDF", "pdf"), ("As slides", "pptx")):
        with visitor.page.expect_download() as download:
            visitor.page.get_by_role("link", name=words).click()
        assert download.value.suggested_filename == f"fewer-falls-at-night-made-up-story.{kind}"
        files[kind] = tmp_path / f"story.{kind}"
        download.value.save_as(files[kind])
    assert "In their words" in _words(files["pdf"].read_bytes())
    if soffice := shutil.which("soffice"):
        home = (tmp_path / "home").as_uri()
        command = [soffice, "--headless", f"-env:UserInstallation={home}", "--convert-to", "pdf", "--outdir", str(tmp_path / "shown"), str(files["pptx"])]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        shown = (tmp_path / "shown" / "story.pdf").read_bytes()
        assert len(pypdf.PdfReader(io.BytesIO(shown)).pages) == 7  # title, chart, changes, learned, gained, voices, diagram
        assert "I can see my slippers now." in _words(shown)


def _words(content: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
