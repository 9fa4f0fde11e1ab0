"""What the pages about people's data and about trust gather from the rooms below."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection

from espalier.access import clearing, consents, copies, rights
from espalier.access.deciding import anywhere, can
from espalier.access.embedding import WHAT_TO_DO, WHY, is_embedded
from espalier.access.privacy import Privacy, privacy
from espalier.access.rights import Subject
from espalier.access.roles import all_roles
from espalier.access.viewer import VISITOR
from espalier.jobs.living import somebody_works
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from espalier.access.clearing import ClearedFacts, Schedule
    from espalier.access.copies import RequestFacts
    from espalier.access.privacy import Held
    from espalier.access.viewer import Viewer

RECORDS, REMOVE, ANSWER, LOG = "people.records", "records.remove", "complaints.answer", "audit.read"


@dataclass(frozen=True, slots=True)
class MyData:
    """What one may ask for, and what was asked for."""

    requests: tuple[RequestFacts, ...]
    erasing: RequestFacts | None


def my_data(*, viewer: Viewer, at: datetime) -> MyData:
    """Return a person's requests; copies whose time is over are no longer offered."""
    found = [one for one in copies.several(viewer=viewer) if one.kept_until is None or one.kept_until > at]
    shown = tuple(one for one in found if one.kind == copies.COPY or one.state not in {"asked", "taken-back"})
    return MyData(shown, next((one for one in found if one.kind == copies.ERASE and one.state == "waiting"), None))


@dataclass(frozen=True, slots=True)
class Going:
    """One line of what an erasure takes away, or leaves."""

    title: str
    rows: int
    goes: bool
    kept: str


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request."""

    asked: RequestFacts
    is_mine: bool
    works: bool
    going: tuple[Going, ...]
    whose: str

    @property
    def title(self) -> str:
        """Its heading."""
        return "A copy of your data" if self.asked.kind == copies.COPY else "Erase what is held"


def data_request(*, viewer: Viewer, pk: UUID, at: datetime) -> RequestPage:
    """Return one request of the viewer's."""
    asked = copies.one(viewer=viewer, pk=pk)
    looked = asked.kind == copies.ERASE and asked.state in copies.OPEN
    own = asked.about_id == viewer.account_id
    whose = "you" if own else "this person"
    return RequestPage(asked, asked.account_id == viewer.account_id, somebody_works(at=at), _going(pk) if looked else (), whose)


def _going(pk: UUID) -> tuple[Going, ...]:
    held = copies.counts(pk)
    lines = [Going(one.title, held.get(one.table, 0), bool(one.erase), one.kept) for one in rights.places() if held.get(one.table, 0)]
    return tuple(sorted(lines, key=lambda one: not one.goes))


def chosen(*, viewer: Viewer) -> tuple[consents.Chosen, ...]:
    """Return what a person said yes or no to."""
    return consents.chosen(viewer=viewer)


@dataclass(frozen=True, slots=True)
class ForOthers:
    """What was asked for somebody else, and whether erasing is offered."""

    requests: tuple[RequestFacts, ...]
    may_erase: bool


def for_others(*, viewer: Viewer) -> ForOthers:
    """Return what the viewer asked for about people of their organisation."""
    decisions = [anywhere(viewer=viewer, do=code) for code in (RECORDS, ANSWER)]
    if not any(decisions):
        raise PermissionDenied(decisions[0].reason)
    return ForOthers(copies.several(viewer=viewer, others=True), bool(anywhere(viewer=viewer, do=REMOVE)))


def whom(*, viewer: Viewer, text: str, erase: bool) -> Subject | str:
    """Find the one person somebody asks for, or say why not. Every organisation they are at must be the viewer's to decide for."""
    found = organisations.person_to_ask_for(viewer=viewer, text=text)
    if len(found) != 1:
        return (
            "Nobody of your organisation is found by that" if not found else "Several people are found by that. Use the work e-mail address"
        )
    return _no_to(viewer, found[0], erase=erase) or Subject(found[0].account_id, found[0].pk)


def _no_to(viewer: Viewer, person: organisations.Asked, *, erase: bool) -> str:
    """Say why somebody may not ask for a person's data; "" where they may."""
    wanted = (REMOVE,) if erase else (RECORDS, ANSWER)
    may = [any(can(viewer=viewer, do=code, unit_id=owner) for code in wanted) for owner in person.owner_ids]
    if not any(may):
        return "They do not belong to an organisation you do this for"
    return "They belong to another organisation too, which must agree" if erase and not all(may) else ""


def no_to_asking(*, viewer: Viewer, about: Subject, erase: bool) -> str:
    """Say why the viewer may not ask for these data; "" for one's own, and for people one's organisation does it for.

    Account and person must be the same human being's: otherwise one's own person would open another's account.
    """
    if viewer.is_visitor:
        return "Sign in first"
    if about.account_id == viewer.account_id and about.person_id in {None, viewer.person_id}:
        return ""
    person = organisations.person_asked_for(viewer=viewer, pk=about.person_id or 0)
    if person is None or person.account_id != about.account_id:
        return "They do not belong to an organisation you do this for"
    return _no_to(viewer, person, erase=erase)


def organisation_named(text: str) -> int | str:
    """Find the organisation of that code or name, or say which are near: none is guessed."""
    found = [one for one in organisations.search(viewer=VISITOR, text=text, limit=12) if one.is_organisation]
    exact = [one for one in found if text.lower() in {one.code.lower(), one.name.lower()}]
    if len(exact) == 1:
        return exact[0].pk
    near = "; ".join(f"{one.name} ({one.code})" for one in found[:4])
    return f"Did you mean: {near}? Write the code" if near else "We know no such organisation. Leave the box empty"


@dataclass(frozen=True, slots=True)
class RetentionLine:
    """One schedule and what it has done."""

    schedule: Schedule
    removed: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class RetentionPage:
    """All of them."""

    lines: tuple[RetentionLine, ...]
    history: tuple[ClearedFacts, ...]
    names: dict[str, str]
    ran_at: datetime | None


def retention(*, viewer: Viewer) -> RetentionPage:
    """Return how long what is kept and what went; numbers of rows, nothing about anybody."""
    if not (decision := anywhere(viewer=viewer, do=LOG)):
        raise PermissionDenied(decision.reason)
    done, schedules = clearing.totals(), clearing.schedules()
    lines = tuple(RetentionLine(one, *done.get(one.code, (0, None))) for one in schedules)
    return RetentionPage(lines, clearing.history(), {one.code: one.what for one in schedules}, done.get(clearing.RUN, (0, None))[1])


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """What is held, with how long in words."""

    words: Privacy
    held: tuple[tuple[Held, str], ...]
    contact: str


def privacy_page() -> PrivacyPage:
    """Return the words of the privacy page; how long comes from the schedules that are carried out."""
    how_long = {
        one.code: f"{one.how_long} from {one.counted_from}" if any(one.kept.values()) else f"Until {one.counted_from}"
        for one in clearing.schedules()
    }
    return PrivacyPage(privacy(), tuple((one, how_long.get(one.kept, one.kept)) for one in privacy().held), settings.CONTACT)


@dataclass(frozen=True, slots=True)
class TrustPage:
    """What is true of this installation now."""

    words: Privacy
    version: str
    embedded: bool
    server: str
    guarded: int
    tls: bool
    strong_roles: tuple[str, ...]
    schedules: int
    mail: bool
    contact: str
    why_not: str
    what_to_do: str
    ran_at: datetime | None


def version() -> str:
    """Return which version this is; a checkout that was never installed says so."""
    try:
        return metadata.version("espalier")
    except metadata.PackageNotFoundError:
        return "from its source"


def trust_page(*, at: datetime) -> TrustPage:
    """Return what the installation says of itself, asked now and not written down beforehand."""
    del at
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        server = str(cursor.fetchone()[0]).split(" ")[0]
        cursor.execute("SELECT count(*) FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind = 'r'")
        guarded = int(cursor.fetchone()[0])
    strong = tuple(role.name for role in all_roles().roles.values() if all_roles().needs_second_step(role.code))
    return TrustPage(
        privacy(), version(), is_embedded(), server, guarded, settings.SECURE_TLS, strong, len(clearing.schedules()),
        bool(settings.EMAIL_HOST), settings.CONTACT, WHY, WHAT_TO_DO, clearing.totals().get(clearing.RUN, (0, None))[1],
    )  # fmt: skip
