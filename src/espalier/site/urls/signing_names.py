"""Addresses that allauth looks up by names of its own."""

from __future__ import annotations

from django.urls import path

from espalier.site.views import signing, signing_joining

urlpatterns = [
    path("sign-in/ways/", signing.ways, name="account_login"),
    path("sign-in/code/", signing.code, name="account_confirm_login_code"),
    path("sign-in/second-step/", signing.second_step, name="mfa_authenticate"),
    path("sign-in/with/<slug:provider_id>/back/", signing.provider_back, name="openid_connect_callback"),
    path("join/", signing_joining.join, name="account_signup"),
]
