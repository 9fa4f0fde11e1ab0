"""Joining: by work e-mail, by five words, and being taken in by an organisation; and the pages of those who take people in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from espalier.access import codes, signing
from espalier.access.embedding import UnableToHold
from espalier.common.errors import NotFoundHere
from espalier.organisations import actions as organisations
from espalier.organisations import queries as people
from espalier.site.actions import signing as actions
from espalier.site.actions import signing_joining as joining
from espalier.site.forms import signing as forms
from espalier.site.presenters import signing as presenters
from espalier.site.queries import joining as asking
from espalier.site.views.signing import back_of
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked

WORDS = "invitation"  # in the session: the words somebody brought, until they have come in
JOIN, TOOLS = (Crumb("Join", "/join/"),), (Crumb("Admin tools", "/admin-tools/"),)
MINE = (Crumb("My account", "/account/"),)
ASKING = (*TOOLS, Crumb("People who ask", "/admin-tools/joining/"))


@never_cache
def join(request: Asked) -> HttpResponse:
    """Join with a work e-mail: a code proves that it is yours."""
    form = forms.JoinForm(request.POST or None)
    may = signing.may_join()
    if form.is_valid() and may:
        if codes.ask(request, back=back_of(request), **form.cleaned_data):
            return redirect(presenters.with_next("/sign-in/code/", back_of(request)))
        form.add_error("email", presenters.TOO_OFTEN)
    context = {"title": "Join", "form": form, "may": may, "lede": presenters.JOIN, "problems": problems(form)}
    return _page(request, "join", context, wrong=bool(form.errors))


@never_cache
def words(request: Asked) -> HttpResponse:
    """Type the words of an invitation."""
    form = forms.WordsForm(request.POST or None)
    if form.is_valid():
        if not (wrong := joining.wrong_words(request, typed=form.cleaned_data["words"])):
            request.session[WORDS] = form.cleaned_data["words"]
            return redirect("/join/welcome/")
        form.add_error("words", wrong)
    context = {"title": "Join with five words", "form": form, "lede": presenters.WORDS, "button": "Continue", "action": "/join/words/"}
    return _page(request, "form", context | {"breadcrumbs": JOIN, "problems": problems(form)}, wrong=bool(form.errors))


@never_cache
def welcome(request: Asked) -> HttpResponse:
    """What the words invite to; take it up as who you are, or come in as somebody new."""
    typed = str(request.session.get(WORDS, ""))
    if (invited := people.invited(viewer=request.viewer, typed=typed, at=request.at)) is None:
        return redirect("/join/words/")
    if not request.viewer.is_visitor:
        return _taken_up(request, typed, {"title": f"Welcome to {invited.place}", "invited": invited, "breadcrumbs": JOIN})
    form = forms.NewcomerForm(request.POST or None, only_passkey=invited.needs_second_step)
    if form.is_valid() and (answer := _come_in(request, typed, form, invited)):
        return answer
    context = {"title": f"Welcome to {invited.place}", "invited": invited, "form": form, "breadcrumbs": JOIN, "problems": problems(form)}
    return _page(request, "welcome", context, wrong=bool(form.errors))


def _come_in(request: Asked, typed: str, form: forms.NewcomerForm, invited: people.Invited) -> HttpResponse | None:
    """Make the account; with a PIN that is all, with a passkey the next page makes it. None where the name is taken."""
    if form.chosen() and not signing.name_is_free(form.cleaned_data["username"]):
        form.add_error("username", "Somebody has this sign-in name. Choose another one")
        return None
    actions.come_in(request, invited=invited, typed=typed, name=form.cleaned_data["name"], **form.chosen())
    if not form.chosen():
        request.session[WORDS] = typed
        return redirect("/account/passkeys/add/?next=/join/welcome/")
    request.session.pop(WORDS, None)
    messages.success(request, f"Welcome. Your sign-in name is {form.cleaned_data['username']}: write it down.")
    return redirect("/")


def _taken_up(request: Asked, typed: str, context: dict[str, Any]) -> HttpResponse:
    """Give whoever is signed in the role, when they press the button and can sign in again."""
    context["ready"] = joining.can_come_back(request)
    if request.method != "POST" or not context["ready"]:
        return _page(request, "welcome", context | {"signed_in": True})
    organisations.accept_invitation(actor=request.viewer, at=request.at, typed=typed)
    request.session.pop(WORDS, None)
    messages.success(request, "Done. You belong here now.")
    return redirect("/account/second-step/?why=role" if context["invited"].needs_second_step and not request.viewer.is_strong else "/")


@never_cache
def ask(request: Asked) -> HttpResponse:
    """Ask an organisation, or a team of one, to take me in."""
    if request.viewer.is_visitor:
        raise PermissionDenied("Join or sign in first, then ask your organisation to take you in.")
    places = asking.places_called(viewer=request.viewer, text=request.GET.get("q", ""))
    form = forms.AskForm(request.POST or None, places=[(one.code, one.name) for one in places])
    if request.method == "POST" and (answer := _asked(request, places, form)):
        return answer
    context = {"title": "Ask your organisation", "form": form, "places": places, "problems": problems(form)}
    context |= {"text": request.GET.get("q", ""), "asked": people.my_requests(viewer=request.viewer), "p": presenters, "breadcrumbs": MINE}
    return _page(request, "ask", context, wrong=bool(form.errors))


def _asked(request: Asked, places: tuple[people.UnitFacts, ...], form: forms.AskForm) -> HttpResponse | None:
    """Ask, or take a question back; None where the form must be shown again."""
    if request.POST.get("take_back", "").isdecimal():
        organisations.take_back_request(actor=request.viewer, at=request.at, pk=int(request.POST["take_back"][:15]))
    elif form.is_valid():
        chosen = next(one for one in places if one.code == form.cleaned_data["unit"])
        organisations.ask_to_join(actor=request.viewer, at=request.at, unit=chosen, message=form.cleaned_data["message"])
        messages.success(request, f"Asked. Whoever takes people in at {chosen.name} sees it on their page.")
    else:
        return None
    return redirect("/join/organisation/")


def waiting(request: Asked) -> HttpResponse:
    """Who asks to be taken in, where the viewer may answer."""
    if not (may := asking.may_answer(viewer=request.viewer)):
        raise PermissionDenied(may.reason)
    context = {"title": "People who ask to join", "requests": people.requests_to_answer(viewer=request.viewer), "breadcrumbs": TOOLS}
    places = people.own_places(viewer=request.viewer)
    inviting = [one for one in places if one.pk in people.places_to_invite_to(viewer=request.viewer)]
    return _page(request, "waiting", context | {"p": presenters, "places": inviting})


@never_cache
def answer(request: Asked, pk: int) -> HttpResponse:
    """Take somebody in, or say no."""
    if not (may := asking.may_answer(viewer=request.viewer)):
        raise PermissionDenied(may.reason)
    if (page := asking.answer_page(viewer=request.viewer, pk=pk)) is None:
        raise NotFoundHere("Nobody waits for an answer here.")
    form = forms.AnswerForm(request.POST if request.POST.get("do") == "take_in" else None, places=page.choices, roles=page.role_choices)
    form.fields["unit"].initial = page.request.unit.code
    if request.method == "POST" and (done := _answered(request, page, form)):
        return done
    context = {"title": f"{page.request.name} asks to join", "page": page, "form": form, "problems": problems(form)}
    return _page(request, "answer", context | {"breadcrumbs": ASKING}, wrong=bool(form.errors))


def _answered(request: Asked, page: asking.AnswerPage, form: forms.AnswerForm) -> HttpResponse | None:
    if request.POST.get("do") == "decline":
        organisations.decline(actor=request.viewer, at=request.at, pk=page.request.pk, why=request.POST.get("why", "").replace("\0", ""))
        messages.success(request, f"{page.request.name} will read that you said no.")
    elif form.is_valid():
        chosen = {"unit": page.unit(form.cleaned_data["unit"]), "role": form.cleaned_data["role"], "title": form.cleaned_data["title"]}
        organisations.take_in(actor=request.viewer, at=request.at, pk=page.request.pk, **chosen)
        messages.success(request, f"{page.request.name} belongs to {chosen['unit'].name} from now on.")
    else:
        return None
    return redirect("/admin-tools/joining/")


@never_cache
def invitations(request: Asked, code: str) -> HttpResponse:
    """Invitations to one place: made here, each shown once on a card to print."""
    unit = people.unit(viewer=request.viewer, code=code)
    if not (may := people.may_invite(viewer=request.viewer, unit=unit)):
        raise PermissionDenied(may.reason)
    roles = [(one.code, one.name) for one in people.roles_to_invite_for(viewer=request.viewer, unit=unit)]
    form, made = forms.InviteForm(request.POST or None, roles=roles), None
    if form.is_valid() and (made := _invited(request, unit, form)):
        form = forms.InviteForm(roles=roles)
    context = {"form": form, "made": made, "problems": problems(form), **_so_far(request, unit)}
    return _page(request, "invitations", context, wrong=bool(form.errors))


def _invited(request: Asked, unit: people.UnitFacts, form: forms.InviteForm) -> str | None:
    """Make the invitation and return its words, or say on the form why there can be none."""
    try:
        return joining.invite(actor=request.viewer, at=request.at, unit=unit, **form.cleaned_data)
    except UnableToHold as problem:
        form.add_error("uses", str(problem))
    except organisations.UnableToJoin as problem:
        form.add_error("role", str(problem))
    return None


def _so_far(request: Asked, unit: people.UnitFacts) -> dict[str, Any]:
    """Return what the page of a place's invitations shows beside the form."""
    found = people.invitations(viewer=request.viewer, unit_ids=frozenset({unit.pk}))
    facts = {"title": f"Invite to {unit.name}", "unit": unit, "found": found, "p": presenters, "at": request.at}
    return facts | {
        "may_join": signing.may_join(),
        "address_of_site": settings.ADDRESS,
        "breadcrumbs": (Crumb(unit.name, unit.href),),
        "here": Here(unit.name, unit.kind_name),
    }


@require_POST
def stop_invitation(request: Asked, code: str, pk: int) -> HttpResponse:
    """Stop an invitation at once."""
    unit = people.unit(viewer=request.viewer, code=code)
    if not (may := people.may_invite(viewer=request.viewer, unit=unit)):
        raise PermissionDenied(may.reason)
    organisations.stop_invitation(actor=request.viewer, at=request.at, unit=unit, pk=pk)
    messages.success(request, "Stopped. Its words open nothing any more. Whoever came in by them stays.")
    return redirect(f"{unit.href}invitations/")


def _page(request: Asked, name: str, context: dict[str, Any], *, wrong: bool = False) -> HttpResponse:
    return render(request, f"site/signing/{name}.html", {"next": back_of(request)} | context, status=422 if wrong else 200)
