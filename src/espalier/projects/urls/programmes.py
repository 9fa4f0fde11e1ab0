"""Addresses of programmes, month ends, coaches and conversations."""

from __future__ import annotations

from django.urls import path

from espalier.projects.views import coaches, month_end, programmes, talking

urlpatterns = [
    path("programmes/", programmes.all_programmes, name="programmes"),
    path("programmes/new/", programmes.new, name="programme-new"),
    path("programmes/<int:pk>/", programmes.programme, name="programme"),
    path("programmes/<int:pk>/sessions.ics", programmes.sessions_file, name="programme-calendar"),
    path("programmes/<int:pk>/join/", programmes.join, name="programme-join"),
    path("programmes/<int:pk>/measures/", programmes.measure, name="programme-measures"),
    path("programmes/<int:pk>/sessions/", programmes.session, name="programme-sessions"),
    path("programmes/<int:pk>/sessions/<int:session>/", programmes.call_off, name="programme-session"),
    path("programmes/<int:pk>/month/<slug:month>/", programmes.month, name="programme-month"),
    path("coaches/", coaches.coaches, name="coaches"),
    path("coaches/mine/", coaches.mine, name="coaching"),
    path("coaches/<int:pk>/end/", coaches.end, name="coach-end"),
    path("coaches/requests/<int:pk>/", coaches.propose, name="coach-propose"),
    path("<int:pk>/coach/", coaches.team, name="team-coach"),
    path("<int:pk>/coach/ask/", coaches.ask, name="coach-ask"),
    path("<int:pk>/coach/notes/<int:note>/", coaches.note, name="coach-note"),
    path("<int:pk>/month/", month_end.month_end, name="month-end"),
    path("<int:pk>/month/pull-back/", month_end.pull_back, name="month-pull-back"),
    path("<int:pk>/month/undo/", month_end.undo, name="month-undo"),
    path("<int:pk>/month/answer/", month_end.answer, name="month-answer"),
    path("<int:pk>/talk/", talking.talk, name="talk"),
    path("<int:pk>/talk/heard/", talking.heard, name="talk-heard"),
    path("<int:pk>/talk/<int:remark>/", talking.remark, name="talk-remark"),
]
