from __future__ import annotations

from django.urls import path

from espalier.site import views

urlpatterns = [
    path("units/<str:code>/", views.unit, name="unit"),
    path("units/<str:code>/sharing/", views.sharing, name="sharing"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:pk>/stop/", views.stop_token, name="stop-token"),
    path("help/", views.help_index, name="help"),
    path("help/<slug:slug>/", views.help_page, name="help-page"),
]
