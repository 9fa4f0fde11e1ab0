from __future__ import annotations

from django.urls import path

from espalier.measures.views import charts, entering, following, lists

app_name = "measures"
urlpatterns = [
    path("", charts.all_charts, name="all"),
    # Lists and what a person keeps: before the measures, so that no measure's code can stand in their way.
    path("changes/", lists.changes, name="changes"),
    path("changes/seen/", lists.seen, name="seen"),
    path("late/", lists.late, name="late"),
    path("late/table.csv", lists.late_csv, name="late-csv"),
    path("quality/", lists.quality, name="quality"),
    path("quality/table.csv", lists.quality_csv, name="quality-csv"),
    path("following/", following.following, name="following"),
    path("following/start/", following.start, name="follow"),
    path("following/letter/", following.letter, name="letter"),
    path("following/stop/<str:mark>/", following.stop_letters, name="stop-letters"),
    path("following/<int:pk>/stop/", following.stop, name="unfollow"),
    path("views/", following.views, name="views"),
    path("views/save/", following.save, name="save-view"),
    path("views/<int:pk>/", following.open_view, name="view"),
    path("views/<int:pk>/rename/", following.rename, name="rename-view"),
    path("views/<int:pk>/delete/", following.remove, name="remove-view"),
    path("views/<int:pk>/undo/", following.restore, name="restore-view"),
    path("<slug:measure>/funnel/", lists.funnel, name="funnel"),
    path("<slug:measure>/funnel/table.csv", lists.funnel_csv, name="funnel-csv"),
    path("<slug:measure>/funnel/chart.svg", lists.funnel_svg, name="funnel-svg"),
    path("<slug:measure>/", charts.wall, name="wall"),
    path("<slug:measure>/table.csv", charts.wall_csv, name="wall-csv"),
    path("<slug:measure>/<slug:unit>/", charts.chart, name="chart"),
    path("<slug:measure>/<slug:unit>/enter/", entering.enter, name="enter"),
    path("<slug:measure>/<slug:unit>/paste/", entering.paste, name="paste"),
    path("<slug:measure>/<slug:unit>/undo-paste/", entering.undo_paste, name="undo-paste"),
    path("<slug:measure>/<slug:unit>/undo/", entering.undo, name="undo"),
    path("<slug:measure>/<slug:unit>/data.csv", charts.chart_csv, name="chart-csv"),
    path("<slug:measure>/<slug:unit>/chart.svg", charts.chart_svg, name="chart-svg"),
]
