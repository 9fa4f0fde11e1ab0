"""What stood before an edit in a form: the database keeps the old row by itself, whoever changed it and by whatever way.

Of each table only the fields that people edit; a change of what the database keeps itself (owners, versions) is no edit.
The rows are guarded as what they are of, the app may add to them and change none, and they go only when a person is erased.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from espalier.organisations.models.people import Assignment, Grant, Person
from espalier.organisations.models.tree import Sharing, Unit

NO_WAY_BACK = pghistory.ObjForeignKey(related_name="+", related_query_name="+")


def before_edit(model: type[models.Model], edited: tuple[str, ...], kept: tuple[str, ...] = ()) -> type[models.Model]:
    """Return the model of a table that keeps the old row when one of the edited fields changes or the row goes."""
    made: type[models.Model] = pghistory.create_event_model(
        model,
        pghistory.UpdateEvent("before", row=pghistory.Old, condition=pgtrigger.AnyChange(*edited)),
        pghistory.DeleteEvent("removed"),
        fields=[*edited, *kept],
        obj_field=NO_WAY_BACK,
        context_field=None,  # type: ignore[arg-type]  # as its documentation says
        append_only=False,
    )
    return made


class PersonEvent(before_edit(Person, ("name", "work_email", "is_partner"), ("account", "owner_ids"))):  # type: ignore[misc]
    """A person as they were before an edit."""

    by_id = models.BigIntegerField(null=True)  # whose edit it was: set by the database


class AssignmentEvent(
    before_edit(  # type: ignore[misc]
        Assignment,
        ("person", "unit", "number", "role_title", "profession", "staff_group", "band", "fraction", "manager", "since", "until"),
        ("owner_id",),
    )
):
    """A post as it was held before an edit."""

    by_id = models.BigIntegerField(null=True)


class GrantEvent(before_edit(Grant, ("person", "role", "unit", "since", "until"), ("owner_id", "given_by_id"))):  # type: ignore[misc]
    """A role as it was held before an edit."""

    by_id = models.BigIntegerField(null=True)


class SharingEvent(
    before_edit(Sharing, ("unit", "shared_with", "what", "measure_code", "by_name", "since", "until"), ("given_by_id",))  # type: ignore[misc]
):
    """What was shared upward before an edit."""

    owner_id = models.IntegerField(null=True)  # set by the database
    by_id = models.BigIntegerField(null=True)


class UnitEvent(before_edit(Unit, ("code", "name", "short_name", "kind", "opened_on", "closed_on"))):  # type: ignore[misc]
    """A place as it was before an edit."""

    owner_id = models.IntegerField(null=True)  # set by the database
    by_id = models.BigIntegerField(null=True)
