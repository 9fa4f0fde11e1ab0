from __future__ import annotations

from django.urls import path

from espalier.measures import views

app_name = "measures"
urlpatterns = [
    path("", views.all_charts, name="all"),
    path("<slug:measure>/", views.wall, name="wall"),
    path("<slug:measure>/table.csv", views.wall_csv, name="wall-csv"),
    path("<slug:measure>/<slug:unit>/", views.chart, name="chart"),
    path("<slug:measure>/<slug:unit>/enter/", views.enter, name="enter"),
    path("<slug:measure>/<slug:unit>/paste/", views.paste, name="paste"),
    path("<slug:measure>/<slug:unit>/undo-paste/", views.undo_paste, name="undo-paste"),
    path("<slug:measure>/<slug:unit>/undo/", views.undo, name="undo"),
    path("<slug:measure>/<slug:unit>/data.csv", views.chart_csv, name="chart-csv"),
    path("<slug:measure>/<slug:unit>/chart.svg", views.chart_svg, name="chart-svg"),
]
