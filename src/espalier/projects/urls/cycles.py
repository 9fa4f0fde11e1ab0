"""Addresses of tests of change, and of what a project measures."""

from __future__ import annotations

from django.urls import path

from espalier.projects.views import cycles, first_figures, measuring

urlpatterns = [
    path("<int:pk>/tests/", cycles.tests, name="tests"),
    path("<int:pk>/tests/new/", cycles.new, name="test-new"),
    path("<int:pk>/tests/undo/", cycles.undo, name="test-undo"),
    path("<int:pk>/tests/<int:number>/", cycles.test, name="test"),
    path("<int:pk>/tests/<int:number>/tasks/<int:task>/", cycles.task, name="test-task"),
    path("<int:pk>/measures/", measuring.measures, name="measures"),
    path("<int:pk>/measures/choose/", measuring.choose, name="measure-choose"),
    path("<int:pk>/measures/<int:counted>/", measuring.change, name="measure-change"),
    path("<int:pk>/measures/<int:counted>/figures/", first_figures.figures, name="first-figures"),
    path("<int:pk>/measures/<int:counted>/remove/", measuring.remove, name="measure-remove"),
    path("<int:pk>/measures/<int:counted>/tally/", measuring.tally, name="tally"),
    path("<int:pk>/measures/<int:counted>/tally/chart/", measuring.into_chart, name="tally-chart"),
]
