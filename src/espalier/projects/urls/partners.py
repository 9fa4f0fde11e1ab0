"""Addresses of partners: their own pages, and the team's side."""

from __future__ import annotations

from django.urls import path

from espalier.projects.views import checking
from espalier.projects.views import partners as views

urlpatterns = [
    path("check-words/", checking.check_words, name="check-words"),
    path("partner/", views.my_page, name="my-partner-page"),
    path("partner/<int:pk>/claim/", views.claim, name="partner-claim"),
    path("partner/<int:pk>/measure/", views.measure, name="partner-measure"),
    path("partner/<int:pk>/stop/", views.stop, name="partner-stop"),
    path("partner/claims/<int:pk>/take/", views.take, name="partner-take"),
    path("<int:pk>/partner/", views.team_side, name="partners"),
    path("<int:pk>/partner/<int:account>/ask/", views.ask, name="partner-ask"),
    path("<int:pk>/partner/<int:account>/offer/", views.offer, name="partner-offer"),
    path("<int:pk>/partner/<int:account>/because/", views.because, name="partner-because"),
    path("<int:pk>/partner/because/<int:number>/undo/", views.because_undo, name="partner-because-undo"),
    path("<int:pk>/partner/claims/<int:number>/", views.answer, name="partner-answer"),
    path("<int:pk>/partner/claims/<int:number>/back/", views.take_back, name="partner-offer-back"),
]
