"""What an edit changed, without what is about a person.

The log is read by more people than a staff record is, for longer, and nothing in it can be erased. So of what is personal it
says that it changed, and never from what to what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

BEFORE, AFTER, CHANGED = "before", "after", "changed"
# Kinds of object of which no field's value is kept: all of it is about one person.
ABOUT_PEOPLE = frozenset({
    "account", "address", "assignment", "emergency", "event", "follow", "grant", "invitation", "lastlook", "person", "post", "role",
    "staff-record", "token", "digest", "complaint", "personevent", "assignmentevent", "grantevent",
    "choice", "connected", "consent", "data-request", "datapart", "datarequest", "draft", "followed", "joining", "joinrequest",
    # What teams and their coaches say to each other is theirs: the log keeps that something was said.
    "month", "remark", "coach", "coach-note", "coach-request", "coachrequest", "hindrance", "promise", "thanks",
    "claim", "partner", "patientview", "because", "voice", "editionanswer", "partnerrole", "becauseof",
    # An idea is its person's until it is shared; a register may name whom it likes.
    "idea", "member", "typed", "submission",
    "letter", "letterchoice", "letters", "sent", "session", "signinletter", "staff", "staffchange",
})  # fmt: skip
# Fields that are about a person in whatever they stand.
OF_PEOPLE = frozenset({
    "account", "account_id", "added_by_id", "asked_by_id", "approved_by_id", "begun_by_id", "by_id", "done_by_id", "ended_by_id", "email",
    "given_by_id", "keeper_id", "lead_id", "saved_by_id", "second_id", "who",
    "made_by", "made_by_id", "manager", "manager_id", "password", "person", "person_id", "secret", "username", "work_email",
})  # fmt: skip


def may_keep(object_kind: str, field: str) -> bool:
    """Whether the log may keep what stood in a field.

    >>> may_keep("unit", "name"), may_keep("person", "name"), may_keep("unit", "account_id")
    (True, False, False)
    """
    return object_kind not in ABOUT_PEOPLE and field not in OF_PEOPLE


def difference(object_kind: str, before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """Return what to keep of an edit: which fields changed, and from what to what where that may be kept.

    >>> difference("unit", {"name": "Ward 7", "code": "W7"}, {"name": "Ward 8", "code": "W7"})
    {'changed': ['name'], 'before': {'name': 'Ward 7'}, 'after': {'name': 'Ward 8'}}
    >>> difference("person", {"name": "A"}, {"name": "B"})
    {'changed': ['name']}
    """
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    kept = [name for name in changed if may_keep(object_kind, name)]
    found: dict[str, object] = {CHANGED: changed}
    if kept:
        found[BEFORE] = {name: before[name] for name in kept if name in before}
        found[AFTER] = {name: after[name] for name in kept if name in after}
    return found


def cleaned(object_kind: str, detail: Mapping[str, object]) -> dict[str, object]:
    """Return detail as it may be kept: a before and after that a caller put there itself is treated alike."""
    before, after = detail.get(BEFORE), detail.get(AFTER)
    if not isinstance(before, dict) and not isinstance(after, dict):
        return dict(detail)
    rest = {name: value for name, value in detail.items() if name not in {BEFORE, AFTER}}
    return rest | difference(object_kind, before if isinstance(before, dict) else {}, after if isinstance(after, dict) else {})
