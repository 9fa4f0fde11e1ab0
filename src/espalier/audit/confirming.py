"""Write down that somebody said of their words: this is not a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.audit.recording import record

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Protocol

    from espalier.audit.recording import Actor

    class Asked(Protocol):
        """What is needed of a request."""

        @property
        def viewer(self) -> Actor: ...
        @property
        def at(self) -> datetime: ...
        @property
        def path(self) -> str | None: ...


def not_a_person(request: Asked, confirmed: tuple[str, ...]) -> None:
    """Record which kinds were confirmed (a form's `confirmed`), and on which page; never the words. Nothing where none was.

    It stands in the transaction of the request: what was not stored was not confirmed either.
    """
    if confirmed:
        record(
            actor=request.viewer, verb="confirm", object_kind="words", object_id=(request.path or "")[:60], at=request.at,
            detail={"not_a_person": list(confirmed)},
        )  # fmt: skip
