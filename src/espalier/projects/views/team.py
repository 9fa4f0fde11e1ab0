"""The people of a project, and who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from espalier.common.errors import UnableTo
from espalier.organisations import queries as organisations
from espalier.projects import actions, forms, queries
from espalier.projects.views.shared import about, words_of
from espalier.ui.pages import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from espalier.access.requests import Asked


def team(request: Asked, pk: int) -> HttpResponse:
    """Who takes part, who can be asked, and who reads it."""
    viewer, text = request.viewer, words_of(request.GET.get("q", ""))
    found = queries.project(viewer=viewer, pk=pk)
    leads = bool(found.may_arrange)
    context = about(request, found, "Team") | {
        "text": text, "viewer_id": viewer.account_id,
        "may_invite": leads and not text and bool(organisations.may_invite(viewer=viewer, unit=found.unit)),
        "near": queries.people_near(viewer=viewer, project=found) if leads and not text else (),
        "people": queries.people_to_add(viewer=viewer, project=found, text=text) if leads and text else (),
        "block": queries.ask_block(viewer=viewer, project=found), "ask": forms.AskForm(),
    }  # fmt: skip
    return render(request, "projects/team.html", context)


@require_POST
def change(request: Asked, pk: int) -> HttpResponse:
    """Take in, give another part, take out, leave, hand over, open."""
    found = queries.project(viewer=request.viewer, pk=pk)
    do, account = request.POST.get("do", ""), _account(request.POST.get("account", ""))
    if do not in DO:
        raise UnableTo("This cannot be done here.", to_do="Open the team’s page again.", code="team")
    messages.success(request, DO[do](request, pk, account, request.POST.get("role", "")[:10]))
    left = do == "leave" and account == request.viewer.account_id
    return redirect("/projects/" if left else f"{found.href}team/")


def _account(typed: str) -> int:
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < 18 else 0


def _add(request: Asked, pk: int, account: int, role: str) -> str:
    if not queries.is_colleague(viewer=request.viewer, account_id=account):
        raise UnableTo("You can take in people whose names you may see.", to_do="Find them by name on the team’s page.", code="team")
    actions.add_member(actor=request.viewer, at=request.at, project=pk, account_id=account, role=role)
    return "They are in the team now."


def _part(request: Asked, pk: int, account: int, role: str) -> str:
    actions.change_part(actor=request.viewer, at=request.at, project=pk, account_id=account, role=role)
    return "Stored."


def _leave(request: Asked, pk: int, account: int, role: str) -> str:
    del role
    actions.leave_project(actor=request.viewer, at=request.at, project=pk, account_id=account)
    return "You have left the project." if account == request.viewer.account_id else "They no longer take part."


def _hand_over(request: Asked, pk: int, account: int, role: str) -> str:
    del role
    actions.hand_over(actor=request.viewer, at=request.at, project=pk, account_id=account)
    return "The lead is handed over. You stay in the team."


def _open(request: Asked, pk: int, account: int, role: str) -> str:
    del account, role
    actions.open_to(actor=request.viewer, at=request.at, project=pk, whom=request.POST.get("whom", "")[:12])
    return "Stored. This is who reads the project from now on."


DO: dict[str, Callable[[Asked, int, int, str], str]] = {
    "add": _add, "part": _part, "leave": _leave, "hand-over": _hand_over, "open": _open,
}  # fmt: skip
