"""The frame around every page: what is in it, and what it never shows."""

import re

import pytest
from django.http import HttpResponse

from espalier.ui import menu, pages
from espalier.ui.fields import Problem


def drawn(request, **context):
    return (
        pages.render(request, "ui/error.html", {"title": "Falls", "status": 400, "what": "x", **context})
        .render()
        .content.decode()
    )


def test_the_menu_shows_only_what_works(get):
    html = drawn(get("/measures/ae/"))
    assert ">Charts</a>" in html
    assert "Projects" not in html


@pytest.mark.parametrize(
    ("path", "here"),
    [("/", ["Home"]), ("/measures/", ["Charts"]), ("/measures/ae/", ["Charts"]), ("/elsewhere/", [])],
)
def test_the_menu_marks_where_one_is(path, here):
    assert [item.label for item in menu.shown(path) if item.here] == here


def test_the_title_names_page_and_product(get):
    assert "<title>Falls – Espalier</title>" in drawn(get("/"))


def test_a_page_with_problems_says_so_first(get):
    html = drawn(get("/"), problems=(Problem("Enter your name", "#id_name"),))
    assert "<title>Error: Falls – Espalier</title>" in html
    assert html.index("There is a problem") < html.index("<h1")
    assert re.search(r'<a href="#id_name">\s*Enter your name', html)


def test_breadcrumbs_lead_up_and_are_absent_at_the_top(get):
    assert 'aria-label="Breadcrumb"' not in drawn(get("/"))
    html = drawn(get("/"), breadcrumbs=(pages.Crumb("England", "/units/ENG/"),))
    assert '<a href="/units/ENG/">England</a>' in html


def test_the_switcher_names_the_place_and_finds_others_without_script(get):
    html = drawn(get("/"), here=pages.Here("Ward <7>", near=(pages.Crumb("City Hospital", "/units/RXX/"),)))
    assert "Ward &lt;7&gt;</summary>" in html
    assert re.search(r'<form action="/search/" method="get">\s*<input type="hidden" name="kind" value="unit">', html)
    assert '<a href="/units/RXX/">City Hospital</a>' in html


def test_who_is_signed_in_comes_from_the_wiring(get):
    pages.fill(who=lambda request: pages.SignedIn("Sam", "/me/", "/sign-out/"), sign_in="/sign-in/")
    html = drawn(get("/"))
    assert '<a href="/me/">Sam</a>' in html
    assert '<form action="/sign-out/" method="post"><input type="hidden" name="csrfmiddlewaretoken"' in html
    pages.fill(who=lambda request: None, sign_in="/sign-in/")
    assert '<a href="/sign-in/">Sign in</a>' in drawn(get("/"))


def test_a_page_can_start_with_the_place_the_wiring_knows(get):
    pages.fill(who=lambda request: None, here=lambda request: pages.Here("England"))
    assert "England</summary>" in drawn(get("/"))


def test_what_was_searched_stays_in_the_box_only_on_the_search_page(get):
    assert 'value="falls"' in drawn(get("/search/", {"q": "falls"}))
    assert 'value="falls"' not in drawn(get("/measures/", {"q": "falls"}))


def test_htmx_is_loaded_only_where_asked_and_never_evaluates(get):
    assert "htmx" not in drawn(get("/"))
    html = drawn(get("/"), uses_htmx=True)
    assert '"allowEval":false' in html
    assert '"includeIndicatorStyles":false' in html
    assert '{"code":"422","swap":true}' in html


def test_messages_of_the_last_action_are_shown_once_signed_in(get, settings):
    request = get("/")
    request._messages = [type("Said", (), {"level_tag": "success", "__str__": lambda self: "Saved."})()]
    assert "Saved." not in drawn(request)
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    assert "Saved." in drawn(request)


def test_the_page_is_a_reply_that_later_layers_can_still_change(get):
    reply = pages.render(get("/"), "ui/error.html", {"title": "x", "status": 400}, status=418)
    assert isinstance(reply, HttpResponse)
    assert (reply.status_code, reply.is_rendered) == (418, False)
