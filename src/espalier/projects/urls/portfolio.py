"""Addresses of many projects at once."""

from __future__ import annotations

from django.urls import path

from espalier.projects.views import portfolio

urlpatterns = [
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/list/", portfolio.lines, name="portfolio-list"),
    path("portfolio/projects.csv", portfolio.file, name="portfolio-csv"),
    path("portfolio/measure/", portfolio.sight, name="portfolio-measure"),
]
