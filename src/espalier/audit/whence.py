"""Where what is done comes from: a page, a program's call, a job, a command. Set once by whoever opens the way."""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGE, PROGRAM, JOB, COMMAND, STAFF_SYSTEM = "page", "program", "job", "command", "staff-system"


@dataclass(frozen=True, slots=True)
class Whence:
    """By which way something came, and from which place of it: the route of a page, the name of a job or command."""

    way: str = ""
    place: str = ""


NOWHERE = Whence()
_now: ContextVar[Callable[[], Whence]] = ContextVar("audit_whence", default=lambda: NOWHERE)


def now() -> Whence:
    """Return where what is done at this moment comes from."""
    return _now.get()()


@contextlib.contextmanager
def coming(way: str, place: str) -> Iterator[None]:
    """Say where everything done inside comes from."""
    with coming_from(lambda: Whence(way, place)):
        yield


@contextlib.contextmanager
def coming_from(ask: Callable[[], Whence]) -> Iterator[None]:
    """As coming, for a request: its route is known only once its address has been read, so it is asked when needed."""
    before = _now.set(ask)
    try:
        yield
    finally:
        _now.reset(before)
