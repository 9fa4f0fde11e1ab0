"""Every page that carries much, measured over Espalier's own server on the made-up country.

Each kind of page is asked for at many different addresses, so that the small and the huge are both in it. Budgets are
those of DESIGN §8: p95 ≤ 150 ms warm, ≤ 500 ms first after a restart of server and database, ≤ 12 questions to the
database, ≤ 100 kB compressed; pages of many charts ≤ 1 s and ≤ 300 kB.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import psutil

from benchmarks.national import world

MANY, FIRST_MANY = 1000.0, 1500.0
# Names, common and rare, with a slip, parts of names, and what is no name.
SOUGHT = ("bala", "balan+balabaa", "sharon", "zamika", "zilotus+mo", "kelin", "clean+hands", "trust+27", "royla", "measure+12", "leeds")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page: its addresses, who asks, and what it may cost."""

    name: str
    paths: tuple[str, ...]
    who: str = ""
    p95_ms: float = 150
    first_ms: float = 500
    kilobytes: float = 100
    queries: int = 12


@dataclass(slots=True)
class Found:
    """What one kind of page cost."""

    first: float = 0
    times: list[float] = field(default_factory=list)
    kilobytes: float = 0
    queries: int = 0
    cpu: float = 0

    @property
    def p95(self) -> float:
        """The nearest rank: of 40 times the 38th, where 5 % are slower."""
        return sorted(self.times)[math.ceil(0.95 * len(self.times)) - 1]


def run(*, only: str = "", repeats: int = 2, kinds: list[Kind] | None = None) -> bool:
    """Print a line a kind of page with budget, figure and whether it is kept; return whether all are."""
    logging.getLogger("django.request").setLevel(logging.ERROR)  # an organisation that keeps no such measure: 404 is right
    kinds = [kind for kind in kinds or _kinds() if only in kind.name]
    cookies = _signed_in({kind.who for kind in kinds if kind.who})
    found = {kind.name: Found(queries=_questions(kind, cookies)) for kind in kinds}
    _restart_database()
    server, base = _serve()
    try:
        for kind in kinds:
            found[kind.name].first = _get(base + kind.paths[0], cookies.get(kind.who, ""))[0]
        for kind in kinds:
            _time(kind, found[kind.name], base, cookies.get(kind.who, ""), repeats)
    finally:
        server.terminate()
        server.wait(10)
    _print_size()
    print(f"{'page':42}{'first':>7}{'most':>6}{'cpu':>7}{'median':>8}{'p95':>7}{'most':>6}{'kB':>7}{'most':>6}{'asks':>6}{'most':>6}")
    kept = [_line(kind, found[kind.name]) for kind in kinds]
    return all(kept)


def _kinds() -> list[Kind]:
    chance = np.random.default_rng([world.SEED, 9])
    everybody = world.organisations(_scale(), _places())
    by_size = sorted((one for one in everybody if one.merged_into < 0), key=lambda one: -one.teams)
    largest = by_size[0].code
    some = [one.code for one in by_size[:: max(1, len(by_size) // 10)]]
    plain = [one.code for one in world.measures() if not one.by_teams and one.roll_up == "sum"]
    any_of = lambda several, number: [several[i] for i in chance.integers(0, len(several), number)]  # noqa: E731
    teams = [one.code for one in world.measures() if one.by_teams]
    regions = sorted({one.region for one in everybody})
    at = lambda several, number: zip(any_of(plain, number), any_of(several, number), strict=True)  # noqa: E731
    many = {"p95_ms": MANY, "first_ms": FIRST_MANY, "kilobytes": 300.0}
    wards = [f"{one.code}-T{t:04}" for one in by_size for t in range(min(one.teams, 3))]
    return [
        Kind("front door", ("/",)),
        Kind("all charts, England", ("/measures/",), **many),
        Kind("all charts, an organisation", tuple(f"/measures/?unit={code}" for code in some), **many),
        Kind("wall, England", tuple(f"/measures/{m}/" for m in any_of(plain, 12)), **many),
        Kind("wall, England, as a table", tuple(f"/measures/{m}/?view=table&order=attention" for m in any_of(plain, 6)), **many),
        Kind("wall, England, by region", tuple(f"/measures/{m}/?level=region" for m in any_of(plain, 6)), **many),
        Kind("wall, a region", tuple(f"/measures/{m}/?unit={r}" for m, r in at(regions, 8)), **many),
        Kind("wall, teams of the largest organisation", tuple(f"/measures/{m}/?unit={largest}" for m in teams[:8]), **many),
        Kind("wall, teams of England", tuple(f"/measures/{m}/" for m in teams[:4]), **many),
        Kind("chart, England, added up", tuple(f"/measures/{m}/ENG/" for m in any_of(plain, 12))),
        Kind("chart, England, teams added up", tuple(f"/measures/{m}/ENG/" for m in teams[:6])),
        Kind("chart, a region, added up", tuple(f"/measures/{m}/{r}/" for m, r in at(regions, 12))),
        Kind("chart, an organisation", tuple(f"/measures/{m}/{code}/" for m, code in at(some, 12))),
        Kind("chart as a file, an organisation", tuple(f"/measures/{m}/{largest}/chart.svg" for m in any_of(plain, 6))),
        Kind("unit, England", ("/units/ENG/",)),
        Kind("unit, a region", tuple(f"/units/{r}/" for r in regions)),
        Kind("unit, a system", tuple(f"/units/{code}/" for code in sorted({one.system for one in everybody})[:10])),
        Kind("unit, an organisation", tuple(f"/units/{code}/" for code in (largest, *some))),
        Kind("unit, a division", tuple(f"/units/{code}-D00/" for code in some)),
        Kind("unit, a team", tuple(f"/units/{code}/" for code in any_of(wards, 12))),
        Kind("search", tuple(f"/search/?q={text}" for text in ("london", "trust+27", "measure+12", "team+12", "royla+free", "ZZ0001"))),
        Kind("signed in: own organisation", (f"/units/{largest}/",), who="bench-analyst"),
        Kind("signed in: wall of own teams", tuple(f"/measures/{m}/?unit={largest}" for m in teams[:6]), who="bench-analyst", **many),
        Kind("signed in: chart", tuple(f"/measures/{m}/{largest}/" for m in any_of(plain, 8)), who="bench-analyst"),
        Kind("signed in: put a figure in", tuple(f"/measures/{m}/{largest}-T0000/enter/" for m in teams[:6]), who="bench-leader"),
        Kind("home: a nurse", ("/",), who="bench-nurse"),
        Kind("home: a team leader", ("/",), who="bench-leader"),
        Kind("home: a trust's lead", ("/",), who="bench-trust"),
        Kind("home: a system's lead", ("/",), who="bench-system"),
        Kind("home: a national lead", ("/",), who="bench-lead"),
        Kind("own place: a nurse", (f"/units/{largest}-T0001/", f"/units/{largest}/"), who="bench-nurse"),
        Kind("own place: a trust's lead", (f"/units/{largest}/", f"/units/{largest}-D00/"), who="bench-trust"),
        Kind("own place: a national lead", ("/units/ENG/", f"/units/{largest}/"), who="bench-lead"),
        Kind("search, signed in", tuple(f"/search/?q={text}" for text in SOUGHT), who="bench-trust"),
        Kind("search while typing", tuple(f"/search/suggest/?q={text}" for text in SOUGHT), who="bench-trust", p95_ms=50),
        Kind("signed in: national, chart", tuple(f"/measures/{m}/ENG/" for m in any_of(plain, 6)), who="bench-nation"),
    ]  # fmt: skip


def _scale() -> float:
    from espalier.access.viewer import VISITOR
    from espalier.organisations import queries

    known = queries.find(viewer=VISITOR, codes=[f"ZZ{i:04}" for i in range(world.ORGANISATIONS)])
    return len(known) / world.ORGANISATIONS


def _places() -> list[tuple[str, str]]:
    from benchmarks.national import load

    return load.places()


def _signed_in(names: set[str]) -> dict[str, str]:
    """Open a session for each name and return its cookie; nobody can sign in to these accounts by a page."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    cookies = {"": ""}
    for account in get_user_model().objects.filter(username__in=names):
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(account.pk), "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.create()
        cookies[account.username] = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    return cookies


def _questions(kind: Kind, cookies: dict[str, str]) -> int:
    """Return the most that one page of the kind asks of the database; the door's own words are not counted."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="localhost", headers={"cookie": cookies[kind.who]})
    most = 0
    for path in kind.paths[:3]:
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        words = [one["sql"].lstrip().split(" ", 1)[0] for one in asked.captured_queries if "set_config" not in one["sql"]]
        most = max(most, sum(word in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"} for word in words))
    return most


def _restart_database() -> None:
    from django.db import connections

    from espalier.config import cli, embedded

    connections.close_all()
    embedded.stop(embedded.locate(cli.PROJECT, cli.Path(os.environ["ESPALIER_HOME"])))
    cli.database_ready()
    embedded.ensure_running(embedded.locate(cli.PROJECT, cli.Path(os.environ["ESPALIER_HOME"])))


def _serve() -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(
        [sys.executable, "-m", "espalier.config.cli", "serve", "--port", str(port), "--workers", "1"], stdout=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            _get(base + "/readyz", "")
        except OSError:
            time.sleep(0.1)
        else:
            return server, base
    raise RuntimeError("Espalier did not start.")


def _get(address: str, cookie: str) -> tuple[float, int]:
    """Return milliseconds and the bytes as sent; a page that says "not found" counts, a server error does not."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip", "Cookie": cookie})
    start = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            sent = answer.read()
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
        sent = error.read()
    return (time.perf_counter() - start) * 1000, len(sent)


def _time(kind: Kind, found: Found, base: str, cookie: str, repeats: int) -> None:
    began = time.perf_counter()
    for path in kind.paths:
        _get(base + path, cookie)
    slow = time.perf_counter() - began > 20
    before = _cpu()
    for _ in range(1 if slow else max(repeats, -(-40 // len(kind.paths)))):
        for path in kind.paths:
            milliseconds, size = _get(base + path, cookie)
            found.times.append(milliseconds)
            found.kilobytes = max(found.kilobytes, size / 1000)
    found.cpu = (_cpu() - before) * 1000 / len(found.times)


def _cpu() -> float:
    """Return the seconds of processor that our server and our database have used; other programs do not blur it."""
    home, spent = os.environ["ESPALIER_HOME"], 0.0
    ours = psutil.Process().children(recursive=True)
    for process in psutil.process_iter(["name", "cwd"]):
        if "postgres" in (process.info["name"] or "") and (process.info["cwd"] or "").startswith(home):
            ours.append(process)
    for process in ours:
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            spent += times.user + times.system
    return spent


def _line(kind: Kind, found: Found) -> bool:
    over = [
        name
        for name, figure, most in (
            ("first", found.first, kind.first_ms), ("p95", found.p95, kind.p95_ms), ("kB", found.kilobytes, kind.kilobytes),
            ("asks", found.queries, kind.queries),
        )
        if figure > most
    ]  # fmt: skip
    print(
        f"{kind.name:42}{found.first:7.0f}{kind.first_ms:6.0f}{found.cpu:7.0f}{statistics.median(found.times):8.0f}{found.p95:7.0f}{kind.p95_ms:6.0f}"
        f"{found.kilobytes:7.1f}{kind.kilobytes:6.0f}{found.queries:6}{kind.queries:6}  {'OVER: ' + ', '.join(over) if over else 'kept'}",
        flush=True,
    )
    return not over


def _print_size() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM organisations_unit), (SELECT count(*) FROM measures_series),"
            " (SELECT reltuples::bigint FROM pg_class WHERE relname = 'measures_point'), pg_database_size(current_database()) / 1e9"
        )
        units, series, points, size = cursor.fetchone()
    load = os.getloadavg()[0]
    now = datetime.now(UTC)  # noqa: TID251  a benchmark is where time enters
    print(f"{units:,} units, {series:,} series, about {points:,} points, {size:.1f} GB; load {load:.1f}; {now:%Y-%m-%d %H:%M}")
