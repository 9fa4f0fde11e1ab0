"""The process that runs queued jobs and schedules."""

from __future__ import annotations

from procrastinate.contrib.django import app


def run(*, until_empty: bool = False) -> None:
    """Run jobs until stopped; with until_empty only those that wait now, for tests and for one-off clean-ups.

    The worker connects for itself, beside Django's pool: it listens, which a pooled connection cannot.
    """
    worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # of the Django connector
    worker.run_worker(wait=not until_empty, install_signal_handlers=not until_empty, listen_notify=not until_empty)
