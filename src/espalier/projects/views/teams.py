"""What a team says on its page: what gets in the way, what was promised, thanks. The page itself is the place's own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.audit.confirming import not_a_person
from espalier.common.errors import NotFoundHere, Suggestion, UnableTo
from espalier.organisations import queries as organisations
from espalier.projects import actions, permissions, queries
from espalier.projects.forms import teams as forms
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, Here, render

Fact = TypeVar("Fact")

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.organisations.queries import UnitFacts

SOON = timedelta(days=14)
MEANT: dict[str, dict[str, Any]] = {
    "hindrance": {"title": "What gets in the way of a good day", "button": "Tell the team"},
    "state": {"button": "Save"},
    "promise": {
        "title": "Say what you will do", "button": "Promise it",
        "lead": ["Your team reads it, with your name and the day. Better one small thing that is kept."],
    },
    "became": {"button": "Save"},
    "thanks": {
        "title": "Say thank you", "button": "Say thank you",
        "lead": ["Your team reads it. Whoever you thank finds it on their home page. Nobody counts thanks."],
    },
}  # fmt: skip


def hindrances(request: Asked, code: str) -> HttpResponse:
    """Name something that gets in the way of a good day."""
    unit = _team(request, code)
    form = forms.HindranceForm(request.POST or None)
    if form.is_valid() and (answer := _stored(request, unit, form, actions.name_hindrance, words=form.cleaned_data["words"])):
        return answer
    return _form(request, unit, form, "hindrance")


def hindrance(request: Asked, code: str, number: int) -> HttpResponse:
    """Say how one stands: who works on it and where it goes on, that it is better, or why not now."""
    unit = _team(request, code)
    found = _there(queries.hindrance(viewer=request.viewer, unit=unit, pk=number), unit)
    people, places = _people(request, unit), queries.goes_on_in(viewer=request.viewer, unit=unit)
    form = forms.HindranceStateForm(request.POST or None, initial=_stands(request, found), people=people, places=places)
    which = _which(request, found)
    if form.is_valid() and (answer := _stored(request, unit, form, actions.change_hindrance, **which, **form.told())):
        return answer
    return _form(request, unit, form, "state", title=found.words, seen=found.edition)


def promises(request: Asked, code: str) -> HttpResponse:
    """Say to the team what one will do."""
    unit, today = _team(request, code), timezone.localdate(request.at)
    form = forms.PromiseForm(request.POST or None, initial={"by_on": today + SOON}, today=today)
    if form.is_valid() and (answer := _stored(request, unit, form, actions.make_promise, **form.cleaned_data)):
        return answer
    return _form(request, unit, form, "promise")


def promise(request: Asked, code: str, number: int) -> HttpResponse:
    """Say what became of a promise."""
    unit, today = _team(request, code), timezone.localdate(request.at)
    found = _there(queries.promise(viewer=request.viewer, unit=unit, pk=number, today=today), unit)
    form = forms.PromiseStateForm(request.POST or None, initial={"state": found.state, "became": found.became})
    which = _which(request, found)
    if form.is_valid() and (answer := _stored(request, unit, form, actions.answer_promise, **which, **form.cleaned_data)):
        return answer
    return _form(request, unit, form, "became", title=found.words, seen=found.edition)


def thanks(request: Asked, code: str) -> HttpResponse:
    """Thank somebody, or the whole team."""
    unit, me = _team(request, code), str(request.viewer.account_id)
    people = [one for one in _people(request, unit) if one[0] != me]
    form = forms.ThanksForm(request.POST or None, people=people)
    if form.is_valid() and (answer := _stored(request, unit, form, actions.say_thanks, **form.told())):
        return answer
    return _form(request, unit, form, "thanks")


def earlier(request: Asked, code: str) -> HttpResponse:
    """What the team's page no longer shows: what is over, and what was put away."""
    unit, today = _team(request, code), timezone.localdate(request.at)
    found = queries.earlier(viewer=request.viewer, unit=unit, today=today)
    context = {"title": "Earlier", "unit": unit, "found": found, "href": f"/projects/teams/{unit.code}/"}
    return render(request, "projects/team_earlier.html", context | _where(unit))


@require_POST
def change(request: Asked, code: str) -> HttpResponse:
    """With one press: take something on, put it away, bring it back, or take the last change back."""
    unit, do, asked = _team(request, code), request.POST.get("do", ""), queries.kept_of(request.POST.get("thing", ""))
    if asked is None or do not in DO:
        raise UnableTo("We do not know what was asked for.", to_do="Open the team’s page again and press one of the buttons.")
    kept = DO[do](request, unit, asked)
    return redirect(f"{unit.href}?kept={kept}#kept")


def _put_away(request: Asked, unit: UnitFacts, asked: queries.Kept, *, back: bool = False) -> str:
    return actions.put_away(
        actor=request.viewer, at=request.at, unit=unit, thing=asked.thing, pk=asked.pk, seen=asked.edition, back=back
    )


def _bring_back(request: Asked, unit: UnitFacts, asked: queries.Kept) -> str:
    return _put_away(request, unit, asked, back=True)


def _undo(request: Asked, unit: UnitFacts, asked: queries.Kept) -> str:
    return actions.undo_in_team(actor=request.viewer, at=request.at, unit=unit, thing=asked.thing, pk=asked.pk, seen=asked.edition)


def _take_on(request: Asked, unit: UnitFacts, asked: queries.Kept) -> str:
    whom: dict[str, Any] = {"actor": request.viewer, "by_id": request.viewer.account_id}
    return actions.change_hindrance(**whom, at=request.at, unit=unit, pk=asked.pk, seen=asked.edition, state="working")


DO: dict[str, Callable[[Asked, UnitFacts, queries.Kept], str]] = {
    "put-away": _put_away, "bring-back": _bring_back, "undo": _undo, "take-on": _take_on,
}  # fmt: skip


# ------------------------------------------------------------------------------------------------ shared


def _team(request: Asked, code: str) -> UnitFacts:
    """Return the place, for the people who work there; nobody else gets further."""
    unit = organisations.unit(viewer=request.viewer, code=code)
    if not (decision := permissions.may_speak_in(viewer=request.viewer, unit_id=unit.pk, name=unit.name)):
        raise PermissionDenied(decision.reason)
    return unit


def _there(found: Fact | None, unit: UnitFacts) -> Fact:
    if found is None:
        raise NotFoundHere("This team keeps no such thing.", suggestions=(Suggestion(unit.name, unit.href),))
    return found


def _people(request: Asked, unit: UnitFacts) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in queries.people_of(viewer=request.viewer, unit=unit)]


def _stands(request: Asked, found: queries.HindranceFacts) -> dict[str, str]:
    """Fill in how it stands; whoever opens one that nobody works on most often takes it on."""
    goes_on = f"project {found.project_id}" if found.project_id else f"idea {found.idea_id}" if found.idea_id else ""
    state = "working" if found.state == "open" else found.state
    return {"state": state, "by": str(found.worked_on_by_id or request.viewer.account_id or ""), "goes_on": goes_on, "reason": found.reason}


def _which(request: Asked, found: queries.HindranceFacts | queries.PromiseFacts) -> dict[str, int]:
    """Say which one, and the edition the person saw: as sent, and for a page opened now as it stands."""
    text = request.POST.get("seen", "")
    return {"pk": found.pk, "seen": int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else found.edition}


def _stored(request: Asked, unit: UnitFacts, form: Any, act: Callable[..., str], **facts: Any) -> HttpResponse | None:
    """Store what was typed and go back to the team's page, where it can be taken back; a refusal is said beside its box."""
    try:
        kept = act(actor=request.viewer, at=request.at, unit=unit, **facts)
    except UnableTo as problem:
        form.add_error(problem.code if problem.code in form.fields else None, f"{problem.what} {problem.to_do}")
        return None
    not_a_person(request, form.confirmed)
    return redirect(f"{unit.href}?kept={kept}#kept")


def _where(unit: UnitFacts) -> dict[str, Any]:
    return {"breadcrumbs": (Crumb(unit.name, unit.href),), "here": Here(unit.name, unit.kind_name)}


def _form(request: Asked, unit: UnitFacts, form: Form, which: str, **more: Any) -> HttpResponse:
    context = {"form": form, "problems": problems(form)} | _where(unit) | {name: one for name, one in more.items() if one is not None}
    return render(request, "projects/one_form.html", context | MEANT[which], status=422 if form.errors else 200)
