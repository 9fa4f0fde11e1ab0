"""Addresses of ideas. They stand before a project's own."""

from __future__ import annotations

from django.urls import path

from espalier.projects.views import ideas as views

urlpatterns = [
    path("ideas/", views.ideas, name="ideas"),
    path("ideas/off-line/", views.shell, name="ideas-shell"),
    path("ideas/queue/", views.queue, name="ideas-queue"),
    path("ideas/<uuid:pk>/", views.idea, name="idea"),
    path("ideas/<uuid:pk>/change/", views.change, name="change-idea"),
]
