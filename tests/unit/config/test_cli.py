"""The command line: ports, one line for a mistake, and what is refused outside the demonstration."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from tests.conftest import State

from espalier.common.errors import UnableTo
from espalier.config import cli, commands, embedded, ready


@contextmanager
def somebody_at(answer):
    """A program on a port of its own that answers everybody with the same bytes."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def serve():
            while True:
                try:
                    visitor, _ = listener.accept()
                except OSError:
                    return
                with visitor:
                    visitor.recv(1000)
                    visitor.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def http(words):
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(words)}\r\nConnection: close\r\n\r\n{words}".encode()


def run(*arguments, **environment):
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ESPALIER_", "DATABASE_", "DJANGO_"))}
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, env=kept | environment)


@pytest.mark.parametrize(
    "answer", [http("something else"), b"SSH-2.0-OpenSSH\r\n", b"", b"\x00\xff" * 20], ids=["web", "ssh", "silent", "noise"]
)
def test_a_port_taken_by_another_program_means_the_next_one(answer, capsys):
    with somebody_at(answer) as port:
        found = cli._free_port(port)
    assert found is not None and port < found < port + 20
    assert capsys.readouterr().out == f"Port {port} is taken by another program; using {found}.\n"


def test_a_port_where_espalier_answers_is_said(capsys):
    with somebody_at(http("espalier lives\n")) as port:
        assert cli.main(["start", "--port", str(port)]) == 0
    assert capsys.readouterr().out == f"Espalier is already running: http://localhost:{port}\n"


def test_no_free_port_says_what_to_type(monkeypatch):
    class Taken(socket.socket):
        def bind(self, _):
            raise OSError

    monkeypatch.setattr(cli.socket, "socket", Taken)
    monkeypatch.setattr(cli, "_is_espalier", lambda _: False)
    with pytest.raises(UnableTo, match="Ports 8000 to 8019 are all taken") as raised:
        cli._free_port(8000)
    assert raised.value.to_do == "Type `make run PORT=9000`."


def test_a_mistake_of_a_person_is_one_line(monkeypatch, capsys):
    def breaks(_):
        raise UnableTo("It is broken.", where="file.csv", to_do="Mend it.")

    monkeypatch.setattr(cli, "stop_database", breaks)
    assert cli.main(["stop"]) == 1
    assert capsys.readouterr().err == "Espalier: file.csv: It is broken. Mend it.\n"


def test_a_database_somebody_works_on_is_not_removed(monkeypatch, capsys):
    server = State.databases.server
    monkeypatch.setattr(cli, "own_server", lambda: server)
    monkeypatch.setattr(cli.embedded, "stop", lambda *_, **__: pytest.fail("it was removed"))
    with psycopg.connect(server.url("postgres", "postgres")):
        assert cli.main(["stop", "--delete"]) == 1
    assert "Something still works on this database" in capsys.readouterr().err


def test_check_is_content_with_the_tests_database_and_deploy_refuses_it():
    """The embedded server trusts everybody on its machine."""
    good = subprocess.run([sys.executable, "-m", "espalier.config.cli", "check"], capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout) == (0, "✓ Everything that was checked is well.\n"), good.stderr
    bad = subprocess.run([sys.executable, "-m", "espalier.config.cli", "check", "--deploy"], capture_output=True, text=True, check=False)
    assert bad.returncode == 1
    for words in ("embedded database trusts everybody on this machine", "lets anybody sign in", "ESPALIER_SECRET_KEY is missing or short"):
        assert words in bad.stdout


def test_check_says_when_the_app_is_the_owner(databases):
    from espalier.config import roles

    name = os.environ["DATABASE_URL"].split("/@/")[-1].split("@/")[-1].split("?")[0]
    done = run("-m", "espalier.config.cli", "check", DATABASE_URL=databases.server.url(roles.OWNER, name), ESPALIER_SECRET_KEY="x" * 60)
    assert done.returncode == 1
    assert "The app connects as the owner of" in done.stdout


LOOK = """
import django; django.setup()
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
client = Client(HTTP_HOST="localhost")
client.post("/sign-in/", {"who": "demo-analyst"})
print(client.get("/sign-in/").status_code, "made up" in client.get("/sign-in/").content.decode(), "_auth_user_id" in client.session)
"""


@pytest.mark.parametrize("demo", [{}, {"ESPALIER_DEMO": "1"}], ids=["plain", "demo asked for"])
def test_nobody_signs_in_without_a_password_on_a_database_of_ones_own(demo):
    facts = {
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "DJANGO_SETTINGS_MODULE": "espalier.config.settings",
        "ESPALIER_SECRET_KEY": "x" * 60,
        "ESPALIER_TLS": "0",
    }
    for name in ("ESPALIER_STATIC", "ESPALIER_PROJECT"):
        if name in os.environ:
            facts[name] = os.environ[name]
    done = run("-c", LOOK, **facts, **demo)
    assert done.stdout == "200 False False\n", done.stderr


def test_nobody_is_served_without_a_secret_on_a_database_of_ones_own():
    done = run("-m", "espalier.config.cli", "serve", DATABASE_URL=os.environ["DATABASE_URL"])
    assert done.returncode == 1
    assert done.stderr == (
        "Espalier: There is no ESPALIER_SECRET_KEY, so sessions could be forged. Set it to at least 50 random characters.\n"
    )


def test_a_day_that_is_none_is_said_in_plain_words(capsys):
    with pytest.raises(SystemExit):
        cli.main(["import", "places", "x.ods", "--as-of", "31/01/2025"])
    assert "'31/01/2025' is not a day. Write it like 2025-01-31." in capsys.readouterr().err


def test_a_worker_that_dies_is_started_again_until_all_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(cli, "AGAIN_AFTER", 0.05)
    born, stop = tmp_path / "born", threading.Event()
    lives = f"import os, time; open({str(born)!r}, 'a').write(f'{{os.getpid()}} '); time.sleep(60)"
    watching = threading.Thread(target=cli._keep_working, args=(stop, (sys.executable, "-c", lives)))
    watching.start()

    def workers(how_many):
        for _ in range(200):
            if born.exists() and len(found := born.read_text().split()) >= how_many:
                return [int(one) for one in found]
            time.sleep(0.05)
        pytest.fail(f"{how_many} workers were not started")

    try:
        os.kill(workers(1)[0], signal.SIGKILL)
        second = workers(2)[1]
    finally:
        stop.set()
        watching.join(15)
    assert not watching.is_alive()
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


@pytest.fixture
def served(monkeypatch, tmp_path):
    """Whatever start and serve would begin, only noted: the address that pages, worker and commands inherit."""
    found = {}
    server = embedded.Embedded(home=tmp_path, sockets=tmp_path, programs=tmp_path, user=None)
    for name in ("database_ready", "installation_ready"):
        monkeypatch.setattr(cli, name, lambda: server)
    monkeypatch.setattr(cli, "_again", lambda *_: found.setdefault("prepared with", os.environ.get("ESPALIER_ADDRESS")))
    monkeypatch.setattr(cli, "_keep_working", lambda *_: found.setdefault("worker", os.environ.get("ESPALIER_ADDRESS")))
    monkeypatch.setattr(cli, "_serve", lambda *_: found.update(pages=os.environ.get("ESPALIER_ADDRESS")) or 0)
    monkeypatch.setattr(cli.durable, "refuse_unless_kept", lambda _: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESPALIER_ADDRESS", "")
        patch.delenv("ESPALIER_ADDRESS")
        yield found, server


def test_links_begin_with_the_port_that_was_taken_and_later_commands_know_it(served):
    found, server = served
    with somebody_at(http("something else")) as port:
        assert cli.main(["start", "--port", str(port)]) == 0
    address = found["pages"]
    assert address.startswith("http://localhost:") and port < int(address.rpartition(":")[2]) < port + 20
    assert found == {"prepared with": address, "worker": address, "pages": address}
    del os.environ["ESPALIER_ADDRESS"]  # another command, in a process of its own
    ready.as_served(server)
    assert os.environ["ESPALIER_ADDRESS"] == address


def test_serving_on_another_port_changes_what_links_begin_with(served, monkeypatch):
    found, server = served
    (server.home / "address").write_text("http://localhost:1")
    monkeypatch.setenv("DATABASE_URL", "")
    assert cli.main(["serve", "--port", "8917"]) == 0
    assert (found["pages"], (server.home / "address").read_text()) == ("http://localhost:8917", "http://localhost:8917")


def test_an_address_that_was_set_stays(served, monkeypatch):
    found, server = served
    os.environ["ESPALIER_ADDRESS"] = "https://espalier.example.org"
    monkeypatch.setenv("DATABASE_URL", "")
    assert cli.main(["serve", "--port", "8917"]) == 0
    ready.as_served(server)
    assert found["pages"] == os.environ["ESPALIER_ADDRESS"] == "https://espalier.example.org"
    assert not (server.home / "address").exists()


def test_an_invitation_of_the_command_line_leads_to_where_pages_are_served(served, monkeypatch):
    _, server = served
    (server.home / "address").write_text("http://localhost:8917")
    monkeypatch.setattr(commands, "installation_ready", lambda: server)
    monkeypatch.setattr(commands, "django_ready", lambda: pytest.fail(os.environ["ESPALIER_ADDRESS"]))
    with pytest.raises(pytest.fail.Exception, match="http://localhost:8917"):
        cli.main(["invite", "--role", "administrator", "--unit", "DEMO-TRUST"])
