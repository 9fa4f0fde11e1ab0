"""How many events a second the log takes while it is sealed, and how fast a long one is proved.

    python -m benchmarks.audit

It writes into the database that DATABASE_URL names (or the embedded one), so run it on one that may be thrown away.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

from espalier.config import cli

SECONDS, WRITERS = 10.0, 4


def main() -> None:
    """Write from several threads for ten seconds with the sealer running, then prove the whole log."""
    cli.database_ready()
    cli.django_ready()
    from espalier.access.actions import system_viewer
    from espalier.access.door import acting_as
    from espalier.audit import sealing

    with acting_as(system_viewer()) as house:
        actor = house
    stop, written = threading.Event(), [0] * WRITERS
    threads = [threading.Thread(target=_write, args=(stop, written, number, actor)) for number in range(WRITERS)]
    threads.append(threading.Thread(target=_seal, args=(stop, actor)))
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    time.sleep(SECONDS)
    stop.set()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    print(f"{sum(written) / took:,.0f} events a second, each in a transaction of its own, {WRITERS} writers, sealer running")
    with acting_as(actor):
        sealing.seal_all(at=_now())
        begun = time.perf_counter()
        found = sealing.verify(at=_now())
    print(f"{found.sealed:,} events proved in {time.perf_counter() - begun:.1f} s; whole: {found.is_whole}")


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a benchmark is a command


def _write(stop: threading.Event, written: list[int], number: int, actor: object) -> None:
    from django.db import connection

    from espalier.access.door import acting_as
    from espalier.audit.recording import record

    while not stop.is_set():
        with acting_as(actor) as viewer:  # type: ignore[arg-type]
            record(actor=viewer, verb="benchmark", object_kind="thing", object_id=str(written[number]), at=_now())
        written[number] += 1
    connection.close()


def _seal(stop: threading.Event, actor: object) -> None:
    from django.db import connection

    from espalier.access.door import acting_as
    from espalier.audit import sealing

    while not stop.wait(0.5):
        with acting_as(actor):  # type: ignore[arg-type]
            sealing.seal(at=_now())
    connection.close()


if __name__ == "__main__":
    main()
