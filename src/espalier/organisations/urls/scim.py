from __future__ import annotations

from django.urls import path

from espalier.organisations.views import scim

urlpatterns = [
    path("scim/v2/", scim.scim, name="scim-root"),
    path("scim/v2/<path:path>", scim.scim, name="scim"),
]
