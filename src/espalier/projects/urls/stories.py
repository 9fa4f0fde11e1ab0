"""Addresses of stories: a project's own, and those that everybody may read."""

from __future__ import annotations

from django.urls import path

from espalier.projects.views import stories as views
from espalier.projects.views import stories_public as public

urlpatterns = [
    path("stories/", public.all_stories, name="stories"),
    path("stories/<int:story>/", public.story, name="public-story"),
    path("stories/<int:story>/story.<slug:kind>", public.file, name="public-story-file"),
    path("stories/<int:story>/adopt/", public.adopt, name="adopt"),
    path("stories/<int:story>/withdraw/", public.withdraw, name="public-story-withdraw"),
    path("<int:pk>/story/", views.story, name="story"),
    path("<int:pk>/story.<slug:kind>", views.file, name="story-file"),
    path("<int:pk>/story/write/<slug:section>/", views.write, name="story-write"),
    path("<int:pk>/story/voices/new/", views.voice, name="voice-new"),
    path("<int:pk>/story/voices/<int:number>/", views.voice, name="voice"),
    path("<int:pk>/story/voices/<int:number>/remove/", views.remove, name="voice-remove"),
    path("<int:pk>/story/undo/", views.undo, name="story-undo"),
    path("<int:pk>/story/public/", views.publish, name="story-publish"),
    path("<int:pk>/story/came-from/", views.came_from, name="origin"),
]
