"""Signing in and out where there are no made-up people; in the demonstration their room has these two addresses."""

from __future__ import annotations

from django.urls import path

from espalier.site.views import signing

urlpatterns = [path("sign-in/", signing.ways, name="sign-in"), path("sign-out/", signing.sign_out, name="sign-out")]
