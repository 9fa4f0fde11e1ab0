"""Addresses under which places are changed, and their history is read."""

from __future__ import annotations

from django.urls import path

from espalier.organisations.views import changing

urlpatterns = [
    path("units/<str:code>/history/", changing.history, name="history"),
    path("units/<str:code>/change/", changing.change, name="change"),
    path("units/<str:code>/change/undo/", changing.undo, name="change-undo"),
    path("units/<str:code>/change/remove/", changing.remove, name="change-remove"),
    path("units/<str:code>/change/<slug:what>/", changing.act, name="change-act"),
]
