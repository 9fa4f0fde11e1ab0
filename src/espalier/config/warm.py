"""Do before the first visitor what the first visitor would otherwise wait for."""

from __future__ import annotations

from django.template import engines
from django.urls import get_resolver

from espalier.measures import queries as measures

PAGES = (
    "site/home.html",
    "site/unit.html",
    "site/search.html",
    "measures/all.html",
    "measures/wall.html",
    "measures/chart.html",
    "ui/error.html",
)


def up() -> None:
    """Import every page's code and read the compiled templates; the database is left alone, it may not be there yet."""
    _ = get_resolver().url_patterns
    for page in PAGES:
        engines["jinja2"].get_template(page)
    measures.warm_up()
