from __future__ import annotations

from django.urls import path

from espalier.site import views

urlpatterns = [
    path("account/letters/", views.letters, name="letters"),
    path("account/letters/<int:pk>/again/", views.write_again, name="write-again"),
    path("account/letters/stop/<str:mark>/", views.stop_letters, name="stop-letters"),
]
