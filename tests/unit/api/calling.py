"""Tokens and batches, as a program has them."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth import get_user_model

from espalier.access import tokens
from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.organisations.models import Unit

READ, ENTER = "read", "enter"


def viewer(username):
    return viewer_of(get_user_model().objects.get(username=username))


def new_token(username="demo-leader", scopes=(READ, ENTER), unit=None, made=None, lasts=timedelta(days=30)):
    """A token of one of the made-up people, and its facts."""
    made = made or datetime.now(UTC)
    unit_id = Unit.objects.get(code=unit).pk if unit else None
    with acting_as(viewer(username)) as actor:
        return tokens.make(
            actor=actor,
            at=made,
            name="test",
            scopes=frozenset(scopes),
            expires_at=made + lasts,
            unit_id=unit_id,
            secret=tokens.new_secret(),
        )


def batch(*figures, **more):
    """A body: figures as (measure, unit, period, numerator[, denominator])."""
    names = ("measure", "unit", "period", "numerator", "denominator")
    return {"figures": [dict(zip(names, one, strict=False)) for one in figures], **more}
