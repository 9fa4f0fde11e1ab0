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
AUDITING = ("demo-admin", "demo-auditor")  # who reads what was done at the hospital
KEEPING = ("demo-people", "demo-admin")  # who keeps the hospital's staff records
EVERYBODY = (VISITOR, *SIGNED_IN)


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
        "/measures/team-falls/DEMO-WARD-7/enter/?month=2018-01", "/measures/team-falls/DEMO-WARD-7/",
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
    ),
    "demo-analyst": (
        "/insight/reports/?measure=team-falls&place=DEMO-WARD-7", "/insight/board/DEMO-TRUST/", "/insight/files/?place=DEMO-TRUST",
    ),
    "demo-improver": ("/units/DEMO-WARD-12/sharing/", "/units/DEMO-TRUST/sharing/"),
    "demo-system": ("/units/DEMO/",),
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
