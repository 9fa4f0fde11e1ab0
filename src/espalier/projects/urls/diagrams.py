"""Addresses of pictures and of the library to start from."""

from __future__ import annotations

from django.urls import path

from espalier.projects.views import diagram_files as files
from espalier.projects.views import diagram_library as ready
from espalier.projects.views import diagrams as views

library = [
    path("diagrams/", ready.all_ready, name="diagrams"),
    path("diagrams/<slug:code>/", ready.one_ready, name="ready-diagram"),
]

urlpatterns = [
    path("<int:pk>/diagram/", views.picture, name="diagram"),
    path("<int:pk>/diagram/new/", views.new, name="diagram-new"),
    path("<int:pk>/diagram/<int:diagram>/", views.picture, name="picture"),
    path("<int:pk>/diagram/picture.<slug:kind>", files.file, name="diagram-file"),
    path("<int:pk>/diagram/<int:diagram>/picture.<slug:kind>", files.file, name="picture-file"),
]
