"""Pages about people: who works at a place, one person's record, and what is changed in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from espalier.access.deciding import can
from espalier.audit.reading import looked
from espalier.common.errors import UnableTo
from espalier.organisations import actions, queries
from espalier.organisations.forms import people as forms
from espalier.organisations.presenters import people as presenters
from espalier.ui.fields import problems
from espalier.ui.pages import Crumb, Here, render

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django import forms as django_forms
    from django.http import HttpResponse

    from espalier.access.requests import Asked
    from espalier.organisations.actions import Done
    from espalier.organisations.queries import PersonRecord, Post, UnitFacts

WRONG = 422
Form = Any


def unit_people(request: Asked, code: str) -> HttpResponse:
    """Who works here, on a day."""
    unit = queries.unit(viewer=request.viewer, code=code)
    on, text = _day_asked(request), " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    page = queries.unit_people(viewer=request.viewer, unit=unit, on=on, text=text, asked=request.GET.get("page", ""))
    if not page.names:
        raise PermissionDenied(page.names.reason)
    context = {"title": f"Who works at {unit.name}", "page": page, "p": presenters, "today": timezone.localdate()} | _at(unit)
    return render(request, "organisations/people.html", context)


def person(request: Asked, pk: int) -> HttpResponse:
    """One person's record; that it was looked at is written down."""
    record = _record(request, pk)
    accounts = {step.account_id for step in record.steps}
    names = queries.names_of_accounts(viewer=request.viewer, accounts=accounts)
    context = {"title": record.name, "record": record, "p": presenters, "today": timezone.localdate(), "names": names}
    return render(request, "organisations/person.html", context)


def add_person(request: Asked, code: str) -> HttpResponse:
    """Add somebody who is new here, with their post."""
    unit = _kept(request, code)
    form = forms.PersonForm(request.POST or None)
    post = forms.PostForm(request.POST or None, today=timezone.localdate(), initial={"team": unit.code, "since": timezone.localdate()})
    if request.method == "POST" and all([form.is_valid(), post.is_valid()]) and (done := _try(post, lambda: _added(request, form, post))):
        messages.success(request, f"{form.cleaned_data['name']} was added.")
        return redirect(f"/people/{done.person_id}/")
    found = (*problems(form), *problems(post))
    context = {"title": "Add a person", "unit": unit, "form": form, "post": post, "problems": found} | _at(unit)
    return render(request, "organisations/person_add.html", context, status=WRONG if found else 200)


def change_person(request: Asked, pk: int) -> HttpResponse:
    """Put a name or address right."""
    record = _changeable(request, pk)
    now = {"name": record.name, "work_email": record.email}
    form = forms.PersonForm(request.POST or None, initial=now)
    seen = forms.number_of(request.POST)
    if _sent(request, form, lambda: actions.change_person(
        actor=request.viewer, at=request.at, person_id=pk, seen=seen, **form.cleaned_data
    )):  # fmt: skip
        return _saved(request, record)
    return _form_page(request, record, form, title="Change name or address", now=now, version=record.version)


def add_post(request: Asked, pk: int) -> HttpResponse:
    """Give somebody one more post."""
    record = _changeable(request, pk)
    form = forms.PostForm(request.POST or None, today=timezone.localdate(), initial={"since": timezone.localdate()})
    if _sent(request, form, lambda: actions.add_post(
        actor=request.viewer, at=request.at, person_id=pk, post=_post_words(request, form), since=form.cleaned_data["since"]
    )):  # fmt: skip
        return _saved(request, record)
    return _form_page(request, record, form, title="Add a post")


def change_post(request: Asked, pk: int, post: int) -> HttpResponse:
    """Change a post: from a day on, or because it was written down wrongly."""
    record = _changeable(request, pk)
    one = record.post(post)
    form = forms.ChangePostForm(request.POST or None, today=timezone.localdate(), initial=presenters.initial(one) | {"how": forms.FROM})
    if _sent(request, form, lambda: _changed(request, form, one)):
        return _saved(request, record)
    return _form_page(request, record, form, title=f"Change: {one.title}", now=presenters.initial(one), version=one.version, one=one)


def end_post(request: Asked, pk: int, post: int) -> HttpResponse:
    """Say which day is the last of a post."""
    record = _changeable(request, pk)
    one = record.post(post)
    last = one.until - timedelta(days=1) if one.until else None
    form = forms.LastDayForm(request.POST or None, today=timezone.localdate(), initial={"last_on": last})
    seen = forms.number_of(request.POST)
    if _sent(request, form, lambda: actions.end_post(
        actor=request.viewer, at=request.at, post_id=post, seen=seen, last_on=form.cleaned_data["last_on"]
    )):  # fmt: skip
        return _saved(request, record)
    return _form_page(request, record, form, title=f"Last day: {one.title}", now={"last_on": last}, version=one.version, one=one)


def leave(request: Asked, pk: int) -> HttpResponse:
    """Somebody leaves: all their posts and roles here end on a day."""
    record = _changeable(request, pk)
    form = forms.LastDayForm(request.POST or None, today=timezone.localdate())
    if _sent(request, form, lambda: actions.leave(
        actor=request.viewer, at=request.at, person_id=pk, last_on=form.cleaned_data["last_on"]
    )):  # fmt: skip
        return _saved(request, record)
    return _form_page(request, record, form, title=f"{record.name} leaves", leaving=True)


@require_POST
def undo(request: Asked, pk: int) -> HttpResponse:
    """Take back one change."""
    record = _changeable(request, pk)
    if (batch := forms.batch_of(request.POST)) is None:
        raise UnableTo("There is nothing to take back.", to_do="Open the record again.", code="no-batch")
    done = actions.undo_staff(actor=request.viewer, at=request.at, person_id=pk, batch=batch)
    words = "Taken back." if done.back else "Nothing was taken back: it was changed since, or taken back before."
    messages.success(request, words)
    return redirect(record.href if queries.person_is_here(viewer=request.viewer, pk=pk) else "/")


def _record(request: Asked, pk: int) -> PersonRecord:
    record = queries.person_record(viewer=request.viewer, pk=pk)
    looked(request, object_kind="person", object_id=str(pk), person_id=pk)
    return record


def _changeable(request: Asked, pk: int) -> PersonRecord:
    record = _record(request, pk)
    if not record.may:
        raise PermissionDenied("Only those who keep the staff records of the place change them. Ask them if something is wrong.")
    return record


def _kept(request: Asked, code: str) -> UnitFacts:
    """Return a place whose staff records the viewer keeps."""
    unit = queries.unit(viewer=request.viewer, code=code)
    if not (decision := can(viewer=request.viewer, do=queries.RECORDS, unit_id=unit.pk, name=unit.name)):
        raise PermissionDenied(decision.reason)
    return unit


def _at(unit: UnitFacts) -> dict[str, Any]:
    return {"breadcrumbs": [Crumb(unit.name, unit.href)], "here": Here(unit.name, unit.kind_name)}


def _day_asked(request: Asked) -> date:
    """The day a list is asked for: today unless the address names another that can be read."""
    asked = {part: request.GET.get(f"on-{part}", "") for part in ("day", "month", "year")}
    field = forms.LastDayForm.base_fields["last_on"]
    try:
        return (field.to_python(asked) if all(asked.values()) else None) or timezone.localdate(request.at)
    except forms.ValidationError:
        return timezone.localdate(request.at)


def _sent(request: Asked, form: Form, act: Callable[[], Done]) -> bool:
    """Whether something was sent, was right and is stored."""
    return request.method == "POST" and form.is_valid() and _try(form, act) is not None


def _try(form: django_forms.Form, act: Callable[[], Done]) -> Done | None:
    """Do it, or say on the form what cannot be; what somebody else changed meanwhile is noted there too."""
    try:
        return act()
    except actions.StaffChangedMeanwhile as other:
        form.add_error(None, str(other))
        form.meanwhile = True  # type: ignore[attr-defined]
    except (actions.UnableToStaff, actions.UnableToReadStaff) as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    return None


def _added(request: Asked, form: Form, post: Form) -> Done:
    words = form.cleaned_data
    return actions.add_person(
        actor=request.viewer, at=request.at, name=words["name"], work_email=words["work_email"], post=_post_words(request, post),
        since=post.cleaned_data["since"],
    )  # fmt: skip


def _changed(request: Asked, form: Form, one: Post) -> Done:
    words, seen = form.cleaned_data, forms.number_of(request.POST)
    from_on = words["from_on"] if words["how"] == forms.FROM else None
    since = words["since"] if words["how"] == forms.RIGHT else None
    post = _post_words(request, form, one)
    return actions.change_post(actor=request.viewer, at=request.at, post_id=one.pk, seen=seen, post=post, from_on=from_on, since=since)


def _post_words(request: Asked, form: Form, now: Post | None = None) -> actions.PostWords:
    """Look up which place and which manager were meant."""
    words = form.cleaned_data
    unit = queries.place_meant(viewer=request.viewer, text=words["team"])
    manager = now.manager_id if now and words["manager"] == now.manager else None
    if words["manager"] and manager is None:
        manager = queries.person_meant(viewer=request.viewer, unit_id=unit.pk, text=words["manager"])
    return actions.PostWords(
        unit.pk, words["title"], words["profession"], words["staff_group"], words["band"], words["fraction"], manager, words["number"]
    )  # fmt: skip


def _saved(request: Asked, record: PersonRecord) -> HttpResponse:
    messages.success(request, "Saved. You can take it back at the end of this page.")
    return redirect(record.href)


def _form_page(request: Asked, record: PersonRecord, form: Form, *, title: str, **more: Any) -> HttpResponse:
    """The page of one form about a person. After a clash it shows what stands beside what was typed."""
    found = problems(form)
    now = more.get("now", {})
    clash = presenters.beside_typed(now, form.data.dict() | form.cleaned_data) if getattr(form, "meanwhile", False) else None
    context = {"title": title, "record": record, "form": form, "p": presenters, "clash": clash, "problems": found, "version": 0} | more
    context |= {"breadcrumbs": [Crumb(record.name, record.href)]}
    return render(request, "organisations/person_form.html", context, status=WRONG if found else 200)
