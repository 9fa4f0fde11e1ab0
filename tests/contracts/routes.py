"""Who may open which page: every address of the product has a row here, or tests/contracts/test_routes.py fails.

EVERYBODY is literally everybody: visitors and each person of the demonstration. A page for some gets a Route with
may= naming them; all others must then be answered as if there were nothing there.
"""

from dataclasses import dataclass

from espalier.measures.actions import letters as actions

VISITOR = "visitor"
# The people of the demonstration: a member of a ward's team, its leader, and the analyst of the whole hospital.
PEOPLE = ("demo-nurse", "demo-leader", "demo-analyst")
EVERYBODY = (VISITOR, *PEOPLE)


@dataclass(frozen=True)
class Route:
    """One pattern of the address list, an example that exists, and one that does not (where codes stand in it)."""

    name: str
    example: str
    missing: str = ""
    may: tuple[str, ...] = EVERYBODY
    status: int = 200
    otherwise: int = 404
    post_only: bool = False
    page: bool = True  # HTML, as opposed to a file
    nothing: bool = False  # what stands here is one person's own, and nobody of the demonstration has any


# The same for every run: made of a key, not of a time.
STOP_ADDRESS = actions.stop_address(0, "weekly")

ROUTES = {
    "": Route("site:home", "/"),
    "units/<str:code>/": Route("site:unit", "/units/RJ1/", missing="/units/NOSUCH/"),
    "search/": Route("site:search", "/search/?q=leeds"),
    "help/": Route("site:help", "/help/"),
    "help/<slug:slug>/": Route("site:help-page", "/help/chance/", missing="/help/nosuch/"),
    "measures/": Route("measures:all", "/measures/", missing="/measures/?unit=NOSUCH"),
    "measures/<slug:measure>/": Route("measures:wall", "/measures/ae-4-hours/", missing="/measures/nosuch/"),
    "measures/<slug:measure>/table.csv": Route(
        "measures:wall-csv", "/measures/ae-4-hours/table.csv", missing="/measures/nosuch/table.csv", page=False
    ),
    "measures/<slug:measure>/<slug:unit>/": Route("measures:chart", "/measures/ae-4-hours/RJ1/", missing="/measures/ae-4-hours/NOSUCH/"),
    "measures/<slug:measure>/<slug:unit>/data.csv": Route(
        "measures:chart-csv", "/measures/ae-4-hours/RJ1/data.csv", missing="/measures/nosuch/RJ1/data.csv", page=False
    ),
    "measures/<slug:measure>/<slug:unit>/chart.svg": Route(
        "measures:chart-svg", "/measures/ae-4-hours/RJ1/chart.svg", missing="/measures/ae-4-hours/NOSUCH/chart.svg", page=False
    ),
    "measures/<slug:measure>/<slug:unit>/enter/": Route(
        "measures:enter",
        "/measures/team-falls/DEMO-WARD-7/enter/",
        missing="/measures/nosuch/DEMO-WARD-7/enter/",
        may=PEOPLE,
        otherwise=403,
    ),
    "measures/<slug:measure>/<slug:unit>/paste/": Route(
        "measures:paste",
        "/measures/team-falls/DEMO-WARD-7/paste/",
        missing="/measures/nosuch/DEMO-WARD-7/paste/",
        may=PEOPLE,
        otherwise=403,
    ),
    "measures/<slug:measure>/<slug:unit>/undo/": Route(
        "measures:undo",
        "/measures/team-falls/DEMO-WARD-7/undo/",
        missing="/measures/nosuch/DEMO-WARD-7/undo/",
        may=PEOPLE,
        otherwise=403,
        status=400,
        post_only=True,
        page=False,
    ),
    "measures/<slug:measure>/<slug:unit>/undo-paste/": Route(
        "measures:undo-paste",
        "/measures/team-falls/DEMO-WARD-7/undo-paste/",
        missing="/measures/nosuch/DEMO-WARD-7/undo-paste/",
        may=PEOPLE,
        otherwise=403,
        status=400,
        post_only=True,
        page=False,
    ),
    # -- measures: definitions, splits
    # -- measures: phases, notes, looking at one chart
    # -- measures: walls, lists, alerts
    "measures/changes/": Route("measures:changes", "/measures/changes/", missing="/measures/changes/?unit=NOSUCH"),
    "measures/changes/seen/": Route(
        "measures:seen", "/measures/changes/seen/", may=PEOPLE, otherwise=403, status=302, post_only=True, page=False
    ),
    "measures/late/": Route("measures:late", "/measures/late/?unit=DEMO-TRUST", missing="/measures/late/?unit=NOSUCH"),
    "measures/late/table.csv": Route("measures:late-csv", "/measures/late/table.csv", missing="/measures/late/table.csv?unit=NOSUCH", page=False),
    "measures/quality/": Route("measures:quality", "/measures/quality/", missing="/measures/quality/?unit=NOSUCH"),
    "measures/quality/table.csv": Route(
        "measures:quality-csv", "/measures/quality/table.csv", missing="/measures/quality/table.csv?unit=NOSUCH", page=False
    ),
    "measures/following/": Route("measures:following", "/measures/following/", may=PEOPLE, otherwise=403),
    "measures/following/start/": Route(
        "measures:follow", "/measures/following/start/", may=PEOPLE, otherwise=403, status=400, post_only=True, page=False
    ),
    "measures/following/letter/": Route("measures:letter", "/measures/following/letter/", may=PEOPLE, otherwise=403),
    # Whoever holds the link: a letter is read where nobody has signed in. Account 0 is nobody's.
    "measures/following/stop/<str:mark>/": Route(
        "measures:stop-letters", STOP_ADDRESS, missing="/measures/following/stop/nosuch/"
    ),
    # What one person keeps is not there for anybody else, and nobody here has kept anything yet; tests/unit tries the rest.
    "measures/following/<int:pk>/stop/": Route(
        "measures:unfollow", "/measures/following/7/stop/", may=PEOPLE, otherwise=403, status=404, post_only=True, page=False, nothing=True
    ),
    "measures/views/": Route("measures:views", "/measures/views/", may=PEOPLE, otherwise=403),
    "measures/views/save/": Route(
        "measures:save-view", "/measures/views/save/?measure=ae-4-hours", missing="", may=PEOPLE, otherwise=403
    ),
    "measures/views/<int:pk>/": Route("measures:view", "/measures/views/7/", may=PEOPLE, otherwise=403, status=404, page=False, nothing=True),
    "measures/views/<int:pk>/rename/": Route(
        "measures:rename-view", "/measures/views/7/rename/", may=PEOPLE, otherwise=403, status=404, page=False, nothing=True
    ),
    "measures/views/<int:pk>/delete/": Route(
        "measures:remove-view", "/measures/views/7/delete/", may=PEOPLE, otherwise=403, status=404, post_only=True, page=False, nothing=True
    ),
    "measures/views/<int:pk>/undo/": Route(
        "measures:restore-view", "/measures/views/7/undo/", may=PEOPLE, otherwise=403, status=404, post_only=True, page=False, nothing=True
    ),
    "measures/<slug:measure>/funnel/": Route(
        "measures:funnel", "/measures/ae-4-hours/funnel/?unit=ENG&until=2019-03", missing="/measures/nosuch/funnel/"
    ),
    "measures/<slug:measure>/funnel/table.csv": Route(
        "measures:funnel-csv", "/measures/ae-4-hours/funnel/table.csv", missing="/measures/nosuch/funnel/table.csv", page=False
    ),
    "measures/<slug:measure>/funnel/chart.svg": Route(
        "measures:funnel-svg", "/measures/ae-4-hours/funnel/chart.svg", missing="/measures/nosuch/funnel/chart.svg", page=False
    ),
    # -- measures: files out
    # -- the room imports
    # -- insight: reports, snapshots, board
    # -- the interface for programs
    # -- sharing and roll-ups
    "framework/": Route("framework:whole", "/framework/"),
    "framework/<str:code>/": Route("framework:entry", "/framework/CAP1/", missing="/framework/NOSUCH/"),
    "brand.css": Route("ui:brand", "/brand.css", page=False),
    "admin-tools/components/": Route("ui:gallery", "/admin-tools/components/"),
    "sign-in/": Route("demo:sign-in", "/sign-in/"),
    "sign-out/": Route("demo:sign-out", "/sign-out/", status=302, post_only=True, page=False),
}

# Answered before the address list, by config.middleware.Health and WhiteNoise.
BESIDE = ("/livez", "/readyz", "/static/")

# Other states of the pages above that a reader can reach: each is read for its words, weighed, and its questions to the
# database counted. A wall may weigh more (it holds up to 200 charts).
STATES = (
    "/units/ENG/", "/units/Y62/", "/units/QOP/", "/units/DEMO-TRUST/", "/units/DEMO-WARD-7/", "/units/DEMO-CARE/", "/units/RW6/",
    "/units/rj1/", "/search/", "/search/?q=", "/search/?q=royla+free", "/search/?q=xyzzyx", "/search/?q=A%26E+4+hours",
    "/help/reading-a-chart/", "/help/worse-than-usual/", "/help/about/", "/help/accessibility/", "/help/where-the-data-come-from/",
    "/measures/?unit=RJ1", "/measures/?unit=DEMO-WARD-7",
    "/measures/ae-4-hours/?order=attention", "/measures/ae-4-hours/?order=name&view=table", "/measures/ae-4-hours/?level=region",
    "/measures/ae-4-hours/?level=system", "/measures/ae-4-hours/?unit=Y62", "/measures/ae-4-hours/?unit=RJ1",
    "/measures/ae-4-hours/?compare=year-before&signal=flagged", "/measures/ae-4-hours/?region=Y62&kind=trust", "/measures/ae-4-hours/?signal=low",
    "/measures/ae-4-hours/?until=2018-03", "/measures/ae-4-hours/?page=99", "/measures/ae-4-hours-type-1/", "/measures/ae-attendances/",
    "/measures/ae-admissions-per-attendance/", "/measures/staff-sickness-absence/", "/measures/staff-sickness-absence/?page=2",
    "/measures/team-falls/?unit=DEMO-TRUST", "/measures/team-joy/?unit=DEMO-TRUST",
    "/measures/ae-4-hours/ENG/", "/measures/ae-4-hours/Y62/", "/measures/ae-4-hours/RJ1/?compare=year-before",
    "/measures/ae-4-hours/RJ1/?months=all&rules=anhoej", "/measures/ae-4-hours/RJ1/?until=2017-06", "/measures/staff-sickness-absence/ENG/",
    "/measures/staff-sickness-absence/RJ1/", "/measures/team-falls/DEMO-WARD-7/", "/measures/care-home-visit-wait/DEMO-CARE/",
    # -- measures: walls, lists, alerts
    "/measures/ae-4-hours/?signal=sure", "/measures/ae-4-hours/funnel/?months=12&kind=trust&sort=size", "/measures/ae-4-hours/funnel/?unit=RJ1",
    "/measures/staff-sickness-absence/funnel/", "/measures/team-falls/funnel/?unit=DEMO-TRUST", "/measures/changes/?unit=DEMO-TRUST&since=2019-01-01",
    "/measures/late/", "/measures/late/?unit=RJ1", "/measures/quality/?unit=DEMO-TRUST", "/measures/quality/?unit=Y62&measure=ae-attendances",
    "/framework/C5/", "/framework/A9/", "/framework/M3/", "/admin-tools/components/?state=problems",
)  # fmt: skip
# Pages that say "not found" or "not like that", each with words of its own.
REFUSALS = (
    "/nosuch/", "/units/NOSUCH/", "/units/RJI/", "/measures/nosuch/", "/measures/ae-4-hours/NOSUCH/", "/measures/team-falls/RJ1/",
    "/measures/ae-4-hours/?until=2019-13", "/measures/ae-4-hours/?until=2031-01", "/measures/ae-4-hours/RJ1/?until=yesterday",
    "/measures/?unit=NOSUCH", "/measures/changes/?since=yesterday", "/measures/ae-4-hours/funnel/?until=2031-01", "/help/nosuch/", "/framework/NOSUCH/",
)  # fmt: skip

# States that only somebody signed in can reach: the person, and what they open.
PRIVATE_STATES = {
    "demo-leader": (
        "/measures/team-falls/DEMO-WARD-7/enter/?month=2018-01", "/measures/team-falls/DEMO-WARD-7/",
        # -- measures: definitions, splits
        # -- measures: phases, notes, looking at one chart
        # -- measures: walls, lists, alerts
        "/measures/late/?unit=DEMO-WARD-7", "/measures/changes/?unit=DEMO-WARD-7", "/units/DEMO-NURSES/",
        "/measures/views/save/?measure=ae-4-hours&unit=Y62&signal=sure&order=attention", "/measures/following/letter/?how_often=daily",
        # -- measures: files out
        # -- the room imports
        # -- insight: reports, snapshots, board
        # -- the interface for programs
        # -- sharing and roll-ups
    ),
}  # fmt: skip
PAGES = (
    *(route.example for route in ROUTES.values() if route.page), *STATES, *(path for paths in PRIVATE_STATES.values() for path in paths)
)  # fmt: skip


def reader(path: str) -> str:
    """Who opens a page when it is looked at for its words, weight and questions: a visitor wherever that is possible."""
    for who, paths in PRIVATE_STATES.items():
        if path in paths and path not in STATES:
            return who
    may = next((route.may for route in ROUTES.values() if route.example == path), EVERYBODY)
    return VISITOR if VISITOR in may else may[0]


def sign_in(client: object, who: str) -> None:
    """Sign a test's client in as one of the demonstration's people; nothing for a visitor."""
    if who != VISITOR:
        from django.contrib.auth import get_user_model

        account = get_user_model().objects.get(username=who)
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
