"""A register of projects kept in Excel comes in through the pages, and the project's page shows what was typed, as typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from tests.journeys.conftest import DESK, PHONE

if TYPE_CHECKING:
    from tests.journeys.conftest import Arrives
    from tests.journeys.person import Person

FILES = Path(__file__).parents[1] / "unit" / "projects" / "registers"


def gives(somebody: Person, name: str, kind: str) -> None:
    somebody.opens("/imports/")
    somebody.page.locator("input[type=file]").set_input_files(FILES / name)
    somebody.page.get_by_label(kind).check()
    somebody.presses("Read the file")


def is_for_everybody(somebody: Person) -> None:
    """Look at the page as it stands, on a phone and at a desk."""
    for size in (PHONE, DESK):
        somebody.page.set_viewport_size(size)  # type: ignore[arg-type]
        somebody.meets_no_barrier().needs_no_sideways_scroll()


def test_a_register_in_excel_becomes_projects_with_their_typed_scores(arrives: Arrives) -> None:
    pat = arrives(viewport=DESK).signs_in_as("Pat")
    pat.opens("/projects/").follows("Bring in projects from a register you have")
    expect(pat.page.get_by_label("A register of projects")).to_be_checked()
    is_for_everybody(pat)
    gives(pat, "register.xlsx", "A register of projects")
    pat.sees_heading("Which column is which?").sees("These are the headings of a register of projects in Excel")
    is_for_everybody(pat)
    pat.chooses("Which one, if the same for all rows?", "Everybody who works in the organisation")
    pat.chooses("Who may read the projects here (if the file has it)", "The same for all rows")
    pat.presses("Check the file")
    pat.sees_heading("Is this right?").sees("3 new · 0 changed · 0 the same").sees("1 thing to know")
    is_for_everybody(pat)
    pat.presses("Store them")
    is_for_everybody(pat.sees_heading("Stored"))
    pat.follows("Quicker answers to bells")
    pat.sees_heading("Quicker answers to bells").sees("Brought from an old register")
    pat.sees("1.0 of 5, typed on 24 May 2025").sees("On hold").sees("The register names Nobody Known.")
    is_for_everybody(pat.sees("That was typed, so it stands beside what the record supports and never changes it."))

    gives(pat, "pdsa.csv", "PDSA cycles of a register")
    pat.presses("Check the file")
    is_for_everybody(pat.sees("3 new · 0 changed · 0 the same"))
    pat.presses("Store them")
    pat.follows("Tests of Fewer falls at night (register)")
    is_for_everybody(pat.sees("from the old register, typed"))
    pat.page.get_by_role("link", name="Test T1").first.press("Enter")
    is_for_everybody(pat.sees("Typed in an old register").sees("Adapt: only half of the lights"))

    pat.opens("/imports/").follows("pdsa.csv", exact=False).presses("Undo")
    pat.sees("3 tests went back to what stood before.")
    pat.opens("/imports/").follows("register.xlsx", exact=False).presses("Undo")
    pat.sees("3 projects went back to what stood before.")
