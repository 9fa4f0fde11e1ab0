from __future__ import annotations

from django.urls import path

from espalier.site import views

urlpatterns = [
    path("admin-tools/audit/", views.audit, name="audit"),
    path("admin-tools/audit/events.csv", views.audit_csv, name="audit-csv"),
    path("admin-tools/audit/head.json", views.audit_head, name="audit-head"),
    path("admin-tools/audit/verify/", views.audit_verify, name="audit-verify"),
    path("admin-tools/emergency/", views.emergency, name="emergency"),
    path("account/who-looked/", views.who_looked, name="who-looked"),
]
