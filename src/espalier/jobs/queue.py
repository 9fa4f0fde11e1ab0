"""Work that is done later: a queue and schedules in PostgreSQL, deferred in the business transaction.

A job deferred in a transaction that is rolled back never runs; one that was committed runs at least once, so every job
can be run twice. Jobs pass the same door to the database as requests do.
"""

from __future__ import annotations

import contextlib
import functools
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from procrastinate.contrib.django import app

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


class Door(Protocol):
    """Opens a transaction in which the database shows what an account may see."""

    def __call__(self, account_id: int | None) -> AbstractContextManager[Any]: ...


class Coming(Protocol):
    """Says for the length of a job that what is done comes from it."""

    def __call__(self, name: str) -> AbstractContextManager[None]: ...


_door: list[Door] = []
_coming: list[Coming] = []


def fill(door: Door, coming: Coming | None = None) -> None:
    """Say which door jobs pass, and who is told that a job acts; config fills it, because this room knows neither."""
    _door[:] = [door]
    _coming[:] = [coming] if coming else []


def _from(name: str) -> AbstractContextManager[None]:
    return _coming[0](name) if _coming else contextlib.nullcontext()


def job(name: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Make a function a job. It is deferred with account_id=, and runs as that account, inside the door."""

    def made(work: Callable[..., Any]) -> Any:
        @functools.wraps(work)
        def through_the_door(*, account_id: int | None, **facts: Any) -> Any:
            if not _door:
                raise RuntimeError("No door for jobs: config/wiring.py fills espalier.jobs.queue.")
            with _from(name), _door[0](account_id) as viewer:
                return work(viewer=viewer, **facts)

        return app.task(name=name, **options)(through_the_door)

    return made


def schedule(name: str, *, cron: str) -> Callable[[Callable[..., Any]], Any]:
    """Make a function a job that runs by the clock, as nobody: it sees what a visitor sees, and gets at=.

    It should only start jobs that run as somebody. A worker that slept through its time runs it once when it wakes.
    """

    def made(work: Callable[..., Any]) -> Any:
        @functools.wraps(work)
        def by_the_clock(timestamp: int) -> Any:
            if not _door:
                raise RuntimeError("No door for jobs: config/wiring.py fills espalier.jobs.queue.")
            with _from(name), _door[0](None) as viewer:
                return work(viewer=viewer, at=datetime.fromtimestamp(timestamp, UTC))

        return app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(by_the_clock))

    return made
