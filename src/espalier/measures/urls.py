from __future__ import annotations

from django.urls import path

from espalier.measures.views import charts, defining, entering, files, marking, splitting

app_name = "measures"
urlpatterns = [
    path("", charts.all_charts, name="all"),
    path("new/", defining.new, name="new"),
    path("library/", defining.library, name="library"),
    path("<slug:measure>/definition/", defining.definition, name="definition"),
    path("<slug:measure>/edit/", defining.edit, name="edit"),
    path("<slug:measure>/retire/", defining.retire, name="retire"),
    path("<slug:measure>/<slug:unit>/use/", defining.use, name="use"),
    path("<slug:measure>/", charts.wall, name="wall"),
    path("<slug:measure>/table.csv", charts.wall_csv, name="wall-csv"),
    path("<slug:measure>/<slug:unit>/", charts.chart, name="chart"),
    path("<slug:measure>/<slug:unit>/split/<slug:dimension>/", splitting.split, name="split"),
    path("<slug:measure>/<slug:unit>/split/<slug:dimension>/data.csv", splitting.split_csv, name="split-csv"),
    path("<slug:measure>/<slug:unit>/enter/", entering.enter, name="enter"),
    path("<slug:measure>/<slug:unit>/paste/", entering.paste, name="paste"),
    path("<slug:measure>/<slug:unit>/undo-paste/", entering.undo_paste, name="undo-paste"),
    path("<slug:measure>/<slug:unit>/undo/", entering.undo, name="undo"),
    path("<slug:measure>/<slug:unit>/marks/", marking.marks, name="marks"),
    path("<slug:measure>/<slug:unit>/marks/new/", marking.new, name="mark-new"),
    path("<slug:measure>/<slug:unit>/marks/undo/", marking.undo, name="mark-undo"),
    path("<slug:measure>/<slug:unit>/marks/not-now/", marking.not_now, name="mark-not-now"),
    path("<slug:measure>/<slug:unit>/marks/<uuid:mark>/", marking.change, name="mark-change"),
    path("<slug:measure>/<slug:unit>/marks/<uuid:mark>/end/", marking.end, name="mark-end"),
    path("<slug:measure>/<slug:unit>/rules/", marking.rules, name="rules"),
    path("<slug:measure>/<slug:unit>/history/", marking.history, name="history"),
    path("<slug:measure>/<slug:unit>/history.csv", marking.history_csv, name="history-csv"),
    path("<slug:measure>/<slug:unit>/data.csv", charts.chart_csv, name="chart-csv"),
    path("<slug:measure>/<slug:unit>/chart.svg", charts.chart_svg, name="chart-svg"),
    path("<slug:measure>/table.<slug:kind>", files.wall_file, name="wall-file"),
    path("<slug:measure>/<slug:unit>/chart.<slug:kind>", files.chart_file, name="chart-file"),
]
