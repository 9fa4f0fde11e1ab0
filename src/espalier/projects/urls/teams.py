"""Addresses of what a team says on its page. They stand before a project's own."""

from __future__ import annotations

from django.urls import path

from espalier.projects.views import teams as views

urlpatterns = [
    path("teams/<str:code>/hindrances/", views.hindrances, name="team-hindrances"),
    path("teams/<str:code>/hindrances/<int:number>/", views.hindrance, name="team-hindrance"),
    path("teams/<str:code>/promises/", views.promises, name="team-promises"),
    path("teams/<str:code>/promises/<int:number>/", views.promise, name="team-promise"),
    path("teams/<str:code>/thanks/", views.thanks, name="team-thanks"),
    path("teams/<str:code>/earlier/", views.earlier, name="team-earlier"),
    path("teams/<str:code>/change/", views.change, name="team-change"),
]
