"""Server time, size and queries of the pages that carry most, from Espalier's own server on the demonstration.

Budgets (DESIGN §8): any page p95 ≤ 150 ms warm, ≤ 12 queries, ≤ 100 kB compressed with its style and script; a page of
200 charts ≤ 1 s and ≤ 300 kB.
"""

from __future__ import annotations

import gzip
import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass

REPEATS = 30


@dataclass(frozen=True)
class Budget:
    """What one page may cost."""

    path: str
    p95_ms: float = 150
    kilobytes: float = 100
    queries: int = 12


PAGES = {
    "front door": Budget("/"),
    "200 charts (A&E, England)": Budget("/measures/ae-4-hours/?unit=ENG", p95_ms=1000, kilobytes=300),
    "200 charts (sickness, England)": Budget("/measures/staff-sickness-absence/?unit=ENG", p95_ms=1000, kilobytes=300),
    "one chart (England, added up)": Budget("/measures/ae-4-hours/ENG/"),
    "one chart (a trust)": Budget("/measures/ae-4-hours/RRK/"),
    "a place (England)": Budget("/units/ENG/"),
    "a place (a trust)": Budget("/units/RRK/"),
    "search": Budget("/search/?q=london"),
    "the framework": Budget("/framework/"),
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _get(address: str) -> tuple[float, bytes, bytes]:
    """Return milliseconds, the bytes as sent and the page."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=20) as answer:
        sent = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
    return (time.perf_counter() - start) * 1000, sent, gzip.decompress(sent) if packed else sent


def _assets(base: str, page: bytes) -> int:
    """Return the compressed bytes of the style, script and pictures a first visit fetches beside the page."""
    found = set(re.findall(rb'(?:href|src)="(/(?:static|brand)[^"]+)"', page))
    return sum(len(_get(base + path.decode())[1]) for path in found)


def _queries(paths: list[str]) -> dict[str, int]:
    """Count what each page asks of the database: statements that read or write, not the door's own."""
    script = (
        "import sys; from espalier.config import cli; cli.database_ready(); cli.django_ready();"
        "from django.test import Client; from django.test.utils import CaptureQueriesContext; from django.db import connection;"
        "c = Client(HTTP_HOST='localhost');\n"
        "for p in sys.argv[1:]:\n"
        "    c.get(p)\n"
        "    with CaptureQueriesContext(connection) as q: c.get(p)\n"
        "    asked = [x['sql'].lstrip() for x in q.captured_queries]\n"
        "    n = sum(s.split(' ')[0] in ('SELECT','INSERT','UPDATE','DELETE','WITH') and 'set_config' not in s for s in asked)\n"
        "    print(n)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, *paths], check=True, capture_output=True, text=True)
    return dict(zip(paths, (int(line) for line in done.stdout.split()[-len(paths) :]), strict=True))


def run() -> bool:
    """Print a line a page; return whether every page keeps its budget."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "espalier.config.cli", "serve", "--port", str(port), "--workers", "1"],
        env=os.environ,
        stdout=subprocess.DEVNULL,
    )
    kept = True
    try:
        _wait(base)
        counted = _queries([budget.path for budget in PAGES.values()])
        print(f"{'page':34}{'first ms':>9}{'median':>8}{'p95':>7}{'budget':>8}{'page kB':>9}{'all kB':>8}{'budget':>8}{'queries':>9}")
        for name, budget in PAGES.items():
            kept &= _line(base, name, budget, counted[budget.path])
    finally:
        server.terminate()
        server.wait(10)
    return kept


def _line(base: str, name: str, budget: Budget, queries: int) -> bool:
    first, sent, page = _get(base + budget.path)
    times = sorted(_get(base + budget.path)[0] for _ in range(REPEATS))
    p95 = times[int(0.95 * REPEATS)]
    page_kb = len(sent) / 1000
    whole = page_kb + _assets(base, page) / 1000
    good = p95 <= budget.p95_ms and whole <= budget.kilobytes and queries <= budget.queries
    print(
        f"{name:34}{first:9.0f}{statistics.median(times):8.0f}{p95:7.0f}{budget.p95_ms:8.0f}{page_kb:9.1f}{whole:8.1f}{budget.kilobytes:8.0f}{queries:9}"
        f"  {'ok' if good else 'OVER BUDGET'}"
    )
    return good


def _wait(base: str) -> None:
    for _ in range(200):
        try:
            _get(base + "/readyz")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("Espalier did not start. Type `make run` once, then `make bench`.")


if __name__ == "__main__":
    sys.exit(0 if run() else 1)
