"""Somebody sees who looked at their record; somebody from above reads for an hour, because a second person agreed."""

from tests.journeys.conftest import PHONE

WHY = "Two wards' figures were mixed up in a letter tonight."


def test_a_nurse_asks_who_looked_at_her_record(arrives):
    arrives().signs_in_as("Jude").opens("/people/1/")
    nurse = arrives(viewport=PHONE).signs_in_as("Sam").opens("/account/who-looked/")
    nurse.sees_heading("Who looked at my record").sees("Jude, people data lead (made up)").needs_no_sideways_scroll()


def test_somebody_at_whose_record_nobody_looked_is_told_so(arrives):
    arrives(viewport=PHONE).signs_in_as("Bo").opens("/account/who-looked/").sees("Nobody has looked").needs_no_sideways_scroll()


def test_an_auditor_finds_what_was_refused_and_proves_the_log(arrives):
    drew = arrives().signs_in_as("Drew")
    drew.opens("/measures/team-falls/DEMO-WARD-7/enter/", status=403)
    noor = arrives().signs_in_as("Noor").opens("/admin-tools/audit/?did=refused")
    noor.sees_heading("What was done").sees("was refused page team-falls DEMO-WARD-7")
    noor.follows("Is the log whole?").presses("Look through the log").sees("The log is whole")


def test_nobody_agrees_to_their_own_emergency(arrives):
    ash = arrives().signs_in_as("Ash").opens("/admin-tools/emergency/")
    ash.chooses("Which organisation", "Riverside Hospital (made up)")
    ash.page.get_by_label("Why you need to look").fill(WHY)
    ash.presses("Ask").sees("Waiting for an answer").sees("You cannot agree to your own")
    assert ash.page.get_by_role("button", name="Agree").count() == 0
    ash.page.get_by_role("button", name="Take it back").click()
    ash.sees("Refused or taken back").sees(WHY)
