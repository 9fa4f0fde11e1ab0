"""Pages of what a person keeps: saved pages, what they follow, and the letter that would come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.measures import actions, queries
from espalier.measures.forms import following as inputs
from espalier.measures.presenters import following as words
from espalier.measures.views.shared import signed_in_only
from espalier.organisations import queries as organisations
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked

HOME = "/measures/following/"
VIEWS = "/measures/views/"
OFTEN = ("weekly", "daily", "monthly")


def following(request: Asked) -> HttpResponse:
    """What I follow."""
    signed_in_only(request, "follow charts")
    known = queries.follows(viewer=request.viewer)
    context = {
        "title": "What you follow",
        "follows": known,
        "often": inputs.OFTEN,
        "w": words,
        "address": queries.mail_address(viewer=request.viewer),
    }
    return render(request, "measures/following.html", context)


@require_POST
def start(request: Asked) -> HttpResponse:
    """Begin to follow, or change how often."""
    signed_in_only(request, "follow charts")
    if not request.POST.get("unit"):
        raise UnableTo("Nothing was chosen to follow.", to_do="Open a chart and press Follow there.", code="nothing")
    unit, code = organisations.unit(viewer=request.viewer, code=request.POST["unit"]), request.POST.get("measure", "")
    what = queries.definition(viewer=request.viewer, code=code) if code else None
    below, often = request.POST.get("below") == "1", inputs.one_of(request.POST, "how_often", OFTEN)
    actions.follow(actor=request.viewer, at=request.at, unit=unit, definition=what, how_often=often, below=below)
    messages.success(request, words.began(often, f"{what.name}: {unit.name}" if what else unit.name))
    return redirect(_back(request, unit, what, below=below))


def _back(request: Asked, unit: organisations.UnitFacts, what: queries.Definition | None, *, below: bool) -> str:
    """Return the page that was followed; never an address from outside."""
    if request.POST.get("from") == "list":
        return HOME
    if what is None:
        return unit.href
    return f"{what.href}?unit={unit.code}" if below else f"{what.href}{unit.code}/"


@require_POST
def stop(request: Asked, pk: int) -> HttpResponse:
    """Stop following one thing."""
    signed_in_only(request, "follow charts")
    if pk not in {one.pk for one in queries.follows(viewer=request.viewer)}:
        raise NotFoundHere("You do not follow this.")
    actions.stop_following(actor=request.viewer, at=request.at, pk=pk)
    messages.success(request, "You no longer follow it.")
    return redirect(HOME)


def letter(request: Asked) -> HttpResponse:
    """What would be sent now."""
    signed_in_only(request, "see your letter")
    often = inputs.one_of(request.GET, "how_often", OFTEN)
    found = queries.letter(viewer=request.viewer, how_often=often, today=timezone.localdate(request.at))
    written = None if found.is_quiet or found.since is None else actions.letter_in_words(actor=request.viewer, letter=found)
    context = {"title": "What would be sent now", "letter": found, "written": written, "breadcrumbs": (Crumb("What you follow", HOME),)}
    return render(request, "measures/letter.html", context | {"how_often": often, "often": inputs.OFTEN, "w": words})


def stop_letters(request: Asked, mark: str) -> HttpResponse:
    """Stop letters from the link in one. Opening it does nothing: programs that scan mail open every link."""
    said = actions.read_stop_address(mark)
    if said is None:
        raise NotFoundHere("This link is not whole. Copy all of it from the letter.")
    context = {"title": "Stop these letters", "how_often": said[1], "w": words, "done": None, "mark": mark}
    if request.method == "POST":
        context["done"] = actions.stop_letters(actor=request.viewer, at=request.at, account_id=said[0], how_often=said[1])
    return render(request, "measures/stop_letters.html", context)


# ---------------------------------------------------------------- saved pages


def views(request: Asked) -> HttpResponse:
    """My saved pages, and those shared with where I belong."""
    signed_in_only(request, "save pages")
    asked = request.GET.get("removed", "")
    removed = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 18 else None
    context = {"title": "Saved pages", "views": queries.saved_views(viewer=request.viewer, with_removed=removed), "w": words}
    return render(request, "measures/views.html", context)


def save(request: Asked) -> HttpResponse:
    """Save a page of many charts under a name."""
    signed_in_only(request, "save pages")
    asked = request.POST if request.method == "POST" else request.GET
    what = queries.definition(viewer=request.viewer, code=asked.get("measure") or queries.definitions(viewer=request.viewer)[0].code)
    unit = organisations.unit(viewer=request.viewer, code=asked.get("unit") or organisations.NATION)
    places = [(one.pk, one.name) for one in organisations.own_places(viewer=request.viewer)]
    form = inputs.SaveViewForm(request.POST or None, places=places, initial={"name": f"{what.short_name}, {unit.name}"[:80], "share": ""})
    choices = inputs.kept_choices(asked)
    if request.method == "POST" and form.is_valid():
        return _saved(request, form, what, unit, choices)
    return _save_page(request, form=form, what=what, unit=unit, choices=choices)


def _save_page(request: Asked, **page: object) -> HttpResponse:
    form = page["form"]
    context = {"title": "Save this page", "problems": problems(form), **page}  # type: ignore[arg-type]
    return render(request, "measures/save_view.html", context, status=422 if form.errors else 200)  # type: ignore[attr-defined]


def _saved(
    request: Asked, form: inputs.SaveViewForm, what: queries.Definition, unit: organisations.UnitFacts, choices: dict[str, str]
) -> HttpResponse:
    actions.save_view(
        actor=request.viewer, at=request.at, name=form.cleaned_data["name"], definition=what, place=unit, choices=choices,
        share_with=form.share_with(),
    )  # fmt: skip
    messages.success(request, f"Saved as {form.cleaned_data['name']}.")
    return redirect(VIEWS)


def open_view(request: Asked, pk: int) -> HttpResponse:
    """Open a saved page: its own rights hold, whoever sent the link."""
    signed_in_only(request, "open saved pages")
    return redirect(queries.saved_view(viewer=request.viewer, pk=pk).href)


def rename(request: Asked, pk: int) -> HttpResponse:
    """Give a saved page another name."""
    signed_in_only(request, "rename saved pages")
    view = _mine(request, pk)
    form = inputs.RenameForm(request.POST or None, initial={"name": view.name})
    if request.method == "POST" and form.is_valid():
        actions.rename_view(actor=request.viewer, at=request.at, pk=pk, name=form.cleaned_data["name"])
        return redirect(VIEWS)
    context = {"title": "Rename", "view": view, "form": form, "problems": problems(form), "breadcrumbs": (Crumb("Saved pages", VIEWS),)}
    return render(request, "measures/rename_view.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: Asked, pk: int) -> HttpResponse:
    """Delete a saved page; the next page puts it back."""
    signed_in_only(request, "delete saved pages")
    _mine(request, pk)
    actions.remove_view(actor=request.viewer, at=request.at, pk=pk)
    return redirect(f"{VIEWS}?removed={pk}")


@require_POST
def restore(request: Asked, pk: int) -> HttpResponse:
    """Put a deleted page back."""
    signed_in_only(request, "put saved pages back")
    queries.saved_view(viewer=request.viewer, pk=pk, removed=True)
    actions.restore_view(actor=request.viewer, at=request.at, pk=pk)
    messages.success(request, "It is back.")
    return redirect(VIEWS)


def _mine(request: Asked, pk: int) -> queries.View:
    view = queries.saved_view(viewer=request.viewer, pk=pk)
    if not view.mine:
        raise NotFoundHere("Only who saved a page can change it.")
    return view
