"""Calls, as a program makes them."""

import json
import uuid

import pytest


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
