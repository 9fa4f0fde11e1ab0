"""Addresses of improvement work; each feature keeps its own list."""

from __future__ import annotations

from espalier.projects.urls import cycles, diagrams, ideas, partners, portfolio, programmes, projects, reviews, stories, teams, value

app_name = "projects"
urlpatterns = [
    *diagrams.library,
    *projects.urlpatterns,
    *diagrams.urlpatterns,
    *programmes.urlpatterns,
    *reviews.urlpatterns,
    *partners.urlpatterns,
    *cycles.urlpatterns,
    *ideas.urlpatterns,
    *teams.urlpatterns,
    *value.urlpatterns,
    *portfolio.urlpatterns,
    *stories.urlpatterns,
]
