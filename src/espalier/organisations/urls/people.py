"""Addresses of people and the posts they hold."""

from __future__ import annotations

from django.urls import path

from espalier.organisations.views import people as views

urlpatterns = [
    path("units/<str:code>/people/", views.unit_people, name="people"),
    path("units/<str:code>/people/add/", views.add_person, name="add-person"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/change/", views.change_person, name="change-person"),
    path("people/<int:pk>/leave/", views.leave, name="leave"),
    path("people/<int:pk>/undo/", views.undo, name="undo-staff"),
    path("people/<int:pk>/posts/add/", views.add_post, name="add-post"),
    path("people/<int:pk>/posts/<int:post>/change/", views.change_post, name="change-post"),
    path("people/<int:pk>/posts/<int:post>/end/", views.end_post, name="end-post"),
]
