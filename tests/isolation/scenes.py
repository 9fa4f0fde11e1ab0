"""Tries that need more than an address or an action's scene: each returns whether somebody got through who should not.

They stand beside the routes and actions of probing.py, for guards that nothing else there meets.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from tests.contracts.test_actions import AT, CALLS, complained

from espalier.access import tokens
from espalier.access.actions import add_account, system_viewer
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.common.errors import UnableTo
from espalier.insight import actions as insight
from espalier.measures.queries.importing import measures_to_load
from espalier.organisations import actions as organisations
from espalier.organisations.actions.complaints import acknowledge_complaint
from espalier.organisations.models import Assignment, Grant
from espalier.site.actions.signing import UnableToSignUp, come_in

FROM = "203.0.113.9"  # an address of its own, so that nobody else is told to wait


def person(name):
    return viewer_of(get_user_model().objects.get(username=name))


def browser(name):
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def through(action, actor, **facts):
    """Whether somebody does what they are refused."""
    try:
        with acting_as(actor), transaction.atomic():
            action(actor=actor, **facts)
    except (UnableTo, PermissionDenied):
        return False
    return True


def a_token(**facts):
    return {
        "name": "mine",
        "scopes": frozenset({"read"}),
        "expires_at": timezone.now() + timedelta(days=9),
        "unit_id": None,
        "secret": tokens.new_secret(),
    } | facts


def a_partner_makes_a_token():
    return through(tokens.make, person("demo-partner"), at=timezone.now(), **a_token())


def a_partner_sends_the_form_for_a_token():
    facts = {"name": "mine", "scopes": "read", "where": "", "days": "30"}
    return browser("demo-partner").post("/tokens/", facts).status_code != 403


def a_token_works_on_after_its_person_has_left():
    made = a_token()
    with acting_as(person("demo-care")) as drew:
        tokens.make(actor=drew, at=timezone.now(), **made)
    with acting_as(system_viewer()):
        for kind in (Grant, Assignment):
            kind.objects.filter(person__account__username="demo-care").delete()
    return Client().get("/api/v1/units", headers={"authorization": f"Bearer {made['secret']}"}).status_code != 401


def an_administrator_answers_without_a_second_step():
    return through(acknowledge_complaint, replace(person("demo-admin"), is_strong=False), at=AT, pk=complained())


def a_ward_leader_takes_in_an_administrator():
    with acting_as(system_viewer()):
        facts = CALLS["organisations.take_in"]()
    return through(organisations.take_in, facts.pop("actor"), at=AT, **{**facts, "role": "people-data-lead"})


def an_administrator_moves_their_whole_organisation():
    return browser("demo-admin").get("/units/DEMO-TRUST/change/move/").status_code != 403


def a_system_has_a_page_of_what_it_shares():
    return browser("demo-system").get("/units/DEMO/sharing/").status_code != 403


def a_second_real_person_comes_in():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL espalier.embedded = 'on'")
    add_account(username="owner")
    try:
        come_in(None, invited=None, typed="", name="Another")  # nobody looks at what comes with it before that is decided
    except UnableToSignUp:
        return False
    except AttributeError:
        return True
    return True


def somebody_complains_all_the_time():
    client = Client(raise_request_exception=False, REMOTE_ADDR=FROM)
    return all(
        client.post("/complaints/receipt/", {"number": "C-1234-5678", "words": "one two three"}).status_code != 403 for _ in range(24)
    )


def a_ward_leader_is_offered_published_measures():
    with acting_as(person("demo-leader")) as alex:
        return any(one.words.get("entered_by") != "teams" for one in measures_to_load(viewer=alex))


def a_report_that_was_put_away_goes_out_as_a_file():
    with acting_as(system_viewer()):
        facts = CALLS["insight.put_away"]()
    with acting_as(facts["actor"]):
        insight.put_away(at=timezone.now(), **facts)
    return browser("demo-analyst").get("/insight/reports/1/file.pdf").status_code != 403


SCENES = {
    scene.__name__: scene for scene in (
        a_partner_makes_a_token, a_partner_sends_the_form_for_a_token, a_token_works_on_after_its_person_has_left, an_administrator_answers_without_a_second_step,
        a_ward_leader_takes_in_an_administrator, an_administrator_moves_their_whole_organisation, a_system_has_a_page_of_what_it_shares,
        a_second_real_person_comes_in, somebody_complains_all_the_time, a_ward_leader_is_offered_published_measures,
        a_report_that_was_put_away_goes_out_as_a_file,
    )
}  # fmt: skip
