"""When something goes wrong the page still comes, says what to do, and asks no database."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from espalier.common.errors import NotFoundHere, Suggestion, UnableTo
from espalier.ui import errors, gallery

QUIET = pytest.mark.filterwarnings("default")


def middleware():
    return errors.FriendlyErrors(lambda request: HttpResponse())


def test_something_not_found_offers_near_matches(get):
    error = NotFoundHere(
        "There is no measure called “ae”.", suggestions=(Suggestion("A&E waits", "/measures/ae-4-hours/"),)
    )
    reply = middleware().process_exception(get("/measures/ae/"), error)
    html = reply.content.decode()
    assert reply.status_code == 404
    assert "There is no measure called “ae”." in html
    assert '<a href="/measures/ae-4-hours/">A&amp;E waits</a>' in html


def test_what_could_not_be_done_says_where_and_what_to_do(get):
    error = UnableTo("“31/04/2026” is not a date.", where="row 214, Start date", to_do="Change it or leave it blank.")
    reply = middleware().process_exception(get("/imports/"), error)
    html = reply.content.decode()
    assert reply.status_code == 400
    for words in ("is not a date", "row 214, Start date", "Change it or leave it blank."):
        assert words in html


def test_an_error_nobody_wrote_for_people_is_left_to_django(get):
    assert middleware().process_exception(get("/"), ValueError("secret")) is None


@pytest.mark.parametrize(("method", "heading"), [("GET", "That cannot be shown"), ("POST", "That cannot be done")])
def test_what_was_read_perfectly_and_cannot_be_done_has_a_true_heading(get, method, heading):
    request = get("/units/DEMO/access/")
    request.method = method
    html = errors.unable(request, UnableTo("It has been answered already.")).content.decode()
    assert f'<h1 class="nhsuk-heading-l">{heading}</h1>' in html
    assert "could not read" not in html


@pytest.mark.parametrize(
    ("handler", "exception", "status", "words"),
    [
        (errors.handler400, ValueError("secret <b>"), 400, "We could not read that"),
        (errors.handler403, PermissionDenied(), 403, "You cannot open this page"),
        (errors.handler404, Http404("secret table"), 404, "Page not found"),
    ],
)
def test_each_kind_of_error_has_a_page_that_keeps_secrets(get, handler, exception, status, words):
    reply = handler(get("/nowhere/"), exception)
    assert reply.status_code == status
    assert f'<h1 class="nhsuk-heading-l">{words}</h1>' in reply.content.decode()
    assert "secret" not in reply.content.decode()


def test_a_missing_page_reads_the_same_whatever_the_address(get):
    assert errors.handler404(get("/units/RXX/")).content == errors.handler404(get("/units/QQQ/")).content


def test_the_page_after_a_crash_asks_neither_session_nor_database(get):
    # This module has no database: any query would raise and leave only the plain page.
    html = errors.handler500(get("/")).content.decode()
    assert "Something went wrong here" in html
    assert "esp-header" in html
    assert "Sign" not in html


def test_a_form_left_open_overnight_is_told_what_to_do(get):
    reply = errors.csrf_failure(get("/"), reason="CSRF cookie not set.")
    assert reply.status_code == 403
    assert "nothing was saved just now" in reply.content.decode()
    assert "CSRF" not in reply.content.decode()


@pytest.mark.parametrize("handler", [errors.handler500, errors.handler404, errors.csrf_failure])
def test_a_broken_template_still_gives_a_page(get, monkeypatch, handler, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(errors.pages, "render", broken)
    monkeypatch.setattr(errors.pages, "bare_shell", broken)
    reply = handler(get("/"))
    assert reply.status_code in {403, 404, 500}
    assert b'<html lang="en-GB">' in reply.content
    assert b'<a href="/">' in reply.content
    assert "could not be drawn" in caplog.text


@pytest.mark.parametrize(("state", "status"), [("", 200), ("problems", 422), ("empty", 200), ("nonsense", 200)])
def test_the_gallery_opens_in_every_state(get, state, status):
    reply = gallery.gallery(get("/admin-tools/components/", {"state": state})).render()
    assert reply.status_code == status
    assert reply.content.decode().count("<h1") == 1


def test_the_gallery_checks_its_form_and_saves_nothing(post):
    reply = gallery.gallery(post("/admin-tools/components/", {"name": "Sam"})).render()
    assert reply.status_code == 422
    assert b"Error: Parts of a page" in reply.content
