"""Addresses of projects themselves."""

from __future__ import annotations

from django.urls import path

from espalier.projects.views import aim, begin, places, standing, team
from espalier.projects.views import projects as views

urlpatterns = [
    path("", views.all_projects, name="all"),
    path("new/", begin.begin, name="new"),
    path("<int:pk>/", views.project, name="project"),
    path("<int:pk>/aim/", aim.aim, name="aim"),
    path("<int:pk>/progress/", standing.progress, name="progress"),
    path("<int:pk>/move/", standing.move, name="move"),
    path("<int:pk>/stop/", standing.stop, name="stop"),
    path("<int:pk>/undo/", standing.undo, name="undo"),
    path("<int:pk>/places/", places.places, name="places"),
    path("<int:pk>/team/", team.team, name="team"),
    path("<int:pk>/team/change/", team.change, name="change-team"),
]
