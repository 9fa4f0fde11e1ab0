"""What a phone needs to install the page of ideas and to open it without a network."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client

from espalier.site.views.installing import ALSO, FILES, SHELL

pytestmark = pytest.mark.django_db


def test_the_manifest_names_icons_of_the_size_they_say(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    said = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert said["start_url"] == "/projects/ideas/"
    for icon, size in zip(said["icons"], (192, 512), strict=True):
        head = Path(finders.find(f"site/mark-{size}.png")).read_bytes()[:24]
        assert icon["sizes"] == f"{size}x{size}"
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", head[16:24]) == (size, size)


def test_the_service_worker_is_a_script_for_the_whole_site_and_asked_for_anew(client: Client) -> None:
    answer = client.get("/service-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/"
    assert "no-cache" in answer["Cache-Control"]
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    assert f'"{SHELL}"' in answer.content.decode()


def test_every_file_of_the_page_for_off_line_is_kept_with_it(client: Client) -> None:
    page = client.get(SHELL).content.decode()
    kept = {*(static(name) for name in FILES), *ALSO}
    assert set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page)) <= kept
    imported = re.findall(r'from "\./([^"]+)"', Path(finders.find("ui/app.js")).read_text(encoding="utf-8"))
    assert {f"/static/ui/{name}" for name in imported} <= set(ALSO)


def test_the_page_for_off_line_is_the_same_for_everybody() -> None:
    """It is kept on phones that several people use: nothing of one may stand in it."""

    somebody = Client()
    page = somebody.get(SHELL).content.decode()
    assert "data-who" not in page
    assert "csrfmiddlewaretoken" not in page
    assert not somebody.cookies
    somebody.post("/sign-in/", {"who": "demo-nurse"})
    assert "Sam, nurse" in somebody.get("/projects/ideas/").content.decode()
    assert "Sam, nurse" not in somebody.get(SHELL).content.decode()
