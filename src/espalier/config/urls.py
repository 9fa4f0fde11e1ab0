"""Every address of the product."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("espalier.site.urls")),
    path("measures/", include("espalier.measures.urls")),
    path("imports/", include("espalier.imports.urls")),
    path("framework/", include("espalier.framework.urls")),
    path("insight/", include("espalier.insight.urls")),
    path("projects/", include("espalier.projects.urls")),
    path("", include("espalier.ui.urls")),
    path("api/v1/", include("espalier.config.api")),
    path("", include("espalier.organisations.urls")),
    # -- part 4: sign-on
    path("", include("espalier.site.urls.signing_names")),
    # -- part 4: scim
]
if settings.DEMO and settings.EMBEDDED:  # signing in without a password exists on one machine's demonstration only
    urlpatterns.append(path("", include("espalier.demo.urls")))
else:  # -- part 4: sign-on
    urlpatterns.append(path("", include("espalier.site.urls.signing_front")))

handler400 = "espalier.ui.errors.handler400"
handler403 = "espalier.ui.errors.handler403"
handler404 = "espalier.ui.errors.handler404"
handler500 = "espalier.ui.errors.handler500"
