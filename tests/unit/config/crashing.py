"""An installation of its own that is killed at random while two people write through real pages, and a record of their answers."""

import http.client
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from espalier.config import backing_up, embedded, roles

PROJECT = Path(__file__).resolve().parents[3]
VICTIMS = ("page", "job", "backend", "database", "everything")
FIGURES, NOTES = "/measures/team-medicine-errors/DEMO-WARD-7/", "/measures/team-falls/DEMO-WARD-7/"


@dataclass
class Heard:
    """What one writer sent and what was answered; the answers also go to a file of the writer's own, as a person's diary would."""

    diary: Path
    saved: set[int] = field(default_factory=set)
    sent: set[int] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    not_saved_pages: int = 0
    faults: list[str] = field(default_factory=list)

    def wrote(self, number: int) -> None:
        with self.diary.open("a") as handle:
            handle.write(f"{number}\n")
            handle.flush()
            os.fsync(handle.fileno())
        self.saved.add(number)


class Browser:
    """Just enough of one: cookies, forms, and no following of links."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, dict[str, str]()

    def send(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
            body = None
            if form is not None:
                body = urllib.parse.urlencode(form)
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            html = answer.read().decode(errors="replace")
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.split(";")[0]
            return answer.status, answer.getheader("Location", ""), html
        finally:
            connection.close()

    def form_of(self, path: str, *names: str) -> tuple[int, dict[str, str]]:
        status, _, html = self.send("GET", path)
        if status != 200:
            return status, {}
        found = {name: re.search(rf'name="{name}" value="([^"]*)"', html) for name in ("csrfmiddlewaretoken", *names)}
        return status, {name: one[1] if one else "" for name, one in found.items()}

    def sign_in(self, who: str) -> None:
        _, form = self.form_of("/sign-in/")
        status, *_ = self.send("POST", "/sign-in/", form | {"who": who})
        if status != 302:
            raise RuntimeError(f"sign-in answered {status}")


class Installation:
    """Database, pages and the worker for jobs, each of which can be killed and is started again."""

    def __init__(self, home: Path, backup: Path, port: int, workers: int) -> None:
        self.workers = workers
        self.server, self.port = embedded.locate(PROJECT, home / "db"), port
        self.server.home.mkdir()
        self.start_database()
        roles.bootstrap(self.server.url("postgres", "postgres"))
        backing_up.restore(self.server, backup, replace=False, say=lambda _: None)
        self.environment = os.environ | {
            "DATABASE_URL": self.server.url(roles.APP), "ESPALIER_OWNER_URL": self.server.url(roles.OWNER),
            "ESPALIER_EMBEDDED": "1", "DJANGO_SETTINGS_MODULE": "espalier.config.settings",
        }  # fmt: skip
        self.pages = self.worker = None
        self.start_what_is_dead()

    def start_database(self) -> None:
        embedded.ensure_running(self.server)

    def _command(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "espalier.config.cli", *arguments], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def start_what_is_dead(self) -> None:
        self.start_database()
        if self.pages is None or self.pages.poll() is not None:
            self.pages = self._command("serve", "--port", str(self.port), "--workers", str(self.workers))
        if self.worker is None or self.worker.poll() is not None:
            self.worker = self._command("worker")

    def page_workers(self) -> list[psutil.Process]:
        """The processes that draw pages: granian's children, whose parent starts another one."""
        with suppress(psutil.NoSuchProcess):
            granian = psutil.Process(self.pages.pid).children()
            return [worker for one in granian for worker in one.children()]
        return []

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.server.data / "postmaster.pid").read_text().splitlines()[0]))

    def kill(self, what: str, chance: random.Random) -> bool:
        """SIGKILL the victim; whether there was one."""
        with suppress(psutil.NoSuchProcess, FileNotFoundError, IndexError, ValueError):
            if what in {"database", "backend"}:
                postmaster = self.postmaster()
                family = postmaster.children()
                (postmaster if what == "database" else chance.choice(family)).kill()
                if what == "database":  # its family goes when it sees that it is gone; until then an open connection still answers
                    psutil.wait_procs([postmaster, *family], timeout=10)
            elif what == "page":
                chance.choice(self.page_workers()).kill()
            elif what == "job":
                self.worker.kill()
                self.worker.wait()
            else:
                self.kill_everything()
            return True
        return False

    def kill_everything(self) -> None:
        for process in (self.pages, self.worker):
            if process and process.poll() is None:
                family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
                for one in family:
                    with suppress(psutil.NoSuchProcess):
                        one.kill()
                process.wait()
                psutil.wait_procs(family, timeout=10)
        with suppress(psutil.NoSuchProcess, FileNotFoundError, IndexError, ValueError):
            postmaster = self.postmaster()
            family = [postmaster, *postmaster.children()]
            for one in family:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            psutil.wait_procs(family, timeout=10)

    def is_ready(self) -> bool:
        try:
            return Browser(self.port).send("GET", "/readyz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def wait(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not self.is_ready():
            if time.monotonic() > end:
                raise RuntimeError(f"not ready after {seconds} seconds")
            time.sleep(0.1)


@contextmanager
def installation(backup: Path, port: int, *, workers: int):
    home = Path(tempfile.mkdtemp(prefix="esp-"))
    home.chmod(0o755)
    made = None
    try:
        made = Installation(home, backup, port, workers)
        made.wait()
        yield made
    finally:
        if made:
            made.kill_everything()
            embedded.stop(made.server, delete=True)
        shutil.rmtree(home, ignore_errors=True)


# ---- People who write ---------------------------------------------------------------------------------


def write_figures(browser: Browser, heard: Heard, stop: threading.Event) -> None:
    """Correct one month's figure again and again; each number is used once, so that it can be found again."""
    path = f"{FIGURES}enter/?month=2019-02"

    def once(number: int) -> tuple[int, str]:
        status, form = browser.form_of(path, "seen")
        if not form:
            return status, ""
        heard.sent.add(number)
        status, _, html = browser.send("POST", path, form | {"numerator": str(number), "why": f"number {number}"})
        return (status, html) if status != 302 else (302, "")

    _write(once, heard, stop)


def write_notes(browser: Browser, heard: Heard, stop: threading.Event) -> None:
    """Put one note after another on a chart."""
    path = f"{NOTES}marks/new/?kind=note"

    def once(number: int) -> tuple[int, str]:
        status, form = browser.form_of(path, "pk", "seen")
        if not form:
            return status, ""
        heard.sent.add(number)
        status, _, html = browser.send("POST", path, form | {"do": "save", "kind": "note", "starts_on": "2018-04-01", "words": f"number {number}"})
        return (status, html) if status != 302 else (302, "")

    _write(once, heard, stop)


def _write(once, heard: Heard, stop: threading.Event) -> None:
    number = 1000
    while not stop.is_set():
        number += 1
        try:
            status, html = once(number)
        except (OSError, http.client.HTTPException):
            stop.wait(0.1)
            continue
        heard.statuses[status] += 1
        if status == 302:
            heard.wrote(number)
        elif status == 503:
            heard.not_saved_pages += "Not saved yet" in html
            stop.wait(0.1)
        elif status not in {422, 409}:
            heard.faults.append(f"{number}: {status} {re.sub(r'<[^>]+>', ' ', html)[:300]}")
            stop.wait(0.1)


# ---- What must be true afterwards -----------------------------------------------------------------------

FIGURE_FACTS = """
SELECT (SELECT json_agg(json_build_array(v.id, v.new_numerator) ORDER BY v.at) FROM measures_pointversion v
        WHERE v.why LIKE 'number %' AND v.period_on = '2019-02-01'),
       (SELECT p.numerator FROM measures_point p JOIN measures_series s ON s.id = p.series_id JOIN measures_measure m ON m.id = s.measure_id
        JOIN organisations_unit u ON u.id = s.unit_id
        WHERE m.code = 'team-medicine-errors' AND u.code = 'DEMO-WARD-7' AND p.period_on = '2019-02-01' AND s.stratum = ''),
       (SELECT count(*) FROM audit_event WHERE verb = 'enter' AND object_kind = 'point')
"""
NOTE_FACTS = """
SELECT (SELECT json_agg(words) FROM measures_mark WHERE words LIKE 'number %'),
       (SELECT json_agg(words) FROM measures_markversion WHERE words LIKE 'number %'),
       (SELECT count(*) FROM audit_event e WHERE EXISTS (SELECT 1 FROM measures_mark m WHERE m.words LIKE 'number %' AND
        (e.object_id LIKE '%' || m.id::text || '%' OR e.detail::text LIKE '%' || m.id::text || '%')))
"""


def asked(made: Installation, question: str) -> tuple:
    with psycopg.connect(made.server.url("postgres")) as connection:
        return connection.execute(question).fetchone()


def compare(made: Installation, figures: Heard, notes: Heard, events_before: int) -> list[str]:
    """Every way in which what stands differs from what people were told."""
    wrong = []
    versions, stands, events = asked(made, FIGURE_FACTS)
    numbers = [int(number) for _, number in versions or []]
    lost = figures.saved - set(numbers)
    wrong += [f"lost figures {sorted(lost)}"] if lost else []
    wrong += [f"figures stored twice {sorted(n for n in set(numbers) if numbers.count(n) > 1)}"] if len(set(numbers)) != len(numbers) else []
    wrong += [f"figures nobody sent {set(numbers) - figures.sent}"] if set(numbers) - figures.sent else []
    wrong += [f"{len(numbers)} versions and {events - events_before} events"] if len(numbers) != events - events_before else []
    wrong += [f"the figure is {stands}, the newest version says {numbers[-1]}"] if numbers and int(stands) != numbers[-1] else []
    marks, kept, told = asked(made, NOTE_FACTS)
    marks, kept = sorted(marks or []), sorted(kept or [])
    lost = {f"number {n}" for n in notes.saved} - set(marks)
    wrong += [f"lost notes {sorted(lost)}"] if lost else []
    wrong += ["notes and their versions differ"] if marks != kept else []
    wrong += ["notes stored twice"] if len(set(marks)) != len(marks) else []
    wrong += [f"{len(marks)} notes and {told} events"] if len(marks) != told else []
    return wrong + figures.faults + notes.faults


def people(made: Installation, folder: Path) -> tuple[list[tuple[Browser, Heard, object]], int]:
    writers = []
    for name, work in (("figures", write_figures), ("notes", write_notes)):
        browser = Browser(made.port)
        browser.sign_in("demo-leader")
        (folder / f"{name}.txt").touch()
        writers.append((browser, Heard(folder / f"{name}.txt"), work))
    return writers, asked(made, FIGURE_FACTS)[2]


def torment(made: Installation, folder: Path, *, kills: int, seed: int, pause: tuple[float, float], seconds: float):
    """Kill at random under load, each kind of victim at least once; return what was found, and a way to compare again."""
    began = time.monotonic()
    chance, stop = random.Random(seed), threading.Event()  # noqa: S311  chance that can be played again
    writers, events_before = people(made, folder)
    threads = [threading.Thread(target=work, args=(browser, heard, stop)) for browser, heard, work in writers]
    for thread in threads:
        thread.start()
    killed = dict.fromkeys(VICTIMS, 0)
    try:
        while sum(killed.values()) < kills and (time.monotonic() - began < seconds or not all(killed.values())):
            stop.wait(chance.uniform(*pause))
            what = chance.choice([kind for kind in VICTIMS if not killed[kind]] or VICTIMS)
            killed[what] += made.kill(what, chance)
            stop.wait(chance.choice((0, 0, 0.5)))  # sometimes people find it away
            made.start_what_is_dead()
            if what in {"everything", "database"}:
                made.wait()
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    made.start_what_is_dead()
    made.wait()
    figures, notes = (heard for _, heard, _ in writers)
    diaries = {name: {int(line) for line in (folder / f"{name}.txt").read_text().split()} for name in ("figures", "notes")}
    wrong = compare(made, figures, notes, events_before)
    wrong += [] if diaries == {"figures": figures.saved, "notes": notes.saved} else ["the diaries differ"]
    found = {
        "kills": killed, "figures": len(figures.saved), "notes": len(notes.saved), "wrong": wrong,
        "in doubt": len(figures.sent) - len(figures.saved) + len(notes.sent) - len(notes.saved),
        "not saved pages": figures.not_saved_pages + notes.not_saved_pages, "statuses": dict(figures.statuses + notes.statuses), "seconds": round(time.monotonic() - began),
    }  # fmt: skip
    return found, lambda: compare(made, figures, notes, events_before)


def said(found: dict) -> str:
    return json.dumps(found, indent=1)


