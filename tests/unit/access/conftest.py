"""A scene with two hospitals, what each keeps to itself, and people who may or may not see it; really committed."""

from dataclasses import dataclass

import pytest

from espalier.access.viewer import VISITOR, Viewer
from espalier.config import roles

HOURS = "ae-4-hours"


@dataclass(frozen=True)
class Scene:
    """Numbers of what was made, and a viewer for each of the people."""

    units: dict
    series: dict
    people: dict

    def viewer(self, name):
        return VISITOR if name == "visitor" else Viewer(account_id=self.people[name], name=name)


def one(connection, statement, *facts):
    return connection.execute(statement, facts).fetchone()[0]


def add_person(connection, name, grants):
    account = one(
        connection,
        "INSERT INTO access_account (password, username, email, is_active, is_demo) VALUES ('!', %s, '', true, false) RETURNING id",
        name,
    )
    person = one(
        connection, "INSERT INTO organisations_person (account_id, name, made_up) VALUES (%s, %s, true) RETURNING id", account, name
    )
    for role, unit, since, until in grants:
        connection.execute(
            "INSERT INTO organisations_grant (person_id, role, unit_id, since, until) VALUES (%s, %s, %s, %s, %s)",
            [person, role, unit, since, until],
        )
    return account


def share(connection, unit, shared_with, *, what="measures", since="2020-01-01", until=None):
    connection.execute(
        "INSERT INTO organisations_sharing (unit_id, shared_with_id, what, since, until) VALUES (%s, %s, %s, %s, %s)",
        [unit, shared_with, what, since, until],
    )


@pytest.fixture
def as_maintain(as_owner):
    """The role that passes row-level security, as the owner takes it for data migrations and backup."""
    as_owner.execute(f"SET ROLE {roles.MAINTAIN}")
    yield as_owner
    as_owner.execute("RESET ROLE")


@pytest.fixture
def scene(as_owner):
    """Each hospital and the ward keep three months of one measure to themselves; a fourth series is open."""
    units = {
        "ours": one(as_owner, "SELECT id FROM organisations_unit WHERE code = 'DEMO-TRUST'"),
        "ward": one(as_owner, "SELECT id FROM organisations_unit WHERE code = 'DEMO-WARD-7'"),
        "theirs": one(as_owner, "SELECT id FROM organisations_unit WHERE code = 'RJ1'"),
        "region": one(as_owner, "SELECT id FROM organisations_unit WHERE code = 'Y62'"),
    }
    at = {name: (role, units[unit], "2020-01-01", None) for name, role, unit in (
        ("ours", "analyst", "ours"), ("theirs", "analyst", "theirs"), ("ward", "team-leader", "ward"), ("region", "regional-lead", "region"),
    )}  # fmt: skip
    # People are added by an account of the house: their rows are guarded from the owner of the tables too.
    as_owner.execute("SELECT set_config('app.viewer', (SELECT id::text FROM access_account WHERE is_system), false)")
    people = {name: add_person(as_owner, name, [grant]) for name, grant in at.items()}
    people["past"] = add_person(as_owner, "past", [("analyst", units["ours"], "2020-01-01", "2021-01-01")])
    people["future"] = add_person(as_owner, "future", [("analyst", units["ours"], "2999-01-01", None)])
    people["nobody"] = add_person(as_owner, "nobody", [])
    as_owner.execute("SELECT set_config('app.viewer', '', false)")
    as_owner.execute(f"SET ROLE {roles.MAINTAIN}")
    measure = one(as_owner, "SELECT id FROM measures_measure WHERE code = %s", HOURS)
    series = {}
    for name, owner, stratum in (
        ("ours", units["ours"], "night"), ("theirs", units["theirs"], "night"), ("ward", units["ward"], "night"), ("open", None, "day"),
    ):  # fmt: skip
        series[name] = one(
            as_owner, "INSERT INTO measures_series (measure_id, unit_id, stratum, owner_id) VALUES (%s, %s, %s, %s) RETURNING id",
            measure, owner or units["ours"], stratum, owner,
        )  # fmt: skip
        for month in ("2019-01-01", "2019-02-01", "2019-03-01"):
            as_owner.execute(
                "INSERT INTO measures_point (series_id, period_on, numerator, denominator, value) VALUES (%s, %s, 9, 10, 90)",
                [series[name], month],
            )
    as_owner.execute("RESET ROLE")
    return Scene(units, series, people)
