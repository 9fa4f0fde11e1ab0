"""The process that runs queued jobs and schedules."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, cast

from procrastinate.contrib.django import app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from procrastinate import App
    from procrastinate.contrib.django.django_connector import DjangoConnector

SILENT_SECONDS = 60  # a worker says every ten seconds that it lives; one that was silent for so long does not
LOOK_EVERY_SECONDS = 60


def run(*, until_empty: bool = False) -> None:
    """Run jobs until stopped; with until_empty only those that wait now, for tests and for one-off clean-ups.

    The worker connects for itself, beside Django's pool: it listens, which a pooled connection cannot.
    """
    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    asyncio.run(_run(app.with_connector(connector), until_empty=until_empty))


async def _run(worker: App, *, until_empty: bool) -> None:
    async with worker.open_async():
        await take_up_again(worker)
        async with contextlib.AsyncExitStack() as beside:
            if not until_empty:
                await beside.enter_async_context(_looking_again(worker))
            await worker.run_worker_async(wait=not until_empty, install_signal_handlers=not until_empty, listen_notify=not until_empty)


async def take_up_again(worker: App) -> int:
    """Queue the jobs whose worker has died, and return how many; else a killed worker's job would wait for ever.

    Its transaction went with it, so nothing of the job was kept and it begins anew.
    """
    stalled = list(await worker.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS))
    for job in stalled:
        await worker.job_manager.retry_job(job)
    return len(stalled)


@contextlib.asynccontextmanager
async def _looking_again(worker: App) -> AsyncIterator[None]:
    async def look() -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            await take_up_again(worker)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking
