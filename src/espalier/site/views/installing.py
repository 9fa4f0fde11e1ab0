"""What makes a page of ours one that a phone can install and open without a network: its manifest and its service worker."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from espalier.ui.brand import brand

if TYPE_CHECKING:
    from espalier.access.requests import Asked

SHELL = "/projects/ideas/off-line/"
SENDS = "projects/queue.js"
# What the page for off-line is made of. tests/unit/site/test_installing.py finds a file of it that is not here.
FILES = (
    "ui/favicon.svg", "ui/nhsuk-10.6.1/nhsuk.css", "ui/espalier.css", "ui/charts.css", "ui/app.js", "projects/ideas.css",
    "projects/ideas.js", "site/mark-192.png", SENDS,
)  # fmt: skip
ALSO = ("/static/ui/nhsuk-10.6.1/nhsuk.js",)  # app.js asks for it by its plain name
GREEN, PAPER = "#1f4f3c", "#ffffff"


@require_safe
@cache_control(max_age=3600, public=True)
def manifest(request: Asked) -> HttpResponse:
    """Say what stands on the home screen, and what it opens."""
    del request
    icons = [
        {"src": static(f"site/mark-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}
        for size in (192, 512)
    ]
    said = {
        "id": "/", "name": f"{brand().name}: ideas", "short_name": brand().name, "lang": "en-GB", "start_url": "/projects/ideas/",
        "scope": "/", "display": "standalone", "theme_color": GREEN, "background_color": PAPER, "icons": icons,
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: Asked) -> HttpResponse:
    """Give the small program that opens the page of ideas without a network. It changes by itself when one of its files does."""
    del request
    files = [*(static(name) for name in FILES), *ALSO]
    facts = {"files": json.dumps(files), "shell": json.dumps(SHELL), "sends": json.dumps(static(SENDS))}
    version = hashlib.sha256(facts["files"].encode()).hexdigest()[:12]
    script = render_to_string("site/service-worker.js", facts | {"version": version})
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers={"Service-Worker-Allowed": "/"})
