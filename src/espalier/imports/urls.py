from __future__ import annotations

from django.urls import path

from espalier.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.start, name="start"),
    path("<uuid:pk>/", views.where, name="file"),
    path("<uuid:pk>/table/", views.table, name="table"),
    path("<uuid:pk>/columns/", views.columns, name="columns"),
    path("<uuid:pk>/check/", views.check, name="check"),
    path("<uuid:pk>/working/", views.working, name="working"),
    path("<uuid:pk>/done/", views.done, name="done"),
    path("<uuid:pk>/problems.<str:ending>", views.problems, name="problems"),
    path("<uuid:pk>/undo/", views.undo, name="undo"),
    path("<uuid:pk>/forget/", views.forget, name="forget"),
]
