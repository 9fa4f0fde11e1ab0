"""Kim takes charts to a meeting: a report of six with words, as slides and pages; a board page; what is kept as it stood."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pypdf
import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import PHONE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

SIX = (
    ("team-falls", "DEMO-WARD-7"), ("team-falls", "DEMO-WARD-12"), ("team-hand-hygiene", "DEMO-WARD-7"), ("team-joy", "DEMO-WARD-12"),
    ("ae-4-hours", "RJ1"), ("staff-sickness-absence", "RR8"),
)  # fmt: skip


def downloads(person: Person, link: str, path: Path) -> Path:
    """Press a link and keep the file that comes."""
    with person.page.expect_download() as coming:
        person.page.locator("main").get_by_role("link", name=link, exact=True).click()
    coming.value.save_as(path)
    return path


def begins_a_report(person: Person, title: str) -> None:
    """Come from a chart page, as people do, and begin a report with that chart."""
    measure, place = SIX[0]
    person.opens(f"/measures/{measure}/{place}/").unfolds("Download or use in a report").follows("Add to a report", inside="main")
    person.page.get_by_label("Title of the report").fill(title)
    person.page.get_by_label("Who is it for?").fill("the board")
    person.presses("Begin the report").sees_heading(title)


def adds_the_others(person: Person) -> None:
    report = person.page.url.rstrip("/").rsplit("/", 1)[1]
    for measure, place in SIX[1:]:
        person.opens(f"/insight/reports/{report}/")
        person.page.get_by_label("Chart", exact=True).select_option(measure)
        person.page.get_by_label("Place", exact=True).fill(place)
        person.presses("Add it")
    expect(person.page.locator("section.esp-sheet")).to_have_count(6)


@pytest.mark.parametrize("screen", [{}, {"java_script_enabled": False}, {"viewport": PHONE}], ids=["desk", "no script", "phone"])
def test_a_report_of_six_charts_with_words_goes_out_as_slides_and_pages(arrives: Arrives, screen: dict, tmp_path: Path):
    kim = arrives(accept_downloads=True, **screen).signs_in_as("Kim")
    begins_a_report(kim, "Six charts for May")
    adds_the_others(kim)
    first = kim.page.locator("section.esp-sheet").first
    first.get_by_role("button", name="Move down").click()
    expect(kim.page.locator("section.esp-sheet h2").nth(1)).to_contain_text("Ward 7")
    second = kim.page.locator("section.esp-sheet").nth(1)
    second.locator("summary").click()
    second.get_by_label("Words under this chart").fill("Fewer falls since the lights were changed.")
    second.get_by_role("button", name="Save").click()
    kim.sees("Fewer falls since the lights were changed.").needs_no_sideways_scroll()
    kim.unfolds("Download this report")
    slides = downloads(kim, "Slides (PowerPoint)", tmp_path / "report.pptx")
    pages = pypdf.PdfReader(downloads(kim, "Pages (PDF)", tmp_path / "report.pdf"))
    said = "".join(page.extract_text() for page in pages.pages)
    assert "Six charts for May" in said and "Fewer falls since the lights were changed." in said
    if soffice := shutil.which("soffice"):
        home = (tmp_path / "home").as_uri()
        command = [soffice, "--headless", f"-env:UserInstallation={home}", "--convert-to", "pdf", "--outdir", str(tmp_path / "shown"), str(slides)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        shown = pypdf.PdfReader(tmp_path / "shown" / "report.pdf")
        assert len(shown.pages) == 7 and "Fewer falls since the lights were changed." in shown.pages[2].extract_text()


def test_a_change_is_undone_and_a_report_put_away_comes_back(person: Person):
    person.signs_in_as("Kim")
    begins_a_report(person, "For a moment")
    person.presses("Take out: Falls per 1,000 days in bed (made up): Ward 7, care of older people (made up)").sees("No charts yet")
    person.presses("Undo the newest change").sees("Undone.")
    expect(person.page.locator("section.esp-sheet")).to_have_count(1)
    person.presses("Put the report away").presses("Bring back For a moment").sees_heading("For a moment").meets_no_barrier()


def test_a_board_page_on_a_phone_says_what_is_known_and_what_is_not(arrives: Arrives):
    somebody = arrives(viewport=PHONE).opens("/insight/").follows("Board page of England", inside="main")
    somebody.sees("Care and quality · Patient care").sees("We do not know yet.").sees("worse than usual").needs_no_sideways_scroll().meets_no_barrier()


def test_a_board_page_is_changed_signed_and_kept_as_it_stands(person: Person):
    person.signs_in_as("Kim").opens("/insight/board/DEMO-TRUST/edit/").unfolds("Add a concern")
    form = person.page.locator("form", has=person.page.locator("[name='concern-what']"))
    form.get_by_label("What worries us").fill("Waits in winter")
    form.get_by_label("Who owns it").fill("Chief operating officer")
    for box, text in (("Day", "3"), ("Month", "June"), ("Year", "2026")):
        form.get_by_label(box).fill(text)
    form.get_by_role("button", name="Save").click()
    person.follows("See the page", inside="main").sees("Waits in winter").sees("3 June 2026").sees("Kim, analyst (made up), ")
    person.presses("Keep it as it stands today").sees("Every chart still has the figures it had then.").sees("Waits in winter").meets_no_barrier()


def test_a_report_is_put_in_order_without_a_mouse(person: Person):
    person.signs_in_as("Kim").opens("/insight/reports/1/")
    before = person.page.locator("section.esp-sheet h2").all_inner_texts()
    person.tabs_to("Move down").types("Enter").is_at(person.page.url + "#k2" if "#" not in person.page.url else person.page.url)
    expect(person.page.locator("section.esp-sheet h2").first).to_have_text(before[1])
    person.tabs_to("Undo the newest change").types("Enter").sees("Undone.")
