"""Addresses under /framework/."""

from __future__ import annotations

from django.urls import path

from espalier.framework import views

app_name = "framework"
urlpatterns = [
    path("", views.whole, name="whole"),
    path("<str:code>/", views.entry, name="entry"),
]
