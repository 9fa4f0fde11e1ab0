"""The one door: who is looking is known while the page is made, and forgotten when it is done."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import path

from espalier.access import registry
from espalier.access.actions import add_account, system_viewer
from espalier.access.door import acting_as, door_of_account, look_as, stream_as
from espalier.access.viewer import VISITOR, Held, Viewer
from espalier.common.errors import UnableTo

SAM = Viewer(account_id=41, name="Sam")
ALEX = Viewer(account_id=42, name="Alex")


def looking():
    """Who the database thinks is looking: a number, '' for a visitor, None where nobody ever said."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.viewer', true)")
        return cursor.fetchone()[0]


def backend():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return str(cursor.fetchone()[0])


# ---- Pages made for these tests --------------------------------------------------------------------


class Lazy(TemplateResponse):
    """Asks the database while it is rendered, after the view has returned."""

    @property
    def rendered_content(self):
        return f"{looking()} {connection.in_atomic_block}"


def lazy(request):
    return Lazy(request, "none")


def plain(request):
    return HttpResponse(f"{looking()} {request.viewer.name} {backend()}")


def write(request):
    add_account(username=request.GET["name"])
    what = request.GET.get("then")
    if what == "crash":
        raise RuntimeError("crash")
    if what == "refuse":
        raise PermissionDenied
    if what == "unable":
        raise UnableTo("It could not be done.")
    return HttpResponse(status=int(what or 200))


def stream(request):
    return stream_as(request.viewer, lambda: (looking().encode() for _ in range(1)), content_type="text/plain")


def stream_without_a_door(request):
    return StreamingHttpResponse((str(looking()).encode() for _ in range(1)), content_type="text/plain")


urlpatterns = [
    path("lazy/", lazy), path("plain/", plain), path("write/", write), path("stream/", stream), path("open-stream/", stream_without_a_door),
]  # fmt: skip


@pytest.fixture
def served(settings, own_database):
    """A browser of its own on a database of its own; pages are those above."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.fixture
def kim(served, as_owner):
    """The analyst of the demonstration, signed in."""
    account = get_user_model().objects.get(username="demo-analyst")
    served.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return account


# ---- Requests --------------------------------------------------------------------------------------


def test_what_is_rendered_after_the_view_still_knows_who_is_looking(served, kim):
    assert served.get("/lazy/").content.decode() == f"{kim.pk} True"


def test_a_visitor_is_nobody_and_costs_no_question(served):
    assert served.get("/lazy/").content.decode() == " True"
    assert served.get("/plain/").content.decode().split(" ")[:2] == ["", ""]


def test_the_next_request_on_the_same_connection_is_not_the_one_before(served, kim):
    """A pooled connection goes from one person to the next; the setting must not go with it."""
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    options["pool"] = {"min_size": 1, "max_size": 1, "timeout": 10}
    try:
        first = served.get("/plain/").content.decode().split(" ", 1)
        assert looking() in {None, ""}
        served.cookies.clear()
        second = served.get("/plain/").content.decode().split(" ")
        assert first[0] == str(kim.pk)
        assert second[0] == ""
        assert first[1].split()[-1] == second[-1], "the same server process must have answered both, or this shows nothing"
        assert looking() in {None, ""}
    finally:
        connection.close()
        connection.close_pool()
        del options["pool"]


@pytest.mark.parametrize(("then", "status", "kept"), [
    ("", 200, True), ("302", 302, True), ("422", 422, True), ("404", 404, True), ("refuse", 403, True), ("unable", 400, True),
    ("500", 500, False), ("503", 503, False), ("crash", 500, False),
])  # fmt: skip
def test_an_error_of_ours_keeps_nothing_and_everything_else_does(served, as_owner, then, status, kept):
    assert served.get(f"/write/?name=new-{then}&then={then}").status_code == status
    assert bool(as_owner.execute("SELECT 1 FROM access_account WHERE username = %s", [f"new-{then}"]).fetchone()) is kept


def test_a_stream_opens_its_own_door(served, kim):
    def words(address):
        response = served.get(address)
        assert not connection.in_atomic_block
        return b"".join(response.streaming_content).decode()

    assert words("/stream/") == str(kim.pk)
    assert words("/open-stream/") in {"None", ""}  # without one it sees what a visitor sees: too little, never too much
    assert looking() in {None, ""}


def test_a_stream_reads_nothing_before_its_door_is_open(own_database):
    asked = []
    response = stream_as(SAM, lambda: asked.append(looking()) or [b"x"])
    assert asked == []
    assert list(response.streaming_content) == [b"x"]
    assert asked == ["41"]


# ---- acting_as and look_as -------------------------------------------------------------------------


def test_looking_outside_a_transaction_is_an_error(own_database):
    with pytest.raises(RuntimeError, match="needs an open transaction"):
        look_as(SAM)


def test_acting_as_somebody_ends_with_the_transaction(own_database):
    with acting_as(SAM) as viewer:
        assert (viewer, looking()) == (SAM, "41")
    assert looking() in {None, ""}


def test_who_looked_before_looks_again(own_database):
    with acting_as(SAM):
        with acting_as(ALEX):
            assert looking() == "42"
            with acting_as(VISITOR):
                assert looking() == ""
            assert looking() == "42"
        assert looking() == "41"


def test_who_looked_before_looks_again_after_an_error_too(own_database):
    with acting_as(SAM):
        with pytest.raises(ZeroDivisionError), acting_as(ALEX):
            raise ZeroDivisionError
        assert looking() == "41"
        with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012  a block is what is tested
            look_as(ALEX)
            raise ZeroDivisionError
        assert looking() == "41"


def test_an_error_keeps_nothing(own_database, as_owner):
    with pytest.raises(ZeroDivisionError), acting_as(SAM):  # noqa: PT012  a block is what is tested
        add_account(username="half")
        raise ZeroDivisionError
    assert as_owner.execute("SELECT count(*) FROM access_account WHERE username = 'half'").fetchone() == (0,)


# ---- Accounts --------------------------------------------------------------------------------------


def test_a_job_looks_as_its_account(db):
    account = get_user_model().objects.get(username="demo-analyst")
    with door_of_account(account.pk) as viewer:
        assert (viewer.name, looking()) == ("Kim, analyst (made up)", str(account.pk))


@pytest.mark.parametrize("which", [None, 0, 987654321])
def test_a_job_of_nobody_sees_what_a_visitor_sees(db, which):
    with door_of_account(which) as viewer:
        assert (viewer, looking()) == (VISITOR, "")


def test_a_job_of_somebody_who_has_left_sees_what_a_visitor_sees(db):
    account = get_user_model().objects.get(username="demo-analyst")
    get_user_model().objects.filter(pk=account.pk).update(is_active=False)
    with door_of_account(account.pk) as viewer:
        assert viewer == VISITOR


def test_somebody_who_has_left_is_signed_out(client, db):
    account = get_user_model().objects.get(username="demo-analyst")
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert "Kim, analyst" in client.get("/help/").content.decode()
    get_user_model().objects.filter(pk=account.pk).update(is_active=False)
    assert "Kim, analyst" not in client.get("/help/").content.decode()


def test_the_house_has_one_account_of_its_own_that_nobody_can_sign_in_to(db):
    first, second = system_viewer(), system_viewer()
    account = get_user_model().objects.get(username="espalier")
    assert first == second == Viewer(account_id=account.pk, name="Espalier")
    assert not account.is_active
    assert not account.has_usable_password()


def test_a_name_that_is_taken_makes_no_second_account(db):
    made = add_account(username="new")
    account = get_user_model().objects.get(pk=made)
    assert not account.has_usable_password()
    assert add_account(username="new") is None


def test_without_somebody_to_say_who_people_are_everybody_is_a_visitor(db, monkeypatch):
    account = get_user_model().objects.get(username="demo-analyst")
    monkeypatch.setattr(registry, "_maker", [])
    assert registry.viewer_of(account) == VISITOR


def test_a_viewer_is_frozen_and_knows_what_it_holds():
    viewer = Viewer(account_id=1, grants=(Held("analyst", 7),))
    assert viewer.holds("analyst") and not viewer.holds("regional-lead")
    assert VISITOR.is_visitor and not viewer.is_visitor
    with pytest.raises(AttributeError):
        viewer.account_id = 2
