"""Signing in: the ways, each on a page of its own, and what happens after a session has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from espalier.access import codes, keys, letters, oidc, pins, sessions, signing
from espalier.common.errors import NotFoundHere
from espalier.site.actions import signing as actions
from espalier.site.forms import signing as forms
from espalier.site.presenters import signing as presenters
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, local, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked

SIGN_IN = (Crumb("Sign in", "/sign-in/"),)
OTHER = (("Other ways to sign in", "/sign-in/ways/"),)


def back_of(request: Asked) -> str:
    """Return where somebody came from, on this site."""
    return local(request.POST.get("next", "") or request.GET.get("next", ""))


def ways(request: Asked) -> HttpResponse:
    """Every way to sign in here, and why one stands before this page."""
    why = signing.WHY.get(request.GET.get("why", ""), "")
    return render(request, "site/signing/ways.html", {"title": "Sign in", "ways": signing.ways(), "why": why, "next": back_of(request)})


@never_cache
def email(request: Asked) -> HttpResponse:
    """Ask for a code by e-mail; the page that follows is the same whether anybody has joined with the address."""
    form = forms.EmailForm(request.POST or None)
    if form.is_valid():
        if codes.ask(request, email=form.cleaned_data["email"], back=back_of(request)):
            return redirect(presenters.with_next("/sign-in/code/", back_of(request)))
        form.add_error("email", presenters.TOO_OFTEN)
    return _form(request, form, title="Get a code by e-mail", button="Send me a code", lede=presenters.EMAIL, also=OTHER)


@never_cache
def code(request: Asked) -> HttpResponse:
    """Type the code from the letter; signing in and joining end on the same page."""
    waiting, form = codes.waiting_for(request), forms.CodeForm(request.POST or None)
    if not waiting:
        return redirect("/sign-in/?why=ended") if request.method == "POST" else redirect("/sign-in/email/")
    if form.is_valid():
        if answer := codes.try_code(request, code=form.cleaned_data["code"], back=back_of(request), at=request.at):
            return answer
        if not codes.waiting_for(request):
            return redirect("/sign-in/?why=ended")
        form.add_error("code", "That is not the code. Look again at the newest letter")
    also = (("Send it again, or to another address", "/sign-in/email/"), *OTHER)
    return _form(request, form, title="Enter the code", button="Continue", lede=presenters.sent_to(waiting), also=also)


@never_cache
def link(request: Asked, token: str) -> HttpResponse:
    """What a link in a letter leads to: a page with a button. A mail scanner that opens it uses nothing up."""
    letter = letters.look(token, at=request.at)
    if letter is None:
        raise NotFoundHere("This link has been used, or is older than 15 minutes. Ask for a new code.")
    if request.method == "POST":
        return actions.use_letter(request, token=token)
    does = presenters.link_does(letter)
    return _form(request, None, title=does, button=does, lede=presenters.link_for(letter))


@never_cache
def passkey(request: Asked) -> HttpResponse:
    """Sign in with a passkey."""
    wrong = ""
    if request.method == "POST":
        if answer := keys.sign_in_by_passkey(request, request.POST, back=back_of(request)):
            return answer
        wrong = presenters.NOT_THIS_KEY
    context = presenters.passkey_page(
        "find", keys.passkey_to_sign_in(), title="Sign in with a passkey", button="Use my passkey", also=OTHER
    )
    return _page(request, "passkey", context | {"wrong": wrong, "lede": presenters.PASSKEY, "breadcrumbs": SIGN_IN}, wrong=bool(wrong))


@never_cache
def pin(request: Asked) -> HttpResponse:
    """Sign in with a name and a PIN."""
    form = forms.PinForm(request.POST or None)
    if form.is_valid():
        if answer := actions.sign_in_by_pin(request, back=back_of(request), **form.cleaned_data):
            return answer
        locked = pins.locked_until(request, name=form.cleaned_data["username"], at=request.at)
        form.add_error("pin", presenters.locked(locked, at=request.at) if locked else presenters.WRONG_PIN)
    also = (("Get a code by e-mail", "/sign-in/email/"), *OTHER)
    return _form(request, form, title="Sign in with name and PIN", button="Sign in", lede=presenters.PIN, also=also)


@never_cache
def second_step(request: Asked) -> HttpResponse:
    """Give the second proof: a code from the app, a spare code, or a passkey."""
    if (account := keys.waiting(request)) is None:
        return redirect("/sign-in/?why=ended") if request.method == "POST" else redirect("/sign-in/ways/")
    form = forms.CodeForm(request.POST if request.method == "POST" and not request.POST.get("credential") else None)
    if request.method == "POST":
        if answer := keys.take_second_step(request, account, request.POST):
            return answer
        if form.is_valid():
            form.add_error("code", presenters.WRONG_STEP)
    options = presenters.options(keys.passkey_as_second(account))
    return _page(request, "second_step", {"form": form, "options": options}, wrong=request.method == "POST")


@require_POST
def provider(request: Asked, provider_id: str) -> HttpResponse:
    """Leave for an organisation's own sign-on: to sign in, or to connect it to the account somebody is signed in to."""
    connect = request.POST.get("connect") == "1" and not request.viewer.is_visitor
    return oidc.leave_for(request, code=provider_id, back=back_of(request), connect=connect)


@never_cache
def provider_back(request: Asked, provider_id: str) -> HttpResponse:
    """Come back from there."""
    return oidc.come_back(request, code=provider_id)


@never_cache
def typed(request: Asked) -> HttpResponse:
    """What somebody had typed when their session ended; one button sends it where it was going."""
    kept = sessions.typed_before(request, viewer=request.viewer)
    if request.viewer.is_visitor:
        raise PermissionDenied("Sign in to see what you had typed.")
    if kept is None or request.method == "POST":
        sessions.forget_typed(request)
        return redirect(local(kept["from"]) if kept else "/")
    return _page(request, "typed", {"title": "What you had typed", "kept": kept, "fields": presenters.readable(kept["fields"])})


@require_POST
def sign_out(request: Asked) -> HttpResponse:
    """Sign out here."""
    logout(request)
    return redirect("/")


def _form(request: Asked, form: Any, **words: Any) -> HttpResponse:
    """Show a page of one form."""
    context = {"form": form, "next": back_of(request), "action": request.path, "breadcrumbs": SIGN_IN, **words}
    return _page(request, "form", context | ({"problems": problems(form)} if form is not None else {}), wrong=bool(form and form.errors))


def _page(request: Asked, name: str, context: dict[str, Any], *, wrong: bool = False) -> HttpResponse:
    if name == "second_step":
        context |= {"title": "One more step", "problems": problems(context["form"])}
    return render(request, f"site/signing/{name}.html", {"next": back_of(request)} | context, status=422 if wrong else 200)
