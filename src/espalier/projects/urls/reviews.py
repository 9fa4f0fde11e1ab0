"""Addresses of learning reviews, and of speaking up."""

from __future__ import annotations

from django.urls import path

from espalier.projects.views import reviews as views

urlpatterns = [
    path("reviews/", views.all_reviews, name="reviews"),
    path("reviews/new/", views.new, name="review-new"),
    path("reviews/<int:pk>/", views.review, name="review"),
    path("reviews/<int:pk>/idea/", views.idea, name="review-idea"),
    path("reviews/<int:pk>/state/", views.state, name="review-state"),
    path("reviews/<int:pk>/<slug:key>/", views.section, name="review-section"),
    path("reviews/<int:pk>/<slug:key>/undo/", views.undo, name="review-undo"),
    path("speaking-up/", views.speaking_up, name="speaking-up"),
]
