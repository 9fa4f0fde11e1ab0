"""Who may open which page: every address of the product has a row here, or tests/contracts/test_routes.py fails.

EVERYBODY is literally everybody: visitors and each person of the demonstration. A page for some gets a Route with
may= naming them; all others must then be answered as if there were nothing there.
"""

import uuid
from dataclasses import dataclass

from espalier.measures.actions import letters as actions

VISITOR = "visitor"
# Files of the demonstration's analyst, and one that nobody ever gave.
WITH_SLIPS, TO_MAP, TAKEN_BACK = (uuid.uuid5(uuid.NAMESPACE_URL, f"espalier-demonstration-file-{number}") for number in (1, 2, 3))
TO_FORGET, NO_FILE = TO_MAP, uuid.UUID(int=7)
IDEA = f"/projects/ideas/{uuid.uuid5(uuid.NAMESPACE_URL, 'espalier-demonstration-idea-2')}/"
NO_IDEA = f"/projects/ideas/{NO_FILE}/"
# The people of the hospital in the demonstration: a member of a ward's team, its leader, the analyst and the improvement
# lead of the whole hospital; and somebody of the system above, who belongs to no organisation in it.
PEOPLE = ("demo-nurse", "demo-leader", "demo-analyst", "demo-improver")
ABOVE = ("demo-system",)
# Who looks after people and what was done at the hospital; a partner without an employer; and somebody of another one.
OFFICE = ("demo-admin", "demo-people", "demo-auditor")
PARTNER, ELSEWHERE = ("demo-partner",), ("demo-care",)
SIGNED_IN = (*PEOPLE, *ABOVE, *OFFICE, *PARTNER, *ELSEWHERE)
LEADING = ("demo-leader", "demo-improver", "demo-analyst")  # who decides what is measured and where a baseline begins
BOARD = ("demo-analyst", "demo-improver")  # who writes the hospital's reports and board page
INVITING = ("demo-leader", "demo-improver", "demo-admin", "demo-people")  # who invites people to the ward
REPORTING = (*BOARD, "demo-people")
REFUSED = (("demo-admin", 403), ("demo-auditor", 403))  # who sees a thing of the hospital and may not change it
# Who takes part in the project of the demonstration, and who of the hospital only reads it.
ON_TEAM = ("demo-leader", "demo-nurse", "demo-improver", "demo-partner")
READ_ONLY = (("demo-analyst", 403), ("demo-admin", 403), ("demo-people", 403), ("demo-auditor", 403))
AUDITING = ("demo-admin", "demo-auditor")  # who reads what was done at the hospital
KEEPING = ("demo-people", "demo-admin")  # who keeps the hospital's staff records
EVERYBODY = (VISITOR, *SIGNED_IN)
# Projects: who is in the demonstration's first project, who reads it without being in it, and who leads programmes.
TEAM = ("demo-nurse", "demo-leader", "demo-improver", "demo-partner")
READING_PROJECT = tuple((who, 403) for who in (*PEOPLE, *OFFICE) if who not in TEAM)
COACHING = ("demo-improver", "demo-system")
IN_PROGRAMME = (*PEOPLE, *OFFICE, *PARTNER)
READING_PROGRAMME = tuple((who, 403) for who in IN_PROGRAMME if who != "demo-improver")
READS_COACHES = tuple(who for who in (*PEOPLE, *OFFICE) if who != "demo-improver")
# -- part 5: partners. Who takes part in the demonstration's project, who leads or coaches it, and who only reads it.
LEADING_1 = ("demo-leader", "demo-improver")
TEAM_1 = (*LEADING_1, "demo-nurse", "demo-partner")
ONLY_READING_1 = tuple((who, 403) for who in ("demo-analyst", *OFFICE))
NOT_LEADING_1 = (*ONLY_READING_1, ("demo-nurse", 403), ("demo-partner", 403))
WARD_7 = ("demo-nurse", "demo-leader")
READING_REVIEW = tuple((who, 403) for who in ("demo-analyst", "demo-improver", *OFFICE))
BO = 11  # the account of demo-partner
TEAM_7, NO_TEAM = "/projects/teams/DEMO-WARD-7/", "/projects/teams/NOSUCH/"


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
    also: tuple[tuple[str, int], ...] = ()  # people who get another answer than the two above
    nothing: bool = False  # what stands here is one person's own, and nobody of the demonstration has any


# Project 1 of the demonstration: its team and coach change it, the rest of the hospital reads it.
READING_1 = (*PEOPLE, *OFFICE, *PARTNER)

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
    "measures/new/": Route(
        "measures:new", "/measures/new/?unit=DEMO-WARD-7", missing="/measures/new/?unit=NOSUCH", may=LEADING, otherwise=403
    ),
    "measures/library/": Route("measures:library", "/measures/library/", missing="/measures/library/?unit=NOSUCH"),
    "measures/<slug:measure>/definition/": Route(
        "measures:definition", "/measures/team-falls/definition/", missing="/measures/nosuch/definition/"
    ),
    # Nobody changes a measure of the library on a page; who may change one of their own is tried in tests/unit/measures.
    "measures/<slug:measure>/edit/": Route(
        "measures:edit", "/measures/team-falls/edit/", missing="/measures/nosuch/edit/", may=(), otherwise=403, page=False
    ),
    "measures/<slug:measure>/retire/": Route(
        "measures:retire", "/measures/team-falls/retire/", missing="/measures/nosuch/retire/", may=(), otherwise=403, post_only=True, page=False
    ),
    "measures/<slug:measure>/<slug:unit>/use/": Route(
        "measures:use",
        "/measures/falls-with-harm/DEMO-WARD-7/use/",
        missing="/measures/nosuch/DEMO-WARD-7/use/",
        may=LEADING,
        status=302,
        otherwise=403,
        post_only=True,
        page=False,
    ),
    "measures/<slug:measure>/<slug:unit>/split/<slug:dimension>/": Route(
        "measures:split",
        "/measures/team-missed-appointments/DEMO-TRUST/split/deprivation/",
        missing="/measures/team-missed-appointments/DEMO-TRUST/split/height/",
    ),
    "measures/<slug:measure>/<slug:unit>/split/<slug:dimension>/data.csv": Route(
        "measures:split-csv",
        "/measures/team-missed-appointments/DEMO-TRUST/split/deprivation/data.csv",
        missing="/measures/team-falls/DEMO-WARD-7/split/sex/data.csv",
        page=False,
    ),
    # -- measures: phases, notes, looking at one chart
    "measures/<slug:measure>/<slug:unit>/marks/": Route(
        "measures:marks",
        "/measures/team-falls/DEMO-WARD-7/marks/",
        missing="/measures/nosuch/DEMO-WARD-7/marks/",
        may=PEOPLE,
        otherwise=403,
    ),
    "measures/<slug:measure>/<slug:unit>/marks/new/": Route(
        "measures:mark-new",
        "/measures/team-falls/DEMO-WARD-7/marks/new/?kind=rebase&from=2018-04-01",
        missing="/measures/nosuch/DEMO-WARD-7/marks/new/",
        may=LEADING,
        otherwise=403,
    ),
    "measures/<slug:measure>/<slug:unit>/marks/undo/": Route(
        "measures:mark-undo",
        "/measures/team-falls/DEMO-WARD-7/marks/undo/",
        missing="/measures/nosuch/DEMO-WARD-7/marks/undo/",
        may=PEOPLE,
        otherwise=403,
        status=400,
        post_only=True,
        page=False,
    ),
    "measures/<slug:measure>/<slug:unit>/marks/not-now/": Route(
        "measures:mark-not-now",
        "/measures/team-falls/DEMO-WARD-7/marks/not-now/",
        missing="/measures/nosuch/DEMO-WARD-7/marks/not-now/",
        may=LEADING,
        otherwise=403,
        status=400,
        post_only=True,
        page=False,
    ),
    "measures/<slug:measure>/<slug:unit>/marks/<uuid:mark>/": Route(
        "measures:mark-change",
        "/measures/team-falls/DEMO-WARD-7/marks/6f1d8a0e-0000-4000-8000-000000000003/",
        missing="/measures/nosuch/DEMO-WARD-7/marks/6f1d8a0e-0000-4000-8000-000000000003/",
        may=LEADING,
        otherwise=403,
    ),
    "measures/<slug:measure>/<slug:unit>/marks/<uuid:mark>/end/": Route(
        "measures:mark-end",
        "/measures/team-falls/DEMO-WARD-7/marks/6f1d8a0e-0000-4000-8000-00000000dead/end/",
        missing="/measures/nosuch/DEMO-WARD-7/marks/6f1d8a0e-0000-4000-8000-000000000003/end/",
        may=PEOPLE,
        otherwise=403,
        status=400,
        post_only=True,
        page=False,
    ),
    "measures/<slug:measure>/<slug:unit>/rules/": Route(
        "measures:rules",
        "/measures/team-falls/DEMO-WARD-7/rules/",
        missing="/measures/nosuch/DEMO-WARD-7/rules/",
    ),
    "measures/<slug:measure>/<slug:unit>/history/": Route(
        "measures:history",
        "/measures/team-falls/DEMO-WARD-7/history/",
        missing="/measures/nosuch/DEMO-WARD-7/history/",
        may=PEOPLE,
        otherwise=403,
    ),
    "measures/<slug:measure>/<slug:unit>/history.csv": Route(
        "measures:history-csv",
        "/measures/team-falls/DEMO-WARD-7/history.csv",
        missing="/measures/nosuch/DEMO-WARD-7/history.csv",
        may=PEOPLE,
        otherwise=403,
        page=False,
    ),
    # -- measures: walls, lists, alerts
    "measures/changes/": Route("measures:changes", "/measures/changes/", missing="/measures/changes/?unit=NOSUCH"),
    "measures/changes/seen/": Route(
        "measures:seen", "/measures/changes/seen/", may=SIGNED_IN, otherwise=403, status=302, post_only=True, page=False
    ),
    "measures/late/": Route("measures:late", "/measures/late/?unit=DEMO-TRUST", missing="/measures/late/?unit=NOSUCH"),
    "measures/late/table.csv": Route("measures:late-csv", "/measures/late/table.csv", missing="/measures/late/table.csv?unit=NOSUCH", page=False),
    "measures/quality/": Route("measures:quality", "/measures/quality/", missing="/measures/quality/?unit=NOSUCH"),
    "measures/quality/table.csv": Route(
        "measures:quality-csv", "/measures/quality/table.csv", missing="/measures/quality/table.csv?unit=NOSUCH", page=False
    ),
    "measures/following/": Route("measures:following", "/measures/following/", may=SIGNED_IN, otherwise=403),
    "measures/following/start/": Route(
        "measures:follow", "/measures/following/start/", may=SIGNED_IN, otherwise=403, status=400, post_only=True, page=False
    ),
    "measures/following/letter/": Route("measures:letter", "/measures/following/letter/", may=SIGNED_IN, otherwise=403),
    # Whoever holds the link: a letter is read where nobody has signed in. Account 0 is nobody's.
    "measures/following/stop/<str:mark>/": Route(
        "measures:stop-letters", STOP_ADDRESS.replace("/account/letters/", "/measures/following/"), missing="/measures/following/stop/nosuch/"
    ),
    # What one person keeps is not there for anybody else, and nobody here has kept anything yet; tests/unit tries the rest.
    "measures/following/<int:pk>/stop/": Route(
        "measures:unfollow", "/measures/following/7/stop/", may=SIGNED_IN, otherwise=403, status=404, post_only=True, page=False, nothing=True
    ),
    "measures/views/": Route("measures:views", "/measures/views/", may=SIGNED_IN, otherwise=403),
    "measures/views/save/": Route(
        "measures:save-view", "/measures/views/save/?measure=ae-4-hours", missing="", may=SIGNED_IN, otherwise=403
    ),
    "measures/views/<int:pk>/": Route("measures:view", "/measures/views/7/", may=SIGNED_IN, otherwise=403, status=404, page=False, nothing=True),
    "measures/views/<int:pk>/rename/": Route(
        "measures:rename-view", "/measures/views/7/rename/", may=SIGNED_IN, otherwise=403, status=404, page=False, nothing=True
    ),
    "measures/views/<int:pk>/delete/": Route(
        "measures:remove-view", "/measures/views/7/delete/", may=SIGNED_IN, otherwise=403, status=404, post_only=True, page=False, nothing=True
    ),
    "measures/views/<int:pk>/undo/": Route(
        "measures:restore-view", "/measures/views/7/undo/", may=SIGNED_IN, otherwise=403, status=404, post_only=True, page=False, nothing=True
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
    "measures/<slug:measure>/table.<slug:kind>": Route(
        "measures:wall-file", "/measures/ae-4-hours/table.xlsx", missing="/measures/ae-4-hours/table.doc", page=False
    ),
    "measures/<slug:measure>/<slug:unit>/chart.<slug:kind>": Route(
        "measures:chart-file", "/measures/ae-4-hours/RJ1/chart.pdf", missing="/measures/ae-4-hours/RJ1/chart.doc", page=False
    ),
    # -- the room imports
    # -- part 5: core. The project of the demonstration is Ward 7's, open to the hospital.
    "projects/": Route("projects:all", "/projects/"),
    "projects/<int:pk>/": Route("projects:project", "/projects/1/", missing="/projects/999/", may=(*PEOPLE, *OFFICE, *PARTNER)),
    "projects/new/": Route("projects:new", "/projects/new/"),
    "projects/<int:pk>/aim/": Route(
        "projects:aim", "/projects/1/aim/", missing="/projects/999/aim/", may=ON_TEAM, also=READ_ONLY,
    ),
    "projects/<int:pk>/progress/": Route(
        "projects:progress", "/projects/1/progress/", missing="/projects/999/progress/", may=(*PEOPLE, *OFFICE, *PARTNER)
    ),
    "projects/<int:pk>/team/": Route(
        "projects:team", "/projects/1/team/", missing="/projects/999/team/", may=(*PEOPLE, *OFFICE, *PARTNER)
    ),
    "projects/<int:pk>/places/": Route(
        "projects:places", "/projects/1/places/", missing="/projects/999/places/", may=(*PEOPLE, *OFFICE, *PARTNER)
    ),
    "projects/<int:pk>/stop/": Route(
        "projects:stop", "/projects/1/stop/", missing="/projects/999/stop/", may=("demo-leader", "demo-improver"),
        also=(*READ_ONLY, ("demo-nurse", 403), ("demo-partner", 403)),
    ),
    "projects/<int:pk>/move/": Route(
        "projects:move", "/projects/1/move/", missing="/projects/999/move/", may=("demo-leader", "demo-improver"), status=400,
        also=(*READ_ONLY, ("demo-nurse", 403), ("demo-partner", 403)), post_only=True, page=False,
    ),
    "projects/<int:pk>/undo/": Route(
        "projects:undo", "/projects/1/undo/", missing="/projects/999/undo/", may=(*PEOPLE, *OFFICE, *PARTNER), status=400, post_only=True,
        page=False,
    ),
    "projects/<int:pk>/team/change/": Route(
        "projects:change-team", "/projects/1/team/change/", missing="/projects/999/team/change/", may=(*PEOPLE, *OFFICE, *PARTNER),
        status=400, post_only=True, page=False,
    ),
    # -- part 5: ideas
    # -- part 5: ideas. Idea 2 of the demonstration is Sam's, shared with the hospital's people.
    "projects/ideas/": Route("projects:ideas", "/projects/ideas/", may=SIGNED_IN, otherwise=403),
    "projects/ideas/off-line/": Route("projects:ideas-shell", "/projects/ideas/off-line/"),
    "projects/ideas/queue/": Route("projects:ideas-queue", "/projects/ideas/queue/", page=False),
    "projects/ideas/<uuid:pk>/": Route("projects:idea", IDEA, missing=NO_IDEA, may=(*PEOPLE, *OFFICE)),
    "projects/ideas/<uuid:pk>/change/": Route(
        "projects:change-idea", f"{IDEA}change/", missing=f"{NO_IDEA}change/", may=(*PEOPLE, *OFFICE), status=400, post_only=True, page=False
    ),
    "manifest.webmanifest": Route("site:manifest", "/manifest.webmanifest", page=False),
    "service-worker.js": Route("site:service-worker", "/service-worker.js", page=False),
    # -- part 5: diagrams
    "projects/diagrams/": Route("projects:diagrams", "/projects/diagrams/"),
    "projects/diagrams/<slug:code>/": Route("projects:ready-diagram", "/projects/diagrams/falls/", missing="/projects/diagrams/nosuch/"),
    "projects/<int:pk>/diagram/": Route(
        "projects:diagram", "/projects/1/diagram/", missing="/projects/999/diagram/", may=(*PEOPLE, *OFFICE, *PARTNER)
    ),
    "projects/<int:pk>/diagram/new/": Route(
        "projects:diagram-new", "/projects/1/diagram/new/", missing="/projects/999/diagram/new/", may=(*PEOPLE, *OFFICE, *PARTNER)
    ),
    "projects/<int:pk>/diagram/<int:diagram>/": Route(
        "projects:picture", "/projects/1/diagram/2/", missing="/projects/1/diagram/999/", may=(*PEOPLE, *OFFICE, *PARTNER)
    ),
    "projects/<int:pk>/diagram/picture.<slug:kind>": Route(
        "projects:diagram-file", "/projects/1/diagram/picture.svg", missing="/projects/1/diagram/picture.doc",
        may=(*PEOPLE, *OFFICE, *PARTNER), page=False,
    ),
    "projects/<int:pk>/diagram/<int:diagram>/picture.<slug:kind>": Route(
        "projects:picture-file", "/projects/1/diagram/2/picture.csv", missing="/projects/1/diagram/2/picture.doc",
        may=(*PEOPLE, *OFFICE, *PARTNER), page=False,
    ),
    # -- part 5: cycles
    # -- part 5: cycles. Whoever may read the project reads its tests; its team and coach change them. Nobody else is told it is there.
    "projects/<int:pk>/tests/": Route("projects:tests", "/projects/1/tests/", missing="/projects/987654/tests/", may=READING_1),
    "projects/<int:pk>/tests/new/": Route(
        "projects:test-new", "/projects/1/tests/new/", missing="/projects/987654/tests/new/", may=TEAM_1, also=ONLY_READING_1
    ),
    "projects/<int:pk>/tests/undo/": Route(
        "projects:test-undo", "/projects/1/tests/undo/", missing="/projects/987654/tests/undo/", may=TEAM_1, also=ONLY_READING_1,
        status=404, post_only=True, page=False,
    ),
    "projects/<int:pk>/tests/<int:number>/": Route(
        "projects:test", "/projects/1/tests/1/", missing="/projects/1/tests/987654/", may=READING_1
    ),
    "projects/<int:pk>/tests/<int:number>/tasks/<int:task>/": Route(
        "projects:test-task", "/projects/1/tests/5/tasks/1/", missing="/projects/987654/tests/5/tasks/1/", may=TEAM_1, also=ONLY_READING_1,
        status=302, post_only=True, page=False,
    ),
    "projects/<int:pk>/measures/": Route("projects:measures", "/projects/1/measures/", missing="/projects/987654/measures/", may=READING_1),
    "projects/<int:pk>/measures/choose/": Route(
        "projects:measure-choose", "/projects/1/measures/choose/", missing="/projects/987654/measures/choose/", may=TEAM_1,
        also=ONLY_READING_1,
    ),
    "projects/<int:pk>/measures/<int:counted>/": Route(
        "projects:measure-change", "/projects/1/measures/1/", missing="/projects/987654/measures/1/", may=TEAM_1, also=ONLY_READING_1
    ),
    "projects/<int:pk>/measures/<int:counted>/remove/": Route(
        "projects:measure-remove", "/projects/1/measures/3/remove/", missing="/projects/987654/measures/1/remove/", may=TEAM_1,
        also=ONLY_READING_1, status=302, post_only=True, page=False,
    ),
    "projects/<int:pk>/measures/<int:counted>/tally/": Route(
        "projects:tally", "/projects/1/measures/2/tally/", missing="/projects/987654/measures/1/tally/", may=TEAM_1, also=ONLY_READING_1
    ),
    "projects/<int:pk>/measures/<int:counted>/tally/chart/": Route(
        "projects:tally-chart", "/projects/1/measures/2/tally/chart/", missing="/projects/987654/measures/1/tally/chart/", may=TEAM_1,
        also=ONLY_READING_1, status=302, post_only=True, page=False,
    ),
    # -- part 5: programmes
    # The programme of the demonstration is the hospital's; Alex leads project 1, which Pat coaches, and Sam and Bo take part in.
    "projects/programmes/": Route("projects:programmes", "/projects/programmes/"),
    "projects/programmes/new/": Route("projects:programme-new", "/projects/programmes/new/", may=COACHING, otherwise=403),
    "projects/programmes/<int:pk>/": Route(
        "projects:programme", "/projects/programmes/1/", missing="/projects/programmes/999/", may=IN_PROGRAMME
    ),
    "projects/programmes/<int:pk>/sessions.ics": Route(
        "projects:programme-calendar", "/projects/programmes/1/sessions.ics", missing="/projects/programmes/999/sessions.ics",
        may=IN_PROGRAMME, page=False,
    ),
    "projects/programmes/<int:pk>/join/": Route(
        "projects:programme-join", "/projects/programmes/1/join/", may=(), status=404, post_only=True, page=False, nothing=True
    ),
    "projects/programmes/<int:pk>/measures/": Route(
        "projects:programme-measures", "/projects/programmes/1/measures/", missing="/projects/programmes/999/measures/",
        may=("demo-improver",), also=READING_PROGRAMME,
    ),
    "projects/programmes/<int:pk>/sessions/": Route(
        "projects:programme-sessions", "/projects/programmes/1/sessions/", missing="/projects/programmes/999/sessions/",
        may=("demo-improver",), also=READING_PROGRAMME,
    ),
    "projects/programmes/<int:pk>/sessions/<int:session>/": Route(
        "projects:programme-session", "/projects/programmes/1/sessions/1/", missing="/projects/programmes/999/sessions/1/",
        may=("demo-improver",), also=READING_PROGRAMME, status=302, post_only=True, page=False,
    ),
    "projects/programmes/<int:pk>/month/<slug:month>/": Route(
        "projects:programme-month", "/projects/programmes/1/month/2026-07/", missing="/projects/programmes/999/month/2026-07/", may=IN_PROGRAMME
    ),
    "projects/coaches/": Route("projects:coaches", "/projects/coaches/", may=SIGNED_IN, otherwise=403),
    "projects/coaches/mine/": Route("projects:coaching", "/projects/coaches/mine/", may=SIGNED_IN, otherwise=403),
    "projects/coaches/<int:pk>/end/": Route(
        "projects:coach-end", "/projects/coaches/1/end/", missing="/projects/coaches/999/end/", may=("demo-improver",),
        also=tuple((who, 403) for who in READS_COACHES), status=302, post_only=True, page=False,
    ),
    "projects/coaches/requests/<int:pk>/": Route(
        "projects:coach-propose", "/projects/coaches/requests/999/", may=(), otherwise=400, post_only=True, page=False, nothing=True
    ),
    "projects/<int:pk>/coach/": Route(
        "projects:team-coach", "/projects/1/coach/", missing="/projects/999/coach/", may=TEAM, also=READING_PROJECT
    ),
    "projects/<int:pk>/coach/ask/": Route(
        "projects:coach-ask", "/projects/1/coach/ask/", missing="/projects/999/coach/ask/", may=TEAM, also=READING_PROJECT, status=400,
        post_only=True, page=False,
    ),
    "projects/<int:pk>/coach/notes/<int:note>/": Route(
        "projects:coach-note", "/projects/1/coach/notes/1/", missing="/projects/999/coach/notes/1/", may=("demo-improver",),
        also=(*READING_PROJECT, *((who, 403) for who in TEAM if who != "demo-improver")), status=302, post_only=True, page=False,
    ),
    "projects/<int:pk>/month/": Route(
        "projects:month-end", "/projects/1/month/", missing="/projects/999/month/", may=TEAM, also=READING_PROJECT
    ),
    # Without a month in what is sent there is nothing to pull back, undo or answer: the month comes from the page.
    "projects/<int:pk>/month/pull-back/": Route(
        "projects:month-pull-back", "/projects/1/month/pull-back/", missing="/projects/999/month/pull-back/", may=(), post_only=True, page=False
    ),
    "projects/<int:pk>/month/undo/": Route(
        "projects:month-undo", "/projects/1/month/undo/", missing="/projects/999/month/undo/", may=(), post_only=True, page=False
    ),
    "projects/<int:pk>/month/answer/": Route(
        "projects:month-answer", "/projects/1/month/answer/", missing="/projects/999/month/answer/", may=(), post_only=True, page=False
    ),
    "projects/<int:pk>/talk/": Route("projects:talk", "/projects/1/talk/", missing="/projects/999/talk/", may=TEAM, also=READING_PROJECT),
    "projects/<int:pk>/talk/heard/": Route(
        "projects:talk-heard", "/projects/1/talk/heard/", missing="/projects/999/talk/heard/", may=TEAM, also=READING_PROJECT, status=302,
        post_only=True, page=False,
    ),
    "projects/<int:pk>/talk/<int:remark>/": Route(
        "projects:talk-remark", "/projects/1/talk/1/", missing="/projects/999/talk/1/", may=("demo-improver",),
        also=(*READING_PROJECT, *((who, 403) for who in TEAM if who != "demo-improver")), status=302, post_only=True, page=False,
    ),
    # -- part 5: partners
    # -- part 5: partners. Bo (demo-partner) takes part in project 1; money is answered by who leads or coaches it.
    "projects/check-words/": Route("projects:check-words", "/projects/check-words/", may=SIGNED_IN, otherwise=403, post_only=True, page=False),
    "projects/partner/": Route("projects:my-partner-page", "/projects/partner/", may=SIGNED_IN, otherwise=403),
    "projects/partner/<int:pk>/claim/": Route(
        "projects:partner-claim", "/projects/partner/1/claim/", missing="/projects/partner/999/claim/", may=PARTNER
    ),
    "projects/partner/<int:pk>/measure/": Route(
        "projects:partner-measure", "/projects/partner/1/measure/", missing="/projects/partner/999/measure/", may=PARTNER
    ),
    "projects/partner/<int:pk>/stop/": Route(
        "projects:partner-stop", "/projects/partner/1/stop/", missing="/projects/partner/999/stop/", may=PARTNER
    ),
    "projects/partner/claims/<int:pk>/take/": Route(
        "projects:partner-take", "/projects/partner/claims/999/take/", missing="/projects/partner/claims/998/take/", may=SIGNED_IN,
        status=404, post_only=True, page=False, nothing=True,
    ),
    "projects/<int:pk>/partner/": Route(
        "projects:partners", "/projects/1/partner/", missing="/projects/999/partner/", may=TEAM_1, also=ONLY_READING_1
    ),
    "projects/<int:pk>/partner/<int:account>/ask/": Route(
        "projects:partner-ask", f"/projects/1/partner/{BO}/ask/", missing="/projects/999/partner/11/ask/", may=LEADING_1, also=NOT_LEADING_1
    ),
    "projects/<int:pk>/partner/<int:account>/offer/": Route(
        "projects:partner-offer", f"/projects/1/partner/{BO}/offer/", missing="/projects/999/partner/11/offer/", may=LEADING_1,
        also=NOT_LEADING_1,
    ),
    "projects/<int:pk>/partner/<int:account>/because/": Route(
        "projects:partner-because", f"/projects/1/partner/{BO}/because/", missing="/projects/999/partner/11/because/", may=TEAM_1,
        also=ONLY_READING_1,
    ),
    "projects/<int:pk>/partner/because/<int:number>/undo/": Route(
        "projects:partner-because-undo", "/projects/1/partner/because/999/undo/", missing="/projects/999/partner/because/999/undo/",
        may=TEAM_1, also=ONLY_READING_1, status=404, post_only=True, page=False, nothing=True,
    ),
    "projects/<int:pk>/partner/claims/<int:number>/": Route(
        "projects:partner-answer", "/projects/1/partner/claims/2/", missing="/projects/999/partner/claims/2/", may=LEADING_1,
        also=NOT_LEADING_1,
    ),
    "projects/<int:pk>/partner/claims/<int:number>/back/": Route(
        "projects:partner-offer-back", "/projects/1/partner/claims/2/back/", missing="/projects/999/partner/claims/2/back/", may=LEADING_1,
        also=NOT_LEADING_1, status=302, post_only=True, page=False,
    ),
    # The review of the demonstration is Ward 7's, open to the hospital; Alex began it.
    "projects/reviews/": Route("projects:reviews", "/projects/reviews/"),
    "projects/reviews/new/": Route(
        "projects:review-new", "/projects/reviews/new/", may=(*PEOPLE, *ABOVE, *OFFICE, *ELSEWHERE), otherwise=403
    ),
    "projects/reviews/<int:pk>/": Route(
        "projects:review", "/projects/reviews/1/", missing="/projects/reviews/999/", may=(*PEOPLE, *OFFICE)
    ),
    "projects/reviews/<int:pk>/idea/": Route(
        "projects:review-idea", "/projects/reviews/1/idea/", missing="/projects/reviews/999/idea/", may=WARD_7, also=READING_REVIEW
    ),
    "projects/reviews/<int:pk>/state/": Route(
        "projects:review-state", "/projects/reviews/1/state/", missing="/projects/reviews/999/state/", may=WARD_7, also=READING_REVIEW,
        status=400, post_only=True, page=False,
    ),
    "projects/reviews/<int:pk>/<slug:key>/": Route(
        "projects:review-section", "/projects/reviews/1/what-we-learn/", missing="/projects/reviews/999/what-we-learn/", may=WARD_7,
        also=READING_REVIEW,
    ),
    "projects/reviews/<int:pk>/<slug:key>/undo/": Route(
        "projects:review-undo", "/projects/reviews/1/what-we-learn/undo/", missing="/projects/reviews/999/what-we-learn/undo/", may=WARD_7,
        also=READING_REVIEW, status=302, post_only=True, page=False,
    ),
    "projects/speaking-up/": Route("projects:speaking-up", "/projects/speaking-up/"),
    "projects/<int:pk>/measures/<int:counted>/figures/": Route(
        # the newest month of the demonstration is over at some time or other: then there is nothing to ask for but the page for one
        "projects:first-figures", "/projects/1/measures/1/figures/", missing="/projects/1/measures/987654/figures/",
        may=tuple(one for one in TEAM_1 if one != "demo-partner"), also=(*ONLY_READING_1, ("demo-partner", 403)),
    ),
    # -- part 5: team page. What ward 7 keeps for itself is its people's alone.
    "projects/teams/<str:code>/hindrances/": Route(
        "projects:team-hindrances", f"{TEAM_7}hindrances/", missing=f"{NO_TEAM}hindrances/", may=WARD_7, otherwise=403
    ),
    "projects/teams/<str:code>/hindrances/<int:number>/": Route(
        "projects:team-hindrance", f"{TEAM_7}hindrances/1/", missing=f"{NO_TEAM}hindrances/1/", may=WARD_7, otherwise=403
    ),
    "projects/teams/<str:code>/promises/": Route(
        "projects:team-promises", f"{TEAM_7}promises/", missing=f"{NO_TEAM}promises/", may=WARD_7, otherwise=403
    ),
    "projects/teams/<str:code>/promises/<int:number>/": Route(
        "projects:team-promise", f"{TEAM_7}promises/1/", missing=f"{NO_TEAM}promises/1/", may=WARD_7, otherwise=403
    ),
    "projects/teams/<str:code>/thanks/": Route(
        "projects:team-thanks", f"{TEAM_7}thanks/", missing=f"{NO_TEAM}thanks/", may=WARD_7, otherwise=403
    ),
    "projects/teams/<str:code>/earlier/": Route(
        "projects:team-earlier", f"{TEAM_7}earlier/", missing=f"{NO_TEAM}earlier/", may=WARD_7, otherwise=403
    ),
    "projects/teams/<str:code>/change/": Route(
        "projects:team-change", f"{TEAM_7}change/", missing=f"{NO_TEAM}change/", may=WARD_7, otherwise=403, status=400, post_only=True,
        page=False,
    ),
    # -- part 5: stories
    # -- part 5: portfolio. Who leads improvement at the hospital or above it; and the value of project 1.
    "projects/portfolio/": Route("projects:portfolio", "/projects/portfolio/?unit=DEMO-TRUST", missing="/projects/portfolio/?unit=NOSUCH",
                                 may=("demo-improver", "demo-system"), otherwise=403),
    "projects/portfolio/list/": Route(
        "projects:portfolio-list", "/projects/portfolio/list/?unit=DEMO-TRUST&standing=still",
        missing="/projects/portfolio/list/?unit=NOSUCH", may=("demo-improver", "demo-system"), otherwise=403,
    ),
    "projects/portfolio/projects.csv": Route(
        "projects:portfolio-csv", "/projects/portfolio/projects.csv?unit=DEMO-TRUST", missing="/projects/portfolio/projects.csv?unit=NOSUCH",
        may=("demo-improver", "demo-system"), otherwise=403, page=False,
    ),
    "projects/portfolio/measure/": Route(
        "projects:portfolio-measure", "/projects/portfolio/measure/?unit=DEMO-TRUST&measure=team-falls",
        missing="/projects/portfolio/measure/?unit=NOSUCH", may=("demo-improver", "demo-system"), otherwise=403,
    ),
    "projects/<int:pk>/value/": Route("projects:value", "/projects/1/value/", missing="/projects/987654/value/", may=READING_1),
    "projects/<int:pk>/value/new/": Route(
        "projects:value-new", "/projects/1/value/new/?kind=cost", missing="/projects/987654/value/new/?kind=cost", may=TEAM_1, also=ONLY_READING_1
    ),
    "projects/<int:pk>/value/undo/": Route(
        "projects:value-undo", "/projects/1/value/undo/", missing="/projects/987654/value/undo/", may=TEAM_1, also=ONLY_READING_1, status=302,
        post_only=True, page=False,
    ),
    "projects/<int:pk>/value/<int:number>/": Route(
        "projects:value-change", "/projects/1/value/1/", missing="/projects/1/value/987654/", may=TEAM_1, also=ONLY_READING_1
    ),
    "projects/<int:pk>/value/<int:number>/remove/": Route(
        "projects:value-remove", "/projects/1/value/1/remove/", missing="/projects/1/value/987654/remove/", may=TEAM_1, also=ONLY_READING_1,
        status=302, post_only=True, page=False,
    ),
    # -- part 5: stories. Story 1 is project 1's and public; project 1 came from nowhere else.
    "projects/stories/": Route("projects:stories", "/projects/stories/"),
    "projects/stories/<int:story>/": Route("projects:public-story", "/projects/stories/1/", missing="/projects/stories/999/"),
    "projects/stories/<int:story>/story.<slug:kind>": Route(
        "projects:public-story-file", "/projects/stories/1/story.pdf", missing="/projects/stories/1/story.doc", page=False
    ),
    "projects/stories/<int:story>/adopt/": Route(
        "projects:adopt", "/projects/stories/1/adopt/", missing="/projects/stories/999/adopt/", may=(*PEOPLE, *ABOVE, *OFFICE, *ELSEWHERE),
        otherwise=403,
    ),
    # Asked by everybody in turn, so of a story that is not there: the first one who may would take it from all others.
    "projects/stories/<int:story>/withdraw/": Route(
        "projects:public-story-withdraw", "/projects/stories/999/withdraw/", may=(), post_only=True, page=False, nothing=True
    ),
    "projects/<int:pk>/story/": Route("projects:story", "/projects/1/story/", missing="/projects/999/story/", may=READING_1),
    "projects/<int:pk>/story.<slug:kind>": Route(
        "projects:story-file", "/projects/1/story.pdf", missing="/projects/1/story.doc", may=READING_1, page=False
    ),
    "projects/<int:pk>/story/write/<slug:section>/": Route(
        "projects:story-write", "/projects/1/story/write/learned/", missing="/projects/999/story/write/learned/", may=TEAM, also=READING_PROJECT
    ),
    "projects/<int:pk>/story/voices/new/": Route(
        "projects:voice-new", "/projects/1/story/voices/new/", missing="/projects/999/story/voices/new/", may=TEAM, also=READING_PROJECT
    ),
    "projects/<int:pk>/story/voices/<int:number>/": Route(
        "projects:voice", "/projects/1/story/voices/1/", missing="/projects/999/story/voices/1/", may=TEAM, also=READING_PROJECT
    ),
    "projects/<int:pk>/story/voices/<int:number>/remove/": Route(
        "projects:voice-remove", "/projects/1/story/voices/999/remove/", missing="/projects/999/story/voices/1/remove/", may=TEAM,
        also=READING_PROJECT, status=404, post_only=True, page=False, nothing=True,
    ),
    "projects/<int:pk>/story/undo/": Route(
        "projects:story-undo", "/projects/1/story/undo/", missing="/projects/999/story/undo/", may=TEAM, also=READING_PROJECT, status=400,
        post_only=True, page=False,
    ),
    "projects/<int:pk>/story/public/": Route(
        "projects:story-publish", "/projects/1/story/public/", missing="/projects/999/story/public/", may=TEAM, also=READING_PROJECT
    ),
    "projects/<int:pk>/story/came-from/": Route(
        "projects:origin", "/projects/6/story/came-from/", missing="/projects/999/story/came-from/", may=ELSEWHERE
    ),
    # -- part 5: portfolio
    # -- insight: reports, snapshots, board. The report and the board page of the demonstration are the hospital's.
    "insight/": Route("insight:home", "/insight/"),
    "insight/reports/": Route("insight:reports", "/insight/reports/"),
    "insight/reports/<int:paper>/": Route(
        "insight:report", "/insight/reports/1/", missing="/insight/reports/999/", may=(*BOARD, *OFFICE)
    ),
    "insight/reports/<int:paper>/file.<slug:kind>": Route(
        "insight:report-file", "/insight/reports/1/file.pdf", missing="/insight/reports/1/file.doc", may=(*BOARD, *OFFICE), page=False
    ),
    "insight/board/<slug:code>/": Route("insight:board", "/insight/board/RJ1/", missing="/insight/board/NOSUCH/"),
    "insight/board/<slug:code>/edit/": Route(
        "insight:board-edit", "/insight/board/DEMO-TRUST/edit/", missing="/insight/board/NOSUCH/edit/", may=BOARD, otherwise=403
    ),
    "insight/board/<slug:code>/file.<slug:kind>": Route(
        "insight:board-file", "/insight/board/RJ1/file.pdf", missing="/insight/board/RJ1/file.doc", page=False
    ),
    "insight/papers/<int:paper>/change/": Route(
        "insight:change", "/insight/papers/1/change/", missing="/insight/papers/999/change/", may=REPORTING, also=REFUSED, status=400,
        post_only=True, page=False,
    ),
    "insight/papers/<int:paper>/undo/": Route(
        "insight:undo", "/insight/papers/1/undo/", missing="/insight/papers/999/undo/", may=REPORTING, also=REFUSED, status=400,
        post_only=True, page=False,
    ),
    "insight/papers/<int:paper>/put-away/": Route(
        "insight:put-away", "/insight/papers/2/put-away/", missing="/insight/papers/999/put-away/", may=BOARD, also=(*REFUSED, ("demo-people", 403)), status=302,
        post_only=True, page=False,
    ),
    "insight/papers/<int:paper>/freeze/": Route(
        "insight:freeze", "/insight/papers/1/freeze/", missing="/insight/papers/999/freeze/", may=REPORTING, also=REFUSED, status=302,
        post_only=True, page=False,
    ),
    "insight/papers/<int:paper>/frozen/<int:number>/": Route(
        "insight:frozen", "/insight/papers/1/frozen/1/", missing="/insight/papers/1/frozen/999/", may=REPORTING,
        page=False,  # the demonstration freezes nothing; tests/unit/insight does, and reads this page
    ),
    "insight/papers/<int:paper>/frozen/<int:number>/file.<slug:kind>": Route(
        "insight:frozen-file", "/insight/papers/1/frozen/1/file.pdf", missing="/insight/papers/1/frozen/1/file.doc", may=REPORTING,
        page=False,
    ),
    "insight/files/": Route("insight:packs", "/insight/files/", may=SIGNED_IN, otherwise=403),
    # Only who asked for files ever sees them, so nobody finds those of this address.
    "insight/files/<uuid:pk>/": Route(
        "insight:pack", "/insight/files/00000000-0000-4000-8000-000000000000/",
        missing="/insight/files/00000000-0000-4000-8000-000000000000/", may=(), page=False,
    ),
    "insight/files/<uuid:pk>/charts.zip": Route(
        "insight:pack-file", "/insight/files/00000000-0000-4000-8000-000000000000/charts.zip",
        missing="/insight/files/00000000-0000-4000-8000-000000000000/charts.zip", may=(), page=False,
    ),
    "imports/": Route("imports:start", "/imports/", may=SIGNED_IN, otherwise=403),
    "imports/<uuid:pk>/": Route("imports:file", f"/imports/{WITH_SLIPS}/", missing=f"/imports/{NO_FILE}/", may=("demo-analyst",), status=302, page=False),
    "imports/<uuid:pk>/table/": Route("imports:table", f"/imports/{WITH_SLIPS}/table/", missing=f"/imports/{NO_FILE}/table/", may=("demo-analyst",)),
    "imports/<uuid:pk>/columns/": Route("imports:columns", f"/imports/{TO_MAP}/columns/", missing=f"/imports/{NO_FILE}/columns/", may=("demo-analyst",)),
    "imports/<uuid:pk>/check/": Route("imports:check", f"/imports/{WITH_SLIPS}/check/", missing=f"/imports/{NO_FILE}/check/", may=("demo-analyst",)),
    "imports/<uuid:pk>/working/": Route(
        "imports:working", f"/imports/{WITH_SLIPS}/working/", missing=f"/imports/{NO_FILE}/working/", may=("demo-analyst",), status=302, page=False
    ),
    "imports/<uuid:pk>/done/": Route("imports:done", f"/imports/{TAKEN_BACK}/done/", missing=f"/imports/{NO_FILE}/done/", may=("demo-analyst",)),
    "imports/<uuid:pk>/problems.<str:ending>": Route(
        "imports:problems", f"/imports/{WITH_SLIPS}/problems.csv", missing=f"/imports/{NO_FILE}/problems.csv", may=("demo-analyst",), page=False
    ),
    "imports/<uuid:pk>/undo/": Route(
        "imports:undo", f"/imports/{TAKEN_BACK}/undo/", missing=f"/imports/{NO_FILE}/undo/", may=("demo-analyst",), status=302, post_only=True, page=False
    ),
    "imports/<uuid:pk>/forget/": Route(
        "imports:forget", f"/imports/{TO_FORGET}/forget/", missing=f"/imports/{NO_FILE}/forget/", may=("demo-analyst",), status=302, post_only=True, page=False
    ),
    # -- insight: reports, snapshots, board
    # -- the interface for programs
    "tokens/": Route("site:tokens", "/tokens/", may=SIGNED_IN, otherwise=403),
    "tokens/<int:pk>/stop/": Route(
        "site:stop-token", "/tokens/999999/stop/", missing="/tokens/x/stop/", may=SIGNED_IN, otherwise=403, status=404, post_only=True,
        page=False,
    ),
    "api/v1/openapi.json": Route("api:openapi", "/api/v1/openapi.json", page=False),
    "api/v1/docs": Route("api:docs", "/api/v1/docs"),
    "api/v1/units": Route("api:units", "/api/v1/units", missing="/api/v1/units?below=NOSUCH", page=False),
    "api/v1/units/<code>": Route("api:unit", "/api/v1/units/RJ1", missing="/api/v1/units/NOSUCH", page=False),
    "api/v1/measures": Route("api:measures", "/api/v1/measures", page=False),
    "api/v1/measures/<code>": Route("api:measure", "/api/v1/measures/ae-4-hours", missing="/api/v1/measures/nosuch", page=False),
    "api/v1/series": Route("api:series-list", "/api/v1/series", missing="/api/v1/series?unit=NOSUCH", page=False),
    "api/v1/series/<measure>/<unit>": Route(
        "api:series", "/api/v1/series/ae-4-hours/RJ1", missing="/api/v1/series/ae-4-hours/NOSUCH", page=False
    ),
    "api/v1/points": Route("api:points", "/api/v1/points?measure=ae-4-hours", missing="/api/v1/points?unit=NOSUCH", page=False),
    # Cookies count for nothing here: whoever is signed in on a page is a visitor to the interface, so each is refused alike.
    "api/v1/points/batches/<uuidstr:batch>/undo": Route(
        "api:undo-points", "/api/v1/points/batches/00000000-0000-4000-8000-000000000000/undo", missing="/api/v1/points/batches/x/undo",
        may=(), otherwise=401, post_only=True, page=False,
    ),
    "api/v1/<path:rest>": Route("api:nothing", "/api/v1/nosuch", missing="/api/v1/nosuch/either", may=(), page=False),
    # -- sharing and roll-ups
    "units/<str:code>/sharing/": Route(
        "site:sharing",
        "/units/DEMO-WARD-7/sharing/",
        missing="/units/NOSUCH/sharing/",
        may=(*PEOPLE, *OFFICE),
        otherwise=403,
    ),
    "framework/": Route("framework:whole", "/framework/"),
    "framework/<str:code>/": Route("framework:entry", "/framework/CAP1/", missing="/framework/NOSUCH/"),
    "brand.css": Route("ui:brand", "/brand.css", page=False),
    "admin-tools/components/": Route("ui:gallery", "/admin-tools/components/"),
    "sign-in/": Route("demo:sign-in", "/sign-in/"),
    # -- part 4: units
    # -- part 4: units. What was done and can be done to a ward is for the hospital's administrator.
    "units/<str:code>/history/": Route("organisations:history", "/units/RJ1/history/", missing="/units/NOSUCH/history/"),
    "units/<str:code>/change/": Route(
        "organisations:change", "/units/DEMO-WARD-7/change/", missing="/units/NOSUCH/change/", may=("demo-admin",), otherwise=403
    ),
    "units/<str:code>/change/undo/": Route(
        "organisations:change-undo", "/units/DEMO-WARD-7/change/undo/", missing="/units/NOSUCH/change/undo/", may=("demo-admin",),
        otherwise=403, status=302, post_only=True, page=False,
    ),
    "units/<str:code>/change/remove/": Route(
        "organisations:change-remove", "/units/DEMO-WARD-7/change/remove/", missing="/units/NOSUCH/change/remove/", may=("demo-admin",),
        otherwise=403,
    ),
    "units/<str:code>/change/<slug:what>/": Route(
        "organisations:change-act", "/units/DEMO-WARD-7/change/rename/", missing="/units/NOSUCH/change/rename/", may=("demo-admin",),
        otherwise=403,
    ),
    # -- part 4: people
    # -- part 4: people. Person 1 is Sam of ward 7: the person, and who keeps the records of the hospital, see the record.
    "units/<str:code>/people/": Route(
        "organisations:people", "/units/DEMO-WARD-7/people/", missing="/units/NOSUCH/people/", may=(*PEOPLE, *OFFICE), otherwise=403
    ),
    "units/<str:code>/people/add/": Route(
        "organisations:add-person", "/units/DEMO-WARD-7/people/add/", missing="/units/NOSUCH/people/add/", may=KEEPING, otherwise=403
    ),
    "people/<int:pk>/": Route("organisations:person", "/people/1/", missing="/people/987654/", may=("demo-nurse", *KEEPING)),
    "people/<int:pk>/change/": Route(
        "organisations:change-person", "/people/1/change/", missing="/people/987654/change/", may=KEEPING, also=(("demo-nurse", 403),)
    ),
    "people/<int:pk>/leave/": Route(
        "organisations:leave", "/people/1/leave/", missing="/people/987654/leave/", may=KEEPING, also=(("demo-nurse", 403),)
    ),
    "people/<int:pk>/undo/": Route(
        "organisations:undo-staff", "/people/1/undo/", missing="/people/987654/undo/", may=KEEPING, also=(("demo-nurse", 403),), status=400,
        post_only=True, page=False,
    ),
    "people/<int:pk>/posts/add/": Route(
        "organisations:add-post", "/people/1/posts/add/", missing="/people/987654/posts/add/", may=KEEPING, also=(("demo-nurse", 403),)
    ),
    "people/<int:pk>/posts/<int:post>/change/": Route(
        "organisations:change-post", "/people/1/posts/1/change/", missing="/people/987654/posts/1/change/", may=KEEPING, also=(("demo-nurse", 403),),
    ),
    "people/<int:pk>/posts/<int:post>/end/": Route(
        "organisations:end-post", "/people/1/posts/1/end/", missing="/people/987654/posts/1/end/", may=KEEPING, also=(("demo-nurse", 403),)
    ),
    # -- part 4: sign-on
    "sign-in/ways/": Route("account_login", "/sign-in/ways/"),
    "sign-in/email/": Route("site:sign-in-email", "/sign-in/email/"),
    "sign-in/passkey/": Route("site:sign-in-passkey", "/sign-in/passkey/"),
    "sign-in/pin/": Route("site:sign-in-pin", "/sign-in/pin/"),
    # Nobody waits for a code or owes a second step here, and no letter was sent; tests/unit/access tries the rest.
    "sign-in/code/": Route("account_confirm_login_code", "/sign-in/code/", status=302, page=False),
    "sign-in/second-step/": Route("mfa_authenticate", "/sign-in/second-step/", status=302, page=False),
    "sign-in/link/<str:token>/": Route("site:sign-in-link", "/sign-in/link/x/", missing="/sign-in/link/nosuch/", status=404, page=False),
    "sign-in/typed/": Route("site:typed", "/sign-in/typed/", may=SIGNED_IN, otherwise=403, status=302, page=False),
    "sign-in/with/<slug:provider_id>/": Route(
        "site:sign-in-with", "/sign-in/with/x/", missing="/sign-in/with/nosuch/", status=404, post_only=True, page=False
    ),
    "sign-in/with/<slug:provider_id>/back/": Route(
        "openid_connect_callback", "/sign-in/with/x/back/", missing="/sign-in/with/nosuch/back/", status=404, page=False
    ),
    "join/": Route("account_signup", "/join/"),
    "join/words/": Route("site:join-words", "/join/words/"),
    "join/welcome/": Route("site:join-welcome", "/join/welcome/", status=302, page=False),
    "join/organisation/": Route("site:join-ask", "/join/organisation/?q=DEMO-TRUST", may=SIGNED_IN, otherwise=403),
    "account/": Route("site:account", "/account/", may=SIGNED_IN, otherwise=403),
    "account/second-step/": Route("site:second-step", "/account/second-step/?why=role", may=SIGNED_IN, otherwise=403),
    "account/second-step/app/": Route("site:second-step-app", "/account/second-step/app/", may=SIGNED_IN, otherwise=403),
    "account/second-step/codes/": Route(
        "site:spare-codes", "/account/second-step/codes/", may=SIGNED_IN, otherwise=403, status=302, page=False
    ),
    "account/passkeys/add/": Route("site:add-passkey", "/account/passkeys/add/", may=SIGNED_IN, otherwise=403),
    "account/keys/<int:pk>/": Route(
        "site:change-key", "/account/keys/7/", may=SIGNED_IN, otherwise=403, status=404, post_only=True, page=False, nothing=True
    ),
    "account/pin/": Route("site:pin", "/account/pin/", may=SIGNED_IN, otherwise=403),
    "account/sessions/end/": Route(
        "site:end-sessions", "/account/sessions/end/", may=SIGNED_IN, otherwise=403, status=302, post_only=True, page=False
    ),
    "account/sessions/<int:pk>/end/": Route(
        "site:end-session", "/account/sessions/7/end/", may=SIGNED_IN, otherwise=403, status=404, post_only=True, page=False, nothing=True
    ),
    "admin-tools/locked/": Route("site:locked", "/admin-tools/locked/", may=("demo-admin", "demo-people"), otherwise=403),
    "admin-tools/joining/": Route("site:joining", "/admin-tools/joining/", may=(*INVITING, "demo-system", "demo-care"), otherwise=403),
    "admin-tools/joining/<int:pk>/": Route(
        "site:joining-answer", "/admin-tools/joining/7/", may=(*INVITING, "demo-system", "demo-care"), otherwise=403, status=404, page=False,
        nothing=True,
    ),
    "units/<str:code>/invitations/": Route(
        "site:invitations", "/units/DEMO-WARD-7/invitations/", missing="/units/NOSUCH/invitations/", may=INVITING, otherwise=403
    ),
    "units/<str:code>/invitations/<int:pk>/stop/": Route(
        "site:stop-invitation", "/units/DEMO-WARD-7/invitations/7/stop/", missing="/units/NOSUCH/invitations/7/stop/", may=INVITING,
        otherwise=403, status=404, post_only=True, page=False,
    ),
    # -- part 4: roles
    "admin-tools/": Route("site:admin-tools", "/admin-tools/"),
    "admin-tools/roles/": Route("organisations:roles", "/admin-tools/roles/"),
    "units/<str:code>/access/": Route(
        "organisations:access", "/units/DEMO-WARD-7/access/", missing="/units/NOSUCH/access/", may=(*PEOPLE, *OFFICE), otherwise=403
    ),
    # -- part 4: scim
    # A staff system brings its token; without one nobody is answered, whoever has signed in. Tried in tests/unit/scim.
    "scim/v2/": Route("organisations:scim-root", "/scim/v2/", may=(), otherwise=401, page=False),
    "scim/v2/<path:path>": Route("organisations:scim", "/scim/v2/Users", may=(), otherwise=401, page=False, nothing=True),
    "admin-tools/connections/": Route("organisations:connections", "/admin-tools/connections/", may=("demo-admin",), otherwise=403),
    "admin-tools/connections/<int:pk>/stop/": Route(
        "organisations:connection-stop",
        "/admin-tools/connections/1/stop/",
        may=(),
        otherwise=403,
        also=(("demo-admin", 404),),
        post_only=True,
        page=False,
        nothing=True,
    ),
    "admin-tools/connections/groups/<uuid:pk>/": Route(
        "organisations:connection-group",
        "/admin-tools/connections/groups/00000000-0000-0000-0000-000000000007/",
        may=(),
        otherwise=404,
        page=False,
        nothing=True,
    ),
    "drafts/": Route("site:drafts", "/drafts/?place=/x/", may=SIGNED_IN, otherwise=403, page=False),
    "account/drafts/": Route("site:my-drafts", "/account/drafts/", may=SIGNED_IN, otherwise=403),
    # -- part 4: audit
    "admin-tools/audit/": Route("site:audit", "/admin-tools/audit/", may=AUDITING, otherwise=403),
    "admin-tools/audit/events.csv": Route("site:audit-csv", "/admin-tools/audit/events.csv", may=AUDITING, otherwise=403, page=False),
    "admin-tools/audit/head.json": Route("site:audit-head", "/admin-tools/audit/head.json", may=AUDITING, otherwise=403, page=False),
    "admin-tools/audit/verify/": Route("site:audit-verify", "/admin-tools/audit/verify/", may=AUDITING, otherwise=403),
    "admin-tools/emergency/": Route("site:emergency", "/admin-tools/emergency/", may=AUDITING, otherwise=403),
    "account/who-looked/": Route("site:who-looked", "/account/who-looked/", may=SIGNED_IN, otherwise=403),
    # -- part 4: home
    "search/suggest/": Route("site:suggest", "/search/suggest/?q=leeds", page=False),
    "account/letters/": Route("site:letters", "/account/letters/", may=SIGNED_IN, otherwise=403),
    # Nobody of the demonstration has had a letter; tests/unit/site tries the rest.
    "account/letters/<int:pk>/again/": Route(
        "site:write-again", "/account/letters/7/again/", may=SIGNED_IN, otherwise=403, status=404, post_only=True, page=False, nothing=True
    ),
    # Whoever holds the link: a letter is read where nobody has signed in. Account 0 is nobody's.
    "account/letters/stop/<str:mark>/": Route("site:stop-letters", STOP_ADDRESS, missing="/account/letters/stop/nosuch/"),
    # -- part 4: rights
    "account/my-data/": Route("site:my-data", "/account/my-data/", may=SIGNED_IN, otherwise=403),
    "account/my-data/choices/": Route("site:choices", "/account/my-data/choices/", may=SIGNED_IN, otherwise=403),
    "account/my-data/<uuid:pk>/": Route(
        "site:data-request", f"/account/my-data/{NO_FILE}/", may=(), page=False, nothing=True, also=((VISITOR, 403),)
    ),
    "account/my-data/<uuid:pk>/copy.zip": Route(
        "site:data-file", f"/account/my-data/{NO_FILE}/copy.zip", may=(), page=False, nothing=True, also=((VISITOR, 403),)
    ),
    "admin-tools/data-requests/": Route("site:data-requests", "/admin-tools/data-requests/", may=("demo-admin", "demo-people"), otherwise=403),
    "admin-tools/retention/": Route("site:retention", "/admin-tools/retention/", may=("demo-admin", "demo-auditor"), otherwise=403),
    "about/privacy/": Route("site:privacy", "/about/privacy/"),
    "about/trust/": Route("site:trust", "/about/trust/"),
    "complaints/": Route("site:complaints", "/complaints/"),
    "complaints/receipt/": Route("site:receipt", "/complaints/receipt/"),
    "admin-tools/complaints/": Route("site:complaints-to-answer", "/admin-tools/complaints/", may=("demo-admin",), otherwise=403),
    "admin-tools/complaints/<uuid:pk>/": Route(
        "site:complaint", f"/admin-tools/complaints/{NO_FILE}/", may=(), otherwise=403, page=False, nothing=True, also=(("demo-admin", 404),)
    ),
    # -- part 4: leaving
    # Last: whoever asks this is signed out, and would open the rest as a visitor.
    "sign-out/": Route("demo:sign-out", "/sign-out/", status=302, post_only=True, page=False),
    "admin-tools/leaving/": Route("site:leaving", "/admin-tools/leaving/", may=("demo-admin",), otherwise=403),
}

# Answered before the address list, by config.middleware.Health and WhiteNoise.
BESIDE = ("/livez", "/readyz", "/static/")

# Other states of the pages above that a reader can reach: each is read for its words, weighed, and its questions to the
# database counted. A wall may weigh more (it holds up to 200 charts).
STATES = (
    # -- part 5: stories
    "/projects/stories/?q=night", "/projects/stories/?q=zzz",
    # -- part 5: diagrams
    "/projects/diagrams/?q=falls", "/projects/diagrams/?q=zzz", "/projects/diagrams/sepsis/",
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
    "/measures/ae-4-hours/RJ1/rules/", "/measures/team-joy/DEMO-WARD-7/rules/", "/measures/ae-4-hours/ENG/rules/",
    "/insight/?q=leeds", "/insight/reports/?measure=ae-4-hours&place=RJ1", "/insight/board/ENG/", "/insight/board/DEMO-WARD-7/",
    # -- measures: walls, lists, alerts
    "/measures/ae-4-hours/?signal=sure", "/measures/ae-4-hours/funnel/?months=12&kind=trust&sort=size", "/measures/ae-4-hours/funnel/?unit=RJ1",
    "/measures/staff-sickness-absence/funnel/", "/measures/team-falls/funnel/?unit=DEMO-TRUST", "/measures/changes/?unit=DEMO-TRUST&since=2019-01-01",
    "/measures/late/", "/measures/late/?unit=RJ1", "/measures/quality/?unit=DEMO-TRUST", "/measures/quality/?unit=Y62&measure=ae-attendances",
    "/framework/C5/", "/framework/A9/", "/framework/M3/", "/admin-tools/components/?state=problems",
    # -- part 4: units
    "/units/ENG/history/?on-day=1&on-month=4&on-year=2019", "/units/DEMO-WARD-7/history/", "/units/RW6/history/?on-day=1&on-month=4&on-year=2019",
    # -- part 4: people
    # -- part 4: sign-on
    "/sign-in/?why=idle&next=/measures/", "/sign-in/ways/?why=again", "/join/?next=/measures/",
    # -- part 4: roles
    # -- part 4: scim
    # -- part 4: audit
    # -- part 4: home
    "/search/?q=falls&kind=unit", "/search/?q=patients+falling", "/search/?q=hygeine", "/search/?q=CAP1",
    # -- part 4: rights
    # -- part 4: leaving
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
        # -- part 5: diagrams
        "/projects/1/diagram/?box=2", "/projects/1/diagram/?box=4", "/projects/1/diagram/?box=4&add=after", "/projects/1/diagram/?view=print",
        "/projects/1/diagram/2/?box=16", "/projects/diagrams/falls/?project=1",
        # -- part 5: core
        "/projects/?which=still", "/projects/?q=nosuch", "/projects/2/", "/projects/2/aim/", "/projects/1/team/?q=a", "/projects/2/progress/", "/projects/1/places/?q=ward",
        # -- part 5: portfolio
        "/projects/1/value/", "/projects/1/value/new/?kind=rate", "/projects/1/value/1/",
        # -- part 5: cycles
        "/projects/1/tests/5/", "/projects/1/tests/new/?follows=5", "/projects/1/measures/?among=200",
        "/measures/team-falls/DEMO-WARD-7/enter/?month=2018-01", "/measures/team-falls/DEMO-WARD-7/",
        # -- part 5: ideas
        IDEA, "/projects/ideas/?state=new", "/projects/ideas/?q=zzzz",
        # -- part 5: team page
        "/units/DEMO-WARD-7/", "/units/DEMO-WARD-7/?kept=hindrance-2-1", f"{TEAM_7}hindrances/3/", f"{TEAM_7}promises/2/", f"{TEAM_7}earlier/",
        # -- measures: definitions, splits
        "/measures/new/", "/measures/library/?unit=DEMO-WARD-7", "/measures/falls-with-harm/definition/?unit=DEMO-WARD-7",
        "/measures/team-falls/definition/?unit=DEMO-WARD-7", "/measures/?unit=DEMO-WARD-7",
        "/measures/team-missed-appointments/DEMO-WARD-7/split/sex/", "/measures/team-missed-appointments/DEMO-WARD-7/enter/?group=sex:female",
        # -- measures: phases, notes, looking at one chart
        "/measures/team-hand-hygiene/DEMO-WARD-7/", "/measures/team-hand-hygiene/DEMO-WARD-7/?marks=public",
        "/measures/team-medicine-errors/DEMO-WARD-7/", "/measures/team-medicine-errors/DEMO-WARD-7/marks/",
        "/measures/team-falls/DEMO-WARD-7/marks/new/", "/measures/team-falls/DEMO-WARD-7/marks/new/?kind=freeze",
        "/measures/team-falls/DEMO-WARD-7/marks/new/?kind=exclude", "/measures/team-hand-hygiene/DEMO-WARD-7/rules/",
        # -- measures: walls, lists, alerts
        "/measures/late/?unit=DEMO-WARD-7", "/measures/changes/?unit=DEMO-WARD-7", "/units/DEMO-NURSES/",
        "/measures/views/save/?measure=ae-4-hours&unit=Y62&signal=sure&order=attention", "/measures/following/letter/?how_often=daily",
        # -- measures: files out
        # -- the room imports
        # -- insight: reports, snapshots, board
        # -- the interface for programs
        "/tokens/",
        # -- sharing and roll-ups
        "/measures/team-speaking-up/DEMO-WARD-7/", "/measures/team-speaking-up/DEMO-TRUST/",
        "/measures/team-speaking-up/?unit=DEMO-TRUST",
        # -- part 5: programmes
        "/projects/1/talk/?about=month:2026-07", "/projects/1/talk/?change=1", "/projects/programmes/1/",
        # -- part 5: partners
        "/projects/1/partner/", "/projects/reviews/", "/projects/speaking-up/", "/projects/partner/",
        # -- part 5: stories
        "/projects/1/story/", "/projects/1/story/public/", "/projects/stories/1/",
    ),
    "demo-care": (
        "/units/DEMO-CARE/",
        # -- part 5: stories
        "/projects/6/", "/projects/6/story/", "/projects/stories/1/adopt/?change=1",
    ),
    "demo-partner": (
        # -- part 5: partners
        "/projects/1/", "/projects/partner/1/claim/?kind=payment",
    ),
    "demo-analyst": (
        "/insight/reports/?measure=team-falls&place=DEMO-WARD-7", "/insight/board/DEMO-TRUST/", "/insight/files/?place=DEMO-TRUST",
    ),
    "demo-improver": (
        # -- part 5: programmes
        "/projects/programmes/1/", "/projects/coaches/", "/projects/coaches/mine/", "/projects/1/month/",
        # -- part 5: portfolio
        "/projects/portfolio/", "/projects/portfolio/list/?gap=none", "/projects/portfolio/list/?standing=stopped",
        "/projects/portfolio/measure/",
        "/units/DEMO-WARD-12/sharing/", "/units/DEMO-TRUST/sharing/",
    ),
    "demo-system": ("/units/DEMO/", "/projects/portfolio/"),
    "demo-admin": (
        # -- part 4: units
        "/units/DEMO-WARD-7/change/add/", "/units/DEMO-WARD-7/change/move/", "/units/DEMO-WARD-7/change/merge/",
        "/units/DEMO-WARD-7/change/split/", "/units/DEMO-WARD-7/change/close/", "/units/DEMO-TRUST/change/", "/units/DEMO-WARD-7/",
        # -- part 4: people
        # -- part 4: sign-on
        "/account/", "/join/organisation/?q=nosuchplace", "/admin-tools/joining/", "/units/DEMO-TRUST/invitations/",
        # -- part 4: roles
        "/units/DEMO-TRUST/access/", "/units/DEMO-WARD-7/access/?who=sam", "/units/DEMO-TRUST/access/?who=nobody", "/admin-tools/",
        # -- part 4: scim
        "/admin-tools/connections/", "/account/drafts/",
        # -- part 4: audit
        "/admin-tools/audit/?when=30&did=add", "/admin-tools/audit/?who=zzz", "/admin-tools/audit/?day=nosuch", "/admin-tools/emergency/",
        # -- part 4: home
        # -- part 4: rights
        # -- part 4: leaving
        "/admin-tools/leaving/",
    ),
    "demo-people": (
        # -- part 4: units
        # -- part 4: people
        "/units/DEMO-TRUST/people/", "/units/DEMO-WARD-12/people/", "/units/DEMO-WARD-7/people/?q=sam", "/units/DEMO-WARD-7/people/?q=zzz",
        "/units/DEMO-WARD-7/people/?on-day=1&on-month=1&on-year=1999", "/people/1/?by=keeper", "/imports/?for=staff",
        # -- part 4: sign-on
        # -- part 4: roles
        # -- part 4: scim
        # -- part 4: audit
        # -- part 4: home
        # -- part 4: rights
        # -- part 4: leaving
    ),
    "demo-auditor": (
        # -- part 4: units
        # -- part 4: people
        # -- part 4: sign-on
        # -- part 4: roles
        # -- part 4: scim
        # -- part 4: audit
        "/admin-tools/audit/?seal=waiting&thing=DEMO-WARD-7", "/admin-tools/audit/verify/", "/account/who-looked/",
        # -- part 4: home
        # -- part 4: rights
        # -- part 4: leaving
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
