"""The command line. It is the only place that starts the embedded database; workers are handed its address."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
import webbrowser
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from espalier.audit import whence
from espalier.common.errors import UnableTo
from espalier.config import durable, embedded, roles
from espalier.config.commands import commands_of_an_installation
from espalier.config.ready import PROJECT, as_served, database_ready, django_ready, installation_ready, own_server, serve_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; an error a person can act on is one line, never a traceback."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        with whence.coming(whence.COMMAND, command.__name__):
            return command(options)
    except UnableTo as problem:
        print(f"Espalier: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _day(text: str) -> date:
    """Read a day; argparse prints the words of this error."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day. Write it like 2025-01-31.") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="espalier", description="Developing people, improving care.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words)
        made.set_defaults(command=command)
        return made

    start = add("start", start_all, "set up what is missing and serve (what `make run` calls)")
    start.add_argument("--port", type=int, default=8000)
    start.add_argument("--open", action="store_true", help="open a browser")
    serve = add("serve", serve_pages, "serve pages")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--workers", type=int, default=2)
    add("worker", work, "run queued jobs and schedules")
    add("migrate", migrate, "bring the database up to date (as its owner)")
    demo = add("demo", load_demo, "load the demonstration: real open data for England, and a few made-up teams")
    demo.add_argument("--if-empty", action="store_true")
    check = add("check", check_all, "check the set-up")
    check.add_argument("--deploy", action="store_true", help="also what only matters where real people use it")
    imports = add("import", import_file, "load a newer published file: places (ODS) or figures (A&E, staff sickness); or --all")
    imports.add_argument("kind", nargs="?", default="", help="places or figures")
    imports.add_argument("file", nargs="?", type=Path)
    imports.add_argument("--all", type=Path, metavar="FOLDER", help="take in what `export --all` wrote, into an empty installation")
    imports.add_argument("--dry-run", action="store_true", help="show what would change, store nothing")
    imports.add_argument("--as-of", type=_day, help="the day a file of places describes, like 2025-01-31; default today")
    commands_of_an_installation(add)
    manage = add("manage", manage_django, "any Django command, as the app (add --owner for the owner)")
    manage.add_argument("--owner", action="store_true")
    manage.add_argument("rest", nargs=argparse.REMAINDER)
    stop = add("stop", stop_database, "stop the embedded database")
    stop.add_argument("--delete", action="store_true", help="and remove the demonstration")
    return parser


def _again(*arguments: str) -> None:
    """Run another espalier command in a process of its own, because a process is one role for its whole life."""
    code = subprocess.run([sys.executable, "-m", "espalier.config.cli", *arguments], check=False).returncode
    if code:
        raise UnableTo(f"`espalier {' '.join(arguments)}` did not succeed.", to_do="Its words are above.", code="command")


# ------------------------------------------------------------------ commands


def start_all(options: argparse.Namespace) -> int:
    """Make everything that is missing, then serve until Ctrl-C."""
    port = _free_port(options.port)
    if port is None:
        print(f"Espalier is already running: http://localhost:{options.port}")
        return 0
    server = database_ready()
    serve_at(server, port)
    stamp = (server.home if server else PROJECT / ".stamps") / "prepared"
    wanted = _fingerprint()
    if not stamp.exists() or stamp.read_text() != wanted:
        _again("migrate")
        _again("manage", "collectstatic", "--noinput", "-v", "0")
        _again("demo", "--if-empty")
        if server:
            stamp.write_text(wanted)
    durable.refuse_unless_kept(os.environ["DATABASE_URL"])
    if options.open:
        webbrowser.open(f"http://localhost:{port}")
    with _working():
        return _serve("127.0.0.1", port, 2)


AGAIN_AFTER = 2.0  # seconds: a worker that cannot live must not fill the machine with attempts


@contextlib.contextmanager
def _working() -> Iterator[None]:
    """Run queued jobs beside the pages, as one machine needs it; a worker that dies is started again.

    Where many people use Espalier a worker is a service of its own, and whatever runs services restarts it.
    """
    stop = threading.Event()
    watching = threading.Thread(target=_keep_working, args=(stop,), daemon=True)
    watching.start()
    try:
        yield
    finally:
        stop.set()
        watching.join(15)


def _keep_working(stop: threading.Event, command: Sequence[str] = (sys.executable, "-m", "espalier.config.cli", "worker")) -> None:
    """Keep one worker alive until told to stop; jobs that a dead one had begun are taken up by the next."""
    while not stop.is_set():
        worker = subprocess.Popen(command)
        while worker.poll() is None and not stop.wait(0.5):
            pass
        if worker.poll() is None:
            worker.terminate()
            try:
                worker.wait(10)
            except subprocess.TimeoutExpired:
                worker.kill()
        elif not stop.wait(AGAIN_AFTER):
            print("The worker that runs jobs had stopped. It is started again.", file=sys.stderr, flush=True)


def _fingerprint() -> str:
    """Name the state of migrations, static files and content, so that an unchanged start skips preparing them."""
    mark = hashlib.sha256()
    source = Path(__file__).resolve().parents[1]
    watched = (source, "*/migrations/*.py"), (source, "*/static/**/*"), (source, "**/personal.py"), (PROJECT / "content", "**/*")
    for folder, pattern in watched:
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                mark.update(f"{path.relative_to(folder)} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
    return mark.hexdigest()


def _free_port(port: int) -> int | None:
    """Return the port, or the next free one; None when Espalier itself already answers there."""
    for candidate in range(port, port + 20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                if _is_espalier(candidate):
                    return None
                continue
        if candidate != port:
            print(f"Port {port} is taken by another program; using {candidate}.")
        return candidate
    raise UnableTo(f"Ports {port} to {port + 19} are all taken.", to_do="Type `make run PORT=9000`.", code="ports")


def _is_espalier(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=2) as answer:
            return answer.read().startswith(b"espalier")
    except (OSError, http.client.HTTPException):  # nothing answers, or something that does not speak HTTP
        return False


def _refuse_without_a_secret() -> None:
    """Refuse to serve people with no secret: anybody could then sign a session of their own."""
    if not (os.environ.get("ESPALIER_SECRET_KEY") or os.environ.get("ESPALIER_EMBEDDED") == "1"):
        raise UnableTo(
            "There is no ESPALIER_SECRET_KEY, so sessions could be forged.",
            to_do="Set it to at least 50 random characters.",
            code="no-secret",
        )


def serve_pages(options: argparse.Namespace) -> int:
    """Serve pages with granian; refuse where sessions could be forged or what is saved could be lost.

    A database of one's own is not asked yet: one that does not answer, or is not migrated, is what /readyz says no for.
    """
    if not os.environ.get("DATABASE_URL"):
        serve_at(installation_ready(), options.port)
    _refuse_without_a_secret()
    durable.refuse_unless_kept(os.environ["DATABASE_URL"])
    return _serve(options.host, options.port, options.workers)


def _serve(host: str, port: int, workers: int) -> int:
    os.environ["ESPALIER_POOL"] = "1"
    os.environ["ESPALIER_DB_ROLE"] = "app"
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "4",
        "--respawn-failed-workers",
        "--log-level",
        "error",
        "espalier.config.wsgi:application",
    ]
    process = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    print(f"\n  Espalier is at http://localhost:{port}   (Ctrl-C stops it)\n", flush=True)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait(10)
        print("\nStopped. The database keeps running quietly; `make run` starts again in seconds.")
        return 0


def work(_: argparse.Namespace) -> int:
    """Run queued jobs and schedules until stopped."""
    as_served(installation_ready())
    django_ready()
    from espalier.jobs import worker

    worker.run()
    return 0


def migrate(_: argparse.Namespace) -> int:
    """Migrate as the owner, then give the app role its rights."""
    database_ready()
    django_ready(role="owner")
    from django.core.management import call_command
    from django.db import connection
    from psycopg.conninfo import conninfo_to_dict

    call_command("migrate", verbosity=0, interactive=False)
    app = str(conninfo_to_dict(os.environ["DATABASE_URL"]).get("user", roles.APP))
    connection.ensure_connection()
    roles.grant(connection.connection, app)
    from espalier.config import rights

    rights.install(connection.connection)
    print("The database is up to date.")
    return 0


def load_demo(options: argparse.Namespace) -> int:
    """Load the demonstration as the app role, through the same actions that people use."""
    installation_ready()
    django_ready()
    from espalier.demo import england

    return england.load(only_if_empty=options.if_empty, say=print)


def check_all(options: argparse.Namespace) -> int:
    """Say what is wrong with the set-up, if anything."""
    installation_ready()
    django_ready()
    from espalier.config import checks

    problems = checks.problems(deploy=options.deploy)
    for problem in problems:
        print(f"✗ {problem}")
    if not problems:
        print("✓ Everything that was checked is well.")
    return 1 if problems else 0


def import_file(options: argparse.Namespace) -> int:
    """Load a newer published file, or say what is wrong with it; with --all everything of another installation."""
    installation_ready()
    django_ready(role="owner" if options.all else "app")
    from espalier.config import importing, leaving

    if options.all:
        return leaving.import_all(options.all, say=print)
    if options.file is None:
        raise UnableTo("Say what to load.", to_do="Type `espalier import places FILE`, or `import --all FOLDER`.", code="import-what")
    return importing.load(options.kind, options.file, as_of=options.as_of, dry_run=options.dry_run, say=print)


def manage_django(options: argparse.Namespace) -> int:
    """Run a Django command."""
    database_ready()
    django_ready(role="owner" if options.owner else "app")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["espalier manage", *options.rest])
    return 0


def stop_database(options: argparse.Namespace) -> int:
    """Stop the embedded database; with --delete remove the demonstration."""
    server = own_server()
    there = server.home.exists()
    if options.delete and embedded.is_in_use(server):
        raise UnableTo(
            "Something still works on this database: a server, or another command.",
            to_do="End it first (Ctrl+C where you typed `make run`), then type this again.", code="in-use",
        )  # fmt: skip
    ran = embedded.stop(server, delete=options.delete)
    if options.delete:
        print("Removed the demonstration." if there else "There was nothing to remove.")
    else:
        print("Stopped the database." if ran else "The database was not running.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
