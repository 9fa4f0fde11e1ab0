from __future__ import annotations

from django.urls import path

from espalier.site.views import installing

urlpatterns = [
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service-worker"),
]
