"""Words for the pages about people."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from espalier.ui.filters import NOTHING, day, moment, number, plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from espalier.organisations.queries.people import PersonLine, PersonRecord, Post, RoleHeld, Step, UnitPeople

WHY = {
    "self": "This is what is written down about your work. You, your managers and those who keep the staff records see it.",
    "manager": "You see this because you are named as the manager of this post. You do not see posts that others manage.",
    "records": "You see this because you keep the staff records here.",
}
NAMES = {
    "role_title": "Post", "profession": "Profession", "staff_group": "Staff group", "band": "Band", "fraction": "Hours",
    "since": "First day", "until": "Last day", "number": "Assignment number", "name": "Name", "work_email": "Work e-mail address",
    "unit_id": "Team", "manager_id": "Manager",
}  # fmt: skip
DID = {
    "post-added": "New post", "post-changed": "Post changed", "post-removed": "Post taken away", "person-added": "Person added",
    "person-changed": "Name or address changed", "person-removed": "Person taken away",
}  # fmt: skip


def share(fraction: Decimal | None) -> str:
    """Write hours as a share of full time.

    >>> share(Decimal("1.000")), share(Decimal("0.600")), share(None)
    ('full time', '0.6 of full time', '–')
    """
    if fraction is None:
        return NOTHING
    return "full time" if fraction == 1 else f"{fraction.normalize():f} of full time"


def span(since: date, until: date | None, today: date) -> str:
    """Say from when until when something is held; until is the first day on which it is not.

    >>> span(date(2020, 4, 1), None, date(2026, 1, 1)), span(date(2020, 4, 1), date(2021, 4, 1), date(2026, 1, 1))
    ('since 1 April 2020', '1 April 2020 to 31 March 2021')
    """
    if until is None:
        return f"{'from' if since > today else 'since'} {day(since)}"
    return f"{day(since)} to {day(until - timedelta(days=1))}"


def stands(one: Post | RoleHeld, today: date) -> str:
    """Say whether something is held now, was, or will be."""
    if one.since > today:
        return "to come"
    return "now" if one.until is None or one.until > today else "before"


def facts(one: Post, record: PersonRecord) -> list[dict[str, str]]:
    """List the facts of a post."""
    rows = [
        ("Hours", share(one.fraction)), ("Band", one.band), ("Staff group", one.staff_group), ("Profession", one.profession),
        ("Manager", one.manager), ("Assignment number", one.number if record.why != "manager" else ""),
    ]  # fmt: skip
    return [{"key": key, "value": value} for key, value in rows if value and value != NOTHING]


def list_rows(people: Sequence[PersonLine], page: UnitPeople) -> list[list[object]]:
    """Return the table of who works at a place."""
    return [
        [{"text": one.name, "href": f"/people/{one.pk}/"} if page.records else one.name, *_posts(one, page), _roles(one)] for one in people
    ]


def _roles(one: PersonLine) -> str:
    return ", ".join(dict.fromkeys(role.name for role in one.roles))


def _posts(one: PersonLine, page: UnitPeople) -> tuple[str, str]:
    titles = "; ".join(dict.fromkeys(post.title for post in one.posts))
    places = "; ".join(dict.fromkeys(post.unit_name for post in one.posts)) or "; ".join(dict.fromkeys(r.unit_name for r in one.roles))
    return titles, places or page.unit.name


def beside_rows(people: Sequence[PersonLine], page: UnitPeople) -> list[list[object]]:
    """Return the table of those who take part without a post."""
    return [[row[0], row[2], row[3]] for row in list_rows(people, page)]


def by_list(step: Step) -> bool:
    """Whether a change came with a staff list: it is taken back with the list, not alone."""
    return step.why.startswith("File ")


def counted(page: UnitPeople) -> str:
    """Say how many people are listed."""
    people = plural(page.page.total, "person", "people")
    return f"{people} with “{page.text}” in their name or post" if page.text else f"{people} with a post"


def report_rows(record: PersonRecord) -> list[list[object]]:
    """Return the table of those whose manager somebody is."""
    return [
        [{"text": one.person, "href": f"/people/{one.person_id}/"}, one.title, one.unit_name] for one in record.reports
    ]


def step_title(step: Step, names: Mapping[int, str]) -> str:
    """Say what was done in one go, when and by whom."""
    did = list(dict.fromkeys(DID[what] for what, _, _ in step.did))
    by = names.get(step.account_id or 0, "somebody")
    words = "Taken back" if step.undoes else ", ".join(did)
    return f"{words}: {moment(step.at)}, {by}"


def step_rows(step: Step) -> list[list[str]]:
    """Return what changed in one go: which fact, before and after."""
    rows = []
    for what, before, after in step.did:
        for name, words in NAMES.items():
            old, new = before.get(name), after.get(name)
            if old != new and name not in {"unit_id", "manager_id"}:
                rows.append([words, _written(name, old), _written(name, new)])
            elif old != new and what == "post-changed":
                rows.append([words, "another" if old else NOTHING, "changed" if new else NOTHING])
    return rows


def _written(name: str, value: Any) -> str:
    if value in {None, ""}:
        return NOTHING
    if name == "fraction":
        return share(Decimal(str(value)))
    if name == "until":
        return day(date.fromisoformat(str(value)) - timedelta(days=1))
    return day(date.fromisoformat(str(value))) if name == "since" else str(value)


def beside_typed(now: Mapping[str, Any], typed: Mapping[str, Any]) -> list[list[str]]:
    """Return what stands now beside what was typed, where they differ."""
    labels = {
        "name": "Name", "work_email": "Work e-mail address", "title": "Post", "team": "Team", "staff_group": "Staff group", "band": "Band",
        "profession": "Profession", "fraction": "Hours", "manager": "Manager", "number": "Assignment number", "since": "First day",
        "last_on": "Last day",
    }  # fmt: skip
    rows = [(words, _shown(now.get(name)), _shown(typed.get(name))) for name, words in labels.items() if name in now and name in typed]
    return [list(row) for row in rows if row[1] != row[2]]


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return number(value, 3).rstrip("0").rstrip(".")
    return str(value) if value not in {None, ""} else NOTHING


def initial(one: Post) -> dict[str, Any]:
    """Return what stands in the boxes of a post that is to be changed."""
    return {
        "title": one.title, "team": one.unit_code, "staff_group": one.staff_group, "profession": one.profession, "band": one.band,
        "fraction": _shown(one.fraction) if one.fraction is not None else "", "manager": one.manager, "number": one.number,
        "since": one.since,
    }  # fmt: skip
