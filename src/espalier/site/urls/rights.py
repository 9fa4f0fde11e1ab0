from __future__ import annotations

from django.urls import path

from espalier.site.views import complaints, rights

urlpatterns = [
    path("account/my-data/", rights.my_data, name="my-data"),
    path("account/my-data/choices/", rights.choices, name="choices"),
    path("account/my-data/<uuid:pk>/", rights.data_request, name="data-request"),
    path("account/my-data/<uuid:pk>/copy.zip", rights.data_file, name="data-file"),
    path("admin-tools/data-requests/", rights.for_others, name="data-requests"),
    path("admin-tools/retention/", rights.retention, name="retention"),
    path("about/privacy/", rights.privacy, name="privacy"),
    path("about/trust/", rights.trust, name="trust"),
    path("complaints/", complaints.complain, name="complaints"),
    path("complaints/receipt/", complaints.receipt, name="receipt"),
    path("admin-tools/complaints/", complaints.to_answer, name="complaints-to-answer"),
    path("admin-tools/complaints/<uuid:pk>/", complaints.one, name="complaint"),
]
