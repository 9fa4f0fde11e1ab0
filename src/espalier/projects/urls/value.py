"""Addresses of what a project is worth."""

from __future__ import annotations

from django.urls import path

from espalier.projects.views import value

urlpatterns = [
    path("<int:pk>/value/", value.value, name="value"),
    path("<int:pk>/value/new/", value.new, name="value-new"),
    path("<int:pk>/value/undo/", value.undo, name="value-undo"),
    path("<int:pk>/value/<int:number>/", value.change, name="value-change"),
    path("<int:pk>/value/<int:number>/remove/", value.remove, name="value-remove"),
]
