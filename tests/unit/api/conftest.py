"""Calls, as a program makes them: inside the test, and over the wire to a server of its own."""

import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
import uuid
from http.cookiejar import CookieJar

import pytest
from tests.conftest import State, _wait_for, cloned, embedded_free_port


@pytest.fixture
def call(client, db):
    """Ask the interface: (path, token=…) reads, with body= sends."""

    def ask(path, token=None, body=None, key=None, method=None, raw=None, **headers):
        if token:
            headers["authorization"] = f"Bearer {token}"
        if body is not None or raw is not None:
            headers["idempotency-key"] = key or uuid.uuid4().hex
            data = raw if raw is not None else json.dumps(body)
            return client.generic(method or "POST", f"/api/v1/{path}", data, content_type="application/json", headers=headers)
        return client.generic(method or "GET", f"/api/v1/{path}", headers=headers)

    return ask


class Served:
    """Espalier as it is served, two processes, with room for many calls; tokens are made on its own page."""

    def __init__(self, address, database):
        self.address, self.database = address, database

    def token(self, who="demo-leader", scopes=("read", "enter")):
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

        def send(path, **fields):
            page = browser.open(f"{self.address}{path}").read().decode()
            secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
            body = urllib.parse.urlencode({"csrfmiddlewaretoken": secret, **fields}, doseq=True).encode()
            return browser.open(f"{self.address}{path}", body).read().decode()

        send("/sign-in/", who=who)
        return re.search(r'esp-secret">(esp_[^<]+)<', send("/tokens/", name="test", scopes=scopes, where="", days="30"))[1]

    def rows(self, statement):
        import psycopg

        with psycopg.connect(State.databases.server.url("postgres", self.database)) as connection:
            return connection.execute(statement).fetchall()


@pytest.fixture(scope="session")
def served():
    with cloned("api") as name:
        port = embedded_free_port()
        environment = os.environ | State.databases.environment(name) | {"ESPALIER_API_PER_MINUTE": "10000000"}
        command = [sys.executable, "-m", "espalier.config.cli", "serve", "--port", str(port), "--workers", "2"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            for patience in range(4):  # a busy machine takes longer to start two processes
                try:
                    _wait_for(f"http://127.0.0.1:{port}/readyz")
                    break
                except RuntimeError:
                    if patience == 3:
                        raise
            yield Served(f"http://127.0.0.1:{port}", name)
        finally:
            process.terminate()
            process.wait(60)
