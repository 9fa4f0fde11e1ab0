"""A staff list comes in through the pages, somebody changes team, and it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.person import Person

LIST = (
    "Assignment Number,Employee Name,Work Email,Organisation,Position Title,Pay Grade,FTE,Start Date\n"
    "40000001,Zora Quill,zora.quill@example.nhs.uk,DEMO-WARD-12,Staff nurse,XR05,0.6,13/04/2020\n"
)


def test_a_staff_list_comes_in_and_is_taken_back(person: Person, tmp_path: Path) -> None:
    page, file = person.page, tmp_path / "staff.csv"
    file.write_text(LIST)
    person.signs_in_as("Jude").opens("/imports/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("A staff list").check()
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("1 new · 0 changed")).to_be_visible()
    page.get_by_role("button", name="Store them").click()
    page.get_by_role("link", name="Who works at Ward 12").click()
    page.get_by_role("link", name="Zora Quill").click()
    expect(page.get_by_role("definition").filter(has_text="0.6 of full time")).to_be_visible()
    person.opens("/imports/")
    page.get_by_role("link", name="staff.csv").first.click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 post went back to what stood before.")).to_be_visible()
    person.opens("/units/DEMO-WARD-12/people/")
    expect(page.get_by_text("Zora Quill")).to_have_count(0)
