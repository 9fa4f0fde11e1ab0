"""What every address of the interface for programs shares: its problem answers, its paging, and what a token may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from ninja import Field, Schema
from pydantic import StringConstraints

from espalier.access.tokens import ENTER, READ
from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

MOST, USUAL = 500, 100  # rows of a page
CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"
Code = Annotated[str, StringConstraints(pattern=CODE, max_length=60)]
Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,400}$")]


class Part(Schema):
    """One wrong part of a batch."""

    where: str = Field(description="Which part, for example figures[3].unit.")
    what: str = Field(description="What is wrong with it.")
    to_do: str = Field(description="What to do next.")


class Problem(Schema):
    """What went wrong, in words for a person and with a code for a program."""

    type: str = Field(description="Always about:blank: the code says more.", examples=["about:blank"])
    title: str = Field(description="The name of the status.", examples=["Unprocessable Entity"])
    status: int = Field(description="The status again.", examples=[422])
    code: str = Field(description="A word that does not change between versions.", examples=["figures"])
    what: str = Field(description="What happened.", examples=["1 figure is not right, so nothing was stored."])
    where: str = Field(
        description="In which parameter, header or part of the body; empty where it is all of it.", examples=["body, figures"]
    )
    to_do: str = Field(description="What to do next.", examples=["Mend them and send the batch again."])
    problems: list[Part] | None = Field(None, description="Each wrong part, where there are several; 50 at most.")


class NotAllowed(UnableTo):
    """The token is good, and not for this."""

    code = "scope"


class NeedsToken(UnableTo):
    """Nobody in particular is asking for what only somebody may."""

    code = "token"


# Every address may answer with these; those that can also say something else add it.
READS: dict[int, Any] = {400: Problem, 401: Problem, 403: Problem, 422: Problem, 429: Problem}
FINDS: dict[int, Any] = READS | {404: Problem}
OPTIONAL_TOKEN: dict[str, Any] = {"security": [{}]}  # beside the token: without one, open data are read


def may(request: HttpRequest, scope: str) -> None:
    """Refuse a call whose token is not for this; without a token only open data are read."""
    scopes: frozenset[str] | None = getattr(request, "scopes", None)
    if scopes is None:
        if scope == ENTER:
            raise NeedsToken("Sending figures needs a token.", where="header, Authorization", to_do="Make one at /tokens/.")
        return
    if scope not in scopes:
        words = {READ: "reading", ENTER: "putting figures in"}[scope]
        raise NotAllowed(f"This token is not for {words}.", where="header, Authorization", to_do="Make one that is, at /tokens/.")


def question(request: HttpRequest) -> Mapping[str, str]:
    """Return what a list was asked for, without where its page begins and how long it is."""
    return {name: str(value) for name, value in request.GET.items() if name not in {"cursor", "limit"}}
