"""What imports cannot see about tables: which way keys point, what each field is, and that their guards stand."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from tests.contracts.fields import CONFIDENTIAL, FIELDS, OPEN, OTHERS, PERSONAL, SPECIAL

from espalier.config import roles

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
# 0 is the top: config. Rooms on one line share a rank, and do not know each other.
RANK = {room.strip(): rank for rank, line in enumerate(CONTRACTS[0]["layers"]) for room in line.split("|")}
OURS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in RANK]


def keys_of(model):
    """Foreign keys, one-to-one keys and many-to-many fields that stand in this model."""
    return [f for f in (*model._meta.local_fields, *model._meta.local_many_to_many) if f.is_relation and f.related_model is not None]


def wrong_keys(several):
    return [
        f"{model._meta.label}.{key.name} points at {key.related_model._meta.label}"
        for model in several
        for key in keys_of(model)
        if (room := key.related_model._meta.app_label) != model._meta.app_label
        and not (room in RANK and RANK[room] > RANK[model._meta.app_label])
    ]


def named_back(several):
    """Keys to another room through which that room could walk back."""
    return [
        f"{model._meta.label}.{key.name}"
        for model in several
        for key in keys_of(model)
        if key.related_model._meta.app_label != model._meta.app_label and key.remote_field.related_name != "+"
    ]


def planted(room, target, **options):
    """A model that is never registered for good: it is taken out of Django's lists again."""
    made = type("Planted", (models.Model,), {
        "__module__": __name__, "key": models.ForeignKey(target, models.CASCADE, **options), "Meta": type("Meta", (), {"app_label": room}),
    })  # fmt: skip
    del apps.all_models[room]["planted"]
    apps.clear_cache()
    return made


def test_every_room_is_ranked():
    assert {app.label for app in apps.get_app_configs() if app.name.startswith("espalier.")} <= RANK.keys()
    assert len(OURS) > 10


def test_no_key_points_up_or_sideways():
    assert wrong_keys(OURS) == []


@pytest.mark.parametrize(("room", "target"), [
    ("organisations", "measures.Series"), ("access", "organisations.Person"), ("audit", "access.Account"), ("measures", "contenttypes.ContentType"),
])  # fmt: skip
def test_a_key_that_points_up_sideways_or_out_of_the_house_would_be_found(room, target):
    assert wrong_keys([planted(room, target, related_name="+")]) == [f"{room}.Planted.key points at {target}"]


def test_no_lower_room_can_walk_back_up_a_key():
    assert named_back(OURS) == []


def test_a_key_that_can_be_walked_back_would_be_found():
    assert named_back([planted("measures", "organisations.Unit")]) == ["measures.Planted.key"]


# ---- What each field is ----------------------------------------------------------------------------


def classes_of(label):
    return {name: word for word, names in FIELDS.get(label, {}).items() for name in names.split()}


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_every_field_is_classed_and_every_class_is_of_a_field(model):
    known = classes_of(model._meta.label)
    here = {field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)}
    assert here - known.keys() == set(), "say in tests/contracts/fields.py who may know these"
    assert known.keys() - here == set(), "these fields are gone"


def test_no_table_is_classed_that_does_not_exist():
    assert FIELDS.keys() - {model._meta.label for model in OURS} == set()
    assert {word for table in FIELDS.values() for word in table} <= {OPEN, PERSONAL, CONFIDENTIAL, SPECIAL}


def test_tables_of_other_packages_are_classed():
    brought = {model._meta.app_label for model in apps.get_models(include_auto_created=True)} - RANK.keys()
    assert brought == OTHERS.keys()


def test_special_facts_stand_in_a_schema_of_their_own():
    special = [label for label, table in FIELDS.items() if SPECIAL in table]
    assert [label for label in special if not apps.get_model(label)._meta.db_table.startswith('equality"."')] == []


# ---- Guards in the database ------------------------------------------------------------------------

# Confidential tables without row-level security, each with the reason.
UNGUARDED = {
    "organisations_sharing": "the policies themselves read it; its one page asks for a role inside the organisation",
}


# Tables whose rows belong to one person each.
PRIVATE = {"access_token", "site_draft", "access_sent", "measures_posted", "measures_savedview", "measures_lastlook", "measures_follow", "measures_digest"}
# Whoever acts adds to these, signed in or not: reading them is another matter. To the last two only a trigger does.
# What stands in a project is seen with it. By its key, one look into an index a row: a list of all projects that somebody may
# see would be fifty thousand long.
WITH_ITS_PROJECT = re.compile(r"EXISTS \( SELECT 1\s+FROM projects_project p\s+WHERE \(+p\.id = \w+\.project_id\)")
ANYBODY_ADDS = {"audit_event", "audit_address", "organisations_sharingevent", "organisations_unitevent"}


@pytest.mark.django_db
def test_what_is_confidential_is_guarded_by_rows():
    confidential = {apps.get_model(label)._meta.db_table for label, table in FIELDS.items() if CONFIDENTIAL in table}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind = 'r'")
        guarded = {name for (name,) in cursor.fetchall()}
    assert confidential - guarded - UNGUARDED.keys() == set()
    assert UNGUARDED.keys() & guarded == set(), "guarded now: take it out of the list"


@pytest.mark.django_db
def test_the_policies_ask_once_a_statement_and_stand_an_unset_viewer():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, cmd, coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies WHERE schemaname = 'public'")
        policies = cursor.fetchall()
    commands = {}
    for table, command, words in policies:
        commands.setdefault(table, set()).add(command)
        called = re.findall(r"(?:access|organisations|measures|insight|imports|audit|projects)_\w+(?=\(\))", words)
        asked = re.findall(r"SELECT ((?:access|organisations|measures|insight|imports|audit|projects)_\w+)\(\)", words)
        assert sorted(called) == sorted(asked), f"{table}: the function must stand in a sub-select, or it runs once a row"
        # What is private to a person asks only who is looking; everything else asks whose say it is.
        private = table in PRIVATE or ("account_id" in words and "owner" not in words)
        with_it = table.startswith("projects_") and WITH_ITS_PROJECT.search(words)
        assert asked or private or with_it or (table in ANYBODY_ADDS and command == "INSERT"), table
        assert "EXISTS" not in WITH_ITS_PROJECT.sub("", words).upper()
        assert words.count("current_setting(") == words.count("NULLIF(current_setting("), f"{table}: '' is not NULL"
    # Where the app may only add, it needs no policy for changing a row: nobody then may.
    added = {table: done for table, done in commands.items() if done != {"SELECT", "INSERT", "UPDATE", "DELETE"}}
    assert commands and added.keys() - {"audit_address"} <= set(roles.APPEND_ONLY)
    assert all(done >= {"SELECT", "INSERT"} and "UPDATE" not in done for done in added.values())


@pytest.mark.django_db
def test_every_settings_look_up_in_a_function_stands_an_unset_viewer():
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, lower(prosrc) FROM pg_proc WHERE prosrc ILIKE '%app.viewer%'")
        functions = cursor.fetchall()
    assert functions
    assert [
        name
        for name, words in functions
        if words.count("current_setting('app.viewer'") != words.count("nullif(current_setting('app.viewer', true), '')")
    ] == []
