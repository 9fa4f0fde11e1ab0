"""The same form sent twice, or twenty times at once, is stored once: double clicks, back and again, a network that retries."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from espalier.common.periods import add_months
from espalier.measures.models import Point, PointVersion, Series

ENTER = "/measures/team-medicine-errors/DEMO-WARD-7/enter/"
PASTE = "/measures/team-medicine-errors/DEMO-WARD-7/paste/"
FIRST = date(2019, 4, 1)
AT_ONCE = 8


def nurse() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username="demo-nurse"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def at_once(client: Client, path: str, form: dict[str, str]) -> list[tuple[int, str]]:
    """Send one form from several threads that start together; return the answers."""
    ready = threading.Barrier(AT_ONCE)
    cookies = client.cookies

    def send(_: int) -> tuple[int, str]:
        own = Client(raise_request_exception=False)
        own.cookies = cookies
        ready.wait()
        try:
            answer = own.post(path, form)
            return answer.status_code, answer.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(send, range(AT_ONCE)))


def versions() -> int:
    series = Series.objects.get(measure__code="team-medicine-errors", unit__code="DEMO-WARD-7")
    return PointVersion.objects.filter(series_id=series.pk, period_on__gte=FIRST).count()


def posts_each_month(times: int) -> None:
    client = nurse()
    for turn in range(times // AT_ONCE):
        month = add_months(FIRST, turn % 60)
        form = {"numerator": str(3 + turn), "seen": "- - -" if turn < 60 else f"{float(3 + turn - 60)} - {float(3 + turn - 60)}"}
        answers = at_once(client, f"{ENTER}?month={month:%Y-%m}", form)
        assert {status for status, _ in answers} == {302}
        assert len({where for _, where in answers}) == 1  # everybody hears of the same stored figure
        assert versions() == turn + 1
    assert Point.objects.filter(series__measure__code="team-medicine-errors", period_on__gte=FIRST).count() == min(60, times // AT_ONCE)


@pytest.mark.usefixtures("own_database")
def test_a_figure_sent_many_times_at_once_is_stored_once() -> None:
    posts_each_month(160)


@pytest.mark.slow
@pytest.mark.usefixtures("own_database")
def test_ten_thousand_posts_store_each_figure_once() -> None:
    posts_each_month(10_000)


@pytest.mark.usefixtures("own_database")
def test_a_block_sent_many_times_at_once_is_stored_once() -> None:
    answers = at_once(nurse(), PASTE, {"block": "Apr-19\t3\nMay-19\t4", "do": "store"})
    assert {status for status, _ in answers} == {302}
    assert len({where for _, where in answers}) == 1
    assert versions() == 2
