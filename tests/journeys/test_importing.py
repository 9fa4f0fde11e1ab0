"""A file comes in: broken, mended, stored, taken back; and a published workbook as it is."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from tests.conftest import State, _wait_for, cloned, embedded_free_port

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

HEAD = "Ward,Month,Done right,Checks\n"
GOOD = "DEMO-WARD-7,March 2011,40,50\nDEMO-WARD-12,March 2011,45,60\n"
BROKEN = GOOD + "DEMO-NURSES,March 2011,61,40\nWard 77,April 2011,30,40\n"
MENDED = GOOD + "DEMO-NURSES,March 2011,31,40\nDEMO-WARD-7,April 2011,30,40\n"
BOOKS = Path(__file__).parents[1] / "published"
# The workbook is published by NHS England under the Open Government Licence; where a copy lies on this machine it is tried as it is.
WORKBOOK = Path(os.environ.get("ESPALIER_WORKBOOKS", Path(__file__).parents[1] / "published")) / "nhs_sickness_absence_jan2023.xlsx"


@pytest.fixture(scope="module")
def with_a_worker() -> Iterator[str]:
    """Espalier with pages and a worker, on a database of its own."""
    with cloned("files") as name:
        port, espalier = embedded_free_port(), (sys.executable, "-m", "espalier.config.cli")
        environment = os.environ | State.databases.environment(name)
        serving = subprocess.Popen([*espalier, "serve", "--port", str(port), "--workers", "1"], env=environment, stdout=subprocess.DEVNULL)
        working = subprocess.Popen([*espalier, "worker"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(f"http://127.0.0.1:{port}/readyz")
            yield f"http://127.0.0.1:{port}"
        finally:
            for process in (serving, working):
                process.terminate()
            for process in (working, serving):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(20)
                process.kill()


def gives(person: Person, text: str, name: str = "wards.csv") -> Person:
    person.opens("/imports/")
    file: Any = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    person.page.locator("input[type=file]").set_input_files(file)
    return person.presses("Read the file")


def maps(person: Person) -> Person:
    person.sees_heading("Which column is which?")
    person.chooses("Which one, if the same for all rows?", re.compile("Hand hygiene|hand"))
    person.chooses("Team or organisation", re.compile("^Ward"))
    person.chooses("How many (if the file has it)", re.compile("^Done right"))
    person.chooses("Out of how many (if the file has it)", re.compile("^Checks"))
    return person.presses("Check the file")


@pytest.mark.parametrize("screen", [{}, {"java_script_enabled": False}, {"viewport": {"width": 320, "height": 640}}], ids=["desk", "no script", "phone"])
def test_a_broken_file_is_mended_stored_and_taken_back(arrives: Arrives, with_a_worker: str, screen: dict[str, Any]) -> None:
    kim = arrives(at=with_a_worker, **screen).signs_in_as("Kim")
    script = screen.get("java_script_enabled", True)
    gives(kim, HEAD + BROKEN)
    if kim.page.url.endswith("/columns/"):
        maps(kim)
    kim.sees_heading("Is this right?").sees(re.compile("61 out of 40 is more than all of them")).sees(re.compile("We know no such place"))
    kim.needs_no_sideways_scroll()
    if script:
        kim.meets_no_barrier()
    gives(kim, HEAD + MENDED).sees_heading("Is this right?").sees("4 new · 0 changed · 0 the same")  # its columns are known by now
    kim.presses("Store them").sees_heading("Stored").needs_no_sideways_scroll()
    if script:
        kim.meets_no_barrier()
    gives(kim, HEAD + MENDED).sees("Nothing would change")
    kim.page.go_back()
    kim.page.go_back()
    kim.page.go_back()
    kim.sees_heading("Stored").presses("Undo").sees_heading("Taken back").sees(re.compile("4 figures went back"))


def test_a_file_is_loaded_by_keyboard_alone(arrives: Arrives, with_a_worker: str) -> None:
    kim = arrives(at=with_a_worker).signs_in_as("Kim")
    kim.opens("/imports/")
    file: Any = {"name": "keys.csv", "mimeType": "text/csv", "buffer": (HEAD + GOOD.replace("2011", "2010")).encode()}
    kim.page.locator("input[type=file]").set_input_files(file)  # the system's own window cannot be driven
    kim.tabs_to("Read the file").types("Enter")
    expect(kim.page.get_by_role("heading", level=1)).not_to_have_text("Load a file")
    if kim.page.url.endswith("/columns/"):
        maps(kim)
    kim.sees_heading("Is this right?").tabs_to("Store them").types("Enter")
    kim.sees_heading("Stored").tabs_to("Undo").types("Enter")
    kim.sees_heading("Taken back")


def test_what_is_no_table_is_refused_with_what_to_do(arrives: Arrives, with_a_worker: str) -> None:
    kim = arrives(at=with_a_worker).signs_in_as("Kim")
    kim.expects(422)
    gives(kim, "<html><body>Please sign in</body></html>", "figures.csv").sees("There is a problem").meets_no_barrier()


def gives_book(person: Person, name: str) -> Person:
    person.opens("/imports/").page.locator("input[type=file]").set_input_files(BOOKS / name)
    return person.presses("Read the file").sees_heading("Which column is which?")


@pytest.mark.parametrize("screen", [{}, {"java_script_enabled": False}], ids=["desk", "no script"])
def test_two_heading_rows_and_a_month_in_the_title_come_in_as_they_are(arrives: Arrives, with_a_worker: str, screen: dict[str, Any]) -> None:
    """Staff by nationality, September 2016: the title's month is offered; regions, which have no code, stay out by choice."""
    kim = gives_book(arrives(at=with_a_worker, **screen).signs_in_as("Kim"), "eu_uk_by_staff_group_org_2016.xlsx")
    kim.page.set_default_timeout(30_000)
    expect(kim.page.get_by_label("Month, if the same for all rows")).to_have_value("30 September 2016")
    kim.chooses("Which one, if the same for all rows?", re.compile("^Staff with an EU nationality"))
    kim.chooses("Team or organisation", re.compile("^Column C"))
    kim.chooses("How many (if the file has it)", re.compile("^EU › All staff"))
    kim.chooses("Out of how many (if the file has it)", re.compile("^UK › All staff"))
    kim.presses("Check the file").sees_heading("Is this right?").sees("416 new · 0 changed · 0 the same")
    kim.sees(re.compile(r"Team or organisation is missing\. Fill it in\. \(14 times"))
    kim.presses("Take the 416").sees_heading("Stored")
    kim.opens("/measures/staff-eu-per-1000-uk/RFS/").sees(re.compile("30[.]3"))  # 1,000 × 108 ÷ 3,565, Chesterfield
    kim.page.go_back()
    kim.presses("Undo").sees_heading("Taken back").sees(re.compile("416 figures went back"))


def test_one_group_of_staff_is_taken_out_of_a_long_file_on_a_phone_without_script(arrives: Arrives, with_a_worker: str) -> None:
    kim = gives_book(arrives(at=with_a_worker, java_script_enabled=False, viewport={"width": 320, "height": 640}).signs_in_as("Kim"), "hchs_staff_by_group_nationality_org_2017_2018.xlsx")
    kim.page.set_default_timeout(30_000)
    kim.chooses("Which one, if the same for all rows?", re.compile("^Nurses and health visitors whose nationality"))
    kim.chooses("How many (if the file has it)", re.compile("^FTE"))
    kim.chooses("The figure itself (if the file has it)", "Not in this file")
    kim.page.get_by_text("Use only some of the rows").click()
    for number, (column, text) in enumerate((("Staff group", "Nurses & health visitors"), ("Nationality", "Unknown")), 1):
        kim.page.locator(f"#id_filter-{number}-column").select_option(column)
        kim.page.locator(f"#id_filter-{number}-is").fill(text)
    kim.needs_no_sideways_scroll()
    kim.presses("Check the file").sees_heading("Is this right?").sees("472 new · 0 changed · 0 the same").sees("03Y")
    kim.sees(re.compile("700 rows you chose to leave out")).needs_no_sideways_scroll()  # 1,173 less 473
    kim.presses("Take the 472").sees_heading("Stored").needs_no_sideways_scroll()
    kim.presses("Undo").sees_heading("Taken back")


@pytest.mark.skipif(not WORKBOOK.exists(), reason="no copy of the published workbook on this machine")
def test_a_published_workbook_comes_in_as_it_is(arrives: Arrives, with_a_worker: str) -> None:
    """52,634 figures, all as the reader written for this very workbook reads them; the rows it has two of are named."""
    kim = arrives(at=with_a_worker).signs_in_as("Kim")
    kim.page.set_default_timeout(90_000)
    kim.opens("/imports/").page.locator("input[type=file]").set_input_files(WORKBOOK)
    kim.presses("Read the file")
    kim.page.wait_for_url("**/table/")
    kim.page.get_by_label("Sheet “Table 4”").check()
    kim.presses("Go on").chooses("Which one, if the same for all rows?", "Staff sickness absence").presses("Check the file")
    kim.page.wait_for_url("**/check/")
    kim.sees("0 new · 0 changed · 52,634 the same").sees(re.compile("another figure for the same place and period"))
