from __future__ import annotations

from django.urls import path

from espalier.insight.views import boards, frozen, home, packs, papers, reports

app_name = "insight"
urlpatterns = [
    path("", home.home, name="home"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<int:paper>/", reports.report, name="report"),
    path("reports/<int:paper>/file.<slug:kind>", reports.report_file, name="report-file"),
    path("board/<slug:code>/", boards.board, name="board"),
    path("board/<slug:code>/edit/", boards.edit, name="board-edit"),
    path("board/<slug:code>/file.<slug:kind>", boards.board_file, name="board-file"),
    path("papers/<int:paper>/change/", papers.change, name="change"),
    path("papers/<int:paper>/undo/", papers.undo, name="undo"),
    path("papers/<int:paper>/put-away/", papers.put_away, name="put-away"),
    path("papers/<int:paper>/freeze/", papers.freeze, name="freeze"),
    path("papers/<int:paper>/frozen/<int:number>/", frozen.frozen, name="frozen"),
    path("papers/<int:paper>/frozen/<int:number>/file.<slug:kind>", frozen.frozen_file, name="frozen-file"),
    path("files/", packs.packs, name="packs"),
    path("files/<uuid:pk>/", packs.pack, name="pack"),
    path("files/<uuid:pk>/charts.zip", packs.pack_file, name="pack-file"),
]
