from __future__ import annotations

from django.urls import path

from espalier.ui.brand import stylesheet
from espalier.ui.gallery import gallery

app_name = "ui"
urlpatterns = [
    path("brand.css", stylesheet, name="brand"),
    path("admin-tools/components/", gallery, name="gallery"),
]
