from __future__ import annotations

from django.urls import path

from espalier.site import views

urlpatterns = [
    path("drafts/", views.drafts, name="drafts"),
    path("account/drafts/", views.my_drafts, name="my-drafts"),
]
