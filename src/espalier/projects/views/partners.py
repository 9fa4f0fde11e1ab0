"""A partner's own pages, and the team's side of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.audit.confirming import not_a_person
from espalier.common.errors import UnableTo
from espalier.projects import actions, queries
from espalier.projects.forms import partners as forms
from espalier.projects.presenters import partners as words
from espalier.projects.rules.partners import MOVED_ON, TEAM, pence, steps_of
from espalier.projects.views.projects import HOME
from espalier.ui.fields import Problem, problems
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpResponse

    from espalier.access.requests import Asked

MINE = Crumb("My page", "/projects/partner/")


def my_page(request: Asked) -> HttpResponse:
    """All that a partner is asked, is paid and has changed, on one plain page."""
    if request.viewer.is_visitor:
        raise PermissionDenied("Sign in to see your page.")
    parts = queries.my_parts(viewer=request.viewer)
    context = {"title": "My page as a partner", "parts": parts, "p": words, "breadcrumbs": [HOME], "today": timezone.localdate()}
    return render(request, "projects/partner_mine.html", context)


def claim(request: Asked, pk: int) -> HttpResponse:
    """Ask for money, in two fields."""
    part, kind = queries.my_part(viewer=request.viewer, project_id=pk), forms.kind_of(request.GET.get("kind", ""))
    form = forms.ClaimForm(request.POST or None)

    def do(typed: dict[str, Any]) -> None:
        actions.claim_money(
            actor=request.viewer, at=request.at, project=pk, kind=kind, pence=pence(typed["pounds"]), on_day=timezone.localdate(),
            words=typed["words"],
        )  # fmt: skip

    return _asked(request, form, do, MINE.href, words.claiming(part, kind), MINE)


def measure(request: Asked, pk: int) -> HttpResponse:
    """Would a patient choose to measure this?"""
    part = queries.my_part(viewer=request.viewer, project_id=pk)
    start = {"says": part.view.says, "words": part.view.words} if part.view else None
    form = forms.ViewForm(request.POST or None, initial=start)

    def do(typed: dict[str, Any]) -> None:
        actions.answer_measure(actor=request.viewer, at=request.at, project=pk, **typed)

    return _asked(request, form, do, MINE.href, words.measuring(part), MINE)


def stop(request: Asked, pk: int) -> HttpResponse:
    """Stop taking part. Nobody asks why."""
    part = queries.my_part(viewer=request.viewer, project_id=pk)
    if request.method == "POST":
        actions.stop_partner(actor=request.viewer, at=request.at, project=pk)
        messages.success(request, "You have stopped. Thank you for all you did.")
        return redirect(MINE.href)
    context = {"title": "Stop taking part", "part": part, "breadcrumbs": [HOME, MINE]}
    return render(request, "projects/partner_stop.html", context)


@require_POST
def take(request: Asked, pk: int) -> HttpResponse:
    """Take money that was offered, take back what one asked for, or ask for it again."""
    seen = request.POST.get("seen", "offered")
    to = words.PRESS.get(seen, words.PRESS["offered"])[1]
    actions.answer_claim(actor=request.viewer, at=request.at, pk=pk, to=to, seen=seen)
    messages.success(request, words.DONE[to])
    return redirect(MINE.href)


def team_side(request: Asked, pk: int) -> HttpResponse:
    """What a team asks of its partners, owes them and thanks them for."""
    found = _team(request, pk)
    several = queries.partners_of(viewer=request.viewer, project=found)
    context = {"title": f"Partners: {found.title}", "project": found, "partners": several, "p": words, "me": request.viewer.account_id}
    return render(request, "projects/partners.html", context | _where(found) | {"today": timezone.localdate()})


def ask(request: Asked, pk: int, account: int) -> HttpResponse:
    """Say what a partner is asked."""
    found, one = _one(request, pk, account)
    form = forms.AskForm(request.POST or None, initial=words.initial(one))

    def do(typed: dict[str, Any]) -> None:
        asking, seen = actions.Asking(**typed | {"formats": tuple(typed["formats"])}), _seen(request, one.role.version)
        actions.ask_partner(actor=request.viewer, at=request.at, project=pk, account_id=account, seen=seen, asking=asking)

    return _asked(request, form, do, f"{found.href}partner/", words.asking(one), *_way(found))


def offer(request: Asked, pk: int, account: int) -> HttpResponse:
    """Offer money to a partner."""
    found, one = _one(request, pk, account)
    form = forms.OfferForm(request.POST or None, initial={"on_day": timezone.localdate()})

    def do(typed: dict[str, Any]) -> None:
        facts = {"kind": typed["kind"], "pence": pence(typed["pounds"]), "on_day": typed["on_day"], "words": typed["words"]}
        actions.offer_money(actor=request.viewer, at=request.at, project=pk, account_id=account, **facts)

    return _asked(request, form, do, f"{found.href}partner/", words.offering(one), *_way(found))


def because(request: Asked, pk: int, account: int) -> HttpResponse:
    """Say what changed because of a partner."""
    found = _team(request, pk)
    one = queries.partner_of(viewer=request.viewer, project=found, account_id=account)
    form = forms.BecauseForm(request.POST or None)

    def do(typed: dict[str, Any]) -> None:
        actions.say_because(actor=request.viewer, at=request.at, project=pk, account_id=account, words=typed["words"])

    return _asked(request, form, do, f"{found.href}partner/", words.thanking(one), *_way(found))


@require_POST
def because_undo(request: Asked, pk: int, number: int) -> HttpResponse:
    """Take such words away, or put them back."""
    back = request.POST.get("back") == "1"
    actions.take_back_because(actor=request.viewer, at=request.at, project=pk, pk=number, back=back)
    messages.success(request, "The words are back." if back else "The words were taken away.")
    return redirect(f"/projects/{pk}/partner/")


def answer(request: Asked, pk: int, number: int) -> HttpResponse:
    """Answer a claim, as it stood when the page was opened: where somebody answered meanwhile, the page says so and nothing is stored."""
    found = _lead(request, pk)
    one = queries.claim(viewer=request.viewer, pk=number, project_id=pk)
    if request.method == "POST" and request.POST.get("seen") != one.state:
        return _moved_on(request, found, one)
    form = forms.AnswerForm(request.POST or None, steps=steps_of(one.state, whose=TEAM))

    def do(typed: dict[str, Any]) -> None:
        given = {"reason": typed.get("reason", ""), "paid_on": timezone.localdate() if typed["to"] == "paid" else None}
        actions.answer_claim(actor=request.viewer, at=request.at, pk=number, to=typed["to"], seen=one.state, **given)

    return _asked(request, form, do, f"{found.href}partner/", words.answering(one), *_way(found))


def _moved_on(request: Asked, found: queries.ProjectFacts, one: queries.ClaimFacts) -> HttpResponse:
    """Show where a claim is now, and what was typed for where it was."""
    form = forms.AnswerForm(initial=request.POST.dict(), steps=steps_of(one.state, whose=TEAM))
    said = words.answering(one)
    if (reason := request.POST.get("reason", "").strip()) and "reason" not in form.fields:
        said["lead"].append(f"You wrote: {reason[:300]}")
    problem = Problem(f"{MOVED_ON} Nothing was stored. Look at where it is now.", "#maincontent")
    context = {"form": form, "breadcrumbs": [HOME, *_way(found)], "problems": (problem,), **said}
    return render(request, "projects/one_form.html", context, status=409)


@require_POST
def take_back(request: Asked, pk: int, number: int) -> HttpResponse:
    """Take back money that was offered and that the partner has not taken."""
    found = _lead(request, pk)
    one = queries.claim(viewer=request.viewer, pk=number, project_id=pk)
    try:
        actions.answer_claim(actor=request.viewer, at=request.at, pk=one.pk, to="withdrawn", seen=request.POST.get("seen", ""))
    except UnableTo as problem:
        messages.error(request, f"{problem.what} Nothing was stored. {problem.to_do}")
    else:
        messages.success(request, words.TOOK_BACK)
    return redirect(f"{found.href}partner/")


def _asked(request: Asked, form: Form, do: Callable[[dict[str, Any]], None], back: str, said: dict[str, Any], *way: Crumb) -> HttpResponse:
    """Show one form, or do what was typed in it and go back; what could not be done stands above it with what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            do(dict(form.cleaned_data))
        except UnableTo as problem:
            form.add_error(problem.code if problem.code in form.fields else None, str(problem))
        else:
            not_a_person(request, getattr(form, "confirmed", ()))
            messages.success(request, said["done"])
            return redirect(back)
    context = {"form": form, "breadcrumbs": [HOME, *way], "problems": problems(form), **said}
    return render(request, "projects/one_form.html", context, status=422 if form.errors else 200)


def _team(request: Asked, pk: int) -> queries.ProjectFacts:
    found = queries.project(viewer=request.viewer, pk=pk)
    if not found.may_change:
        raise PermissionDenied(found.may_change.reason)
    return found


def _lead(request: Asked, pk: int) -> queries.ProjectFacts:
    found = queries.project(viewer=request.viewer, pk=pk)
    if not found.may_lead:
        raise PermissionDenied(found.may_lead.reason)
    return found


def _one(request: Asked, pk: int, account: int) -> tuple[queries.ProjectFacts, queries.Partnering]:
    found = _lead(request, pk)
    return found, queries.partner_of(viewer=request.viewer, project=found, account_id=account)


def _seen(request: Asked, now: int) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 9 else now


def _way(found: queries.ProjectFacts) -> tuple[Crumb, Crumb]:
    return Crumb(found.title, found.href), Crumb("Partners", f"{found.href}partner/")


def _where(found: queries.ProjectFacts) -> dict[str, Any]:
    return {"breadcrumbs": [HOME, Crumb(found.title, found.href)], "here": Here(found.unit.name, found.unit.kind_name)}
