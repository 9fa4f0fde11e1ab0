"""My account: how I sign in, where I am signed in, and a second step; and unlocking somebody who tried too often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from espalier.access import keys, signing
from espalier.site.actions import signing as actions
from espalier.site.forms import signing as forms
from espalier.site.presenters import signing as presenters
from espalier.site.queries.signing import account_page, locked_page
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, local, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.models import Account
    from espalier.access.requests import Asked

MINE = (Crumb("My account", "/account/"),)
STEPS = (*MINE, Crumb("Second step", "/account/second-step/"))


def account(request: Asked) -> HttpResponse:
    """Who I am here, and everything about how I sign in."""
    _account(request)
    page = account_page(request)
    return render(request, "site/signing/account.html", {"title": "My account", "page": page, "p": presenters, "next": "/account/"})


def second_step(request: Asked) -> HttpResponse:
    """Why a second step, and which one."""
    mine = _account(request)
    context = {"title": "Second step", "keys": signing.keys_of(mine), "p": presenters, "why": request.GET.get("why") == "role"}
    context |= {"breadcrumbs": MINE, "next": local(request.GET.get("next", ""))}
    return render(request, "site/signing/steps.html", context)


@never_cache
def app(request: Asked) -> HttpResponse:
    """Set up an app that shows codes."""
    if isinstance(mine := _fresh(request, without="totp"), HttpResponseRedirect):
        return mine
    check = keys.new_app(mine, request.POST if request.method == "POST" else None)
    form = forms.CodeForm(request.POST or None)
    if form.is_valid() and check.is_valid():
        actions.add_app(request, actor=request.viewer, at=request.at, form=check)
        return redirect("/account/second-step/codes/?new=1")
    if form.is_bound and not form.errors:
        form.add_error("code", presenters.WRONG_APP)
    context = {"title": "Set up an app for codes", "form": form, "secret": check.secret, "picture": keys.picture_of(mine, check.secret)}
    return _page(request, "app", context | {"breadcrumbs": STEPS, "problems": problems(form)}, wrong=bool(form.errors))


@never_cache
def spare_codes(request: Asked) -> HttpResponse:
    """Spare codes for the day the phone is lost."""
    if isinstance(mine := _fresh(request), HttpResponseRedirect):
        return mine
    if not signing.has_second_step(mine):
        return redirect("/account/second-step/")
    if request.method == "POST":
        actions.new_spare_codes(request, actor=request.viewer, at=request.at)
        return redirect("/account/second-step/codes/")
    context = {"title": "Spare codes", "codes": keys.spare_codes(request, mine), "breadcrumbs": STEPS, "new": request.GET.get("new") == "1"}
    return _page(request, "codes", context)


@never_cache
def add_passkey(request: Asked) -> HttpResponse:
    """Make a passkey for this account."""
    if isinstance(mine := _fresh(request), HttpResponseRedirect):
        return mine
    form = forms.KeyForm(request.POST or None)
    if form.is_valid():
        if actions.add_passkey(request, actor=request.viewer, at=request.at, **form.given(request.POST)):
            messages.success(request, "Your passkey is ready. From now on you can sign in with it.")
            return redirect(presenters.after(request.POST))
        form.add_error("name", "Your device gave no passkey this time. Try again")
    context = presenters.passkey_page("make", keys.passkey_to_add(mine), title="Add a passkey", button="Make my passkey", form=form)
    context |= {"breadcrumbs": MINE, "problems": problems(form), "next": local(request.GET.get("next", ""))}
    return _page(request, "passkey", context, wrong=bool(form.errors))


@require_POST
def change_key(request: Asked, pk: int) -> HttpResponse:
    """Rename a passkey, or take a passkey or the app away."""
    if isinstance(mine := _fresh(request), HttpResponseRedirect):
        return mine
    if request.POST.get("do") == "rename":
        name = request.POST.get("name", "").replace("\0", "").strip()[:60] or "My passkey"
        actions.rename_passkey(actor=request.viewer, at=request.at, pk=pk, name=name)
    else:
        actions.remove_key(request, actor=request.viewer, at=request.at, pk=pk)
        messages.success(request, "Taken away. Nobody can sign in with it any more.")
    return redirect("/account/")


@never_cache
def pin(request: Asked) -> HttpResponse:
    """Choose a PIN, or another one."""
    if isinstance(mine := _fresh(request), HttpResponseRedirect):
        return mine
    form = forms.NewPinForm(request.POST or None)
    if form.is_valid():
        actions.set_pin(request, actor=request.viewer, at=request.at, pin=form.cleaned_data["pin"])
        messages.success(request, f"Your PIN is set. Your sign-in name is {mine.username}")
        return redirect("/account/")
    context = {"title": "Choose a PIN", "form": form, "action": request.path, "button": "Set this PIN", "breadcrumbs": MINE}
    context |= {"lede": f"You sign in with the name {mine.username} and this PIN.", "problems": problems(form), "next": "/"}
    return _page(request, "form", context, wrong=bool(form.errors))


@require_POST
def end_session(request: Asked, pk: int | None = None) -> HttpResponse:
    """Sign out in one other place, or in all of them."""
    _account(request)
    actions.end_session(request, actor=request.viewer, at=request.at, pk=pk)
    messages.success(request, "Signed out there." if pk else "Signed out everywhere but here.")
    return redirect("/account/")


@never_cache
def locked(request: Asked) -> HttpResponse:
    """People of one's own organisations whose name is locked; one button lets them try again."""
    page = locked_page(viewer=request.viewer, at=request.at)
    if not page.may:
        raise PermissionDenied(page.may.reason)
    if request.method == "POST":
        chosen = page.one(request.POST.get("account", ""))
        actions.unlock(actor=request.viewer, at=request.at, account_id=chosen.account_id)
        messages.success(request, f"{chosen.name} can try again at once.")
        return redirect("/admin-tools/locked/")
    crumbs = (Crumb("Admin tools", "/admin-tools/"),)
    return _page(request, "locked", {"title": "Locked out", "page": page, "breadcrumbs": crumbs, "p": presenters})


def _account(request: Asked) -> Account:
    """Return whoever is signed in; a visitor is led to sign in and back here."""
    if request.viewer.is_visitor or (found := signing.account_of(request.viewer)) is None:
        raise PermissionDenied("Sign in to see your account.")
    return found


def _fresh(request: Asked, *, without: str = "") -> Any:
    """Return whoever has just signed in, or the way to do so once more: a tab left open must not change how its owner signs in.

    without: a kind of second step of which there is one at most; who has it is led to where it can be taken away.
    """
    mine = _account(request)
    if without and any(key.kind == without for key in signing.keys_of(mine)):
        return redirect("/account/second-step/")
    if signing.is_fresh(request, mine, at=request.at):
        return mine
    back = request.get_full_path() if request.method == "GET" else "/account/"
    return redirect(presenters.with_next("/sign-in/ways/", back) + "&why=again")


def _page(request: Asked, name: str, context: dict[str, Any], *, wrong: bool = False) -> HttpResponse:
    return render(request, f"site/signing/{name}.html", context, status=422 if wrong else 200)
