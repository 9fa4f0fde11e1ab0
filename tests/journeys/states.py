"""Every page in every state it can be in: what has to work for everybody, on any screen."""

from tests.contracts.routes import TAKEN_BACK, TO_MAP, WITH_SLIPS

WALL = "/measures/ae-4-hours/"
GALLERY = "/admin-tools/components/"

# name -> (address, status), and who opens it where a visitor may not
STATES = {
    "front door": ("/", 200),
    "all charts of England": ("/measures/", 200),
    "all charts of a trust": ("/measures/?unit=RR8", 200),
    "many charts by region": (f"{WALL}?unit=ENG&page=2", 200),
    "many charts, what needs a look first": (f"{WALL}?unit=Y63&order=attention", 200),
    "many charts, filtered": (f"{WALL}?unit=ENG&region=Y60&signal=concerning", 200),
    "many charts, nothing matches": (f"{WALL}?unit=ENG&region=Y56&signal=low", 200),
    "many charts as a table": (f"{WALL}?unit=Y56&view=table", 200),
    "many charts, compared with the year before": (f"{WALL}?unit=Y56&compare=year-before", 200),
    "many charts of systems": (f"{WALL}?unit=ENG&level=system&region=Y63", 200),
    "many charts, a measure nobody has": ("/measures/team-joy/?unit=ENG", 200),
    "a chart that stands out, added up": (f"{WALL}ENG/", 200),
    "a chart as usual": (f"{WALL}RR8/", 200),
    "a chart of a closed trust": (f"{WALL}RQQ/", 200),
    "a chart compared with the year before": (f"{WALL}RR8/?compare=year-before", 200),
    "a chart with other rules": (f"{WALL}RR8/?rules=anhoej", 200),
    "a chart with all months": ("/measures/staff-sickness-absence/RR8/?months=all", 200),
    "a chart whose limits move": ("/measures/team-hand-hygiene/DEMO-WARD-7/", 200),
    "a run chart": ("/measures/team-joy/DEMO-WARD-7/", 200),
    "a nation": ("/units/ENG/", 200),
    "a region": ("/units/Y63/", 200),
    "a system": ("/units/QWO/", 200),
    "a trust": ("/units/RR8/", 200),
    "a trust that closed": ("/units/RQ8/", 200),
    "a GP network": ("/units/U31269/", 200),
    "a GP practice without charts": ("/units/B86012/", 200),
    "a ward": ("/units/DEMO-WARD-7/", 200),
    "search, before anything is asked": ("/search/", 200),
    "search with results": ("/search/?q=leeds", 200),
    "search with near matches": ("/search/?q=RR8X", 200),
    "search that finds nothing": ("/search/?q=zzzzqqq", 200),
    "help": ("/help/", 200),
    "a help page": ("/help/chance/", 200),
    "accessibility statement": ("/help/accessibility/", 200),
    "the framework": ("/framework/", 200),
    "signing in": ("/sign-in/", 200),
    "an error with near matches": ("/measures/ae-4-hour/", 404),
    "an error without": ("/nothing/here/", 404),
    "a month that is none": (f"{WALL}?until=2018-13", 404),
    "a month's figure, to be typed": ("/measures/team-falls/DEMO-WARD-7/enter/?month=2018-02", 200, "Alex"),
    "a block, to be pasted": ("/measures/team-falls/DEMO-WARD-7/paste/", 200, "Alex"),
    # -- measures: definitions, splits
    "a new measure": ("/measures/new/", 200, "Alex"),
    "measures to choose from": ("/measures/library/?unit=DEMO-WARD-7", 200, "Alex"),
    "what a measure measures": ("/measures/falls-per-1000-bed-days/definition/?unit=DEMO-WARD-7", 200, "Alex"),
    "groups and the gap between them": ("/measures/team-missed-appointments/DEMO-TRUST/split/deprivation/", 200),
    "a split without figures": ("/measures/team-missed-appointments/DEMO-TRUST/split/sex/", 200),
    "a group's figure, to be typed": ("/measures/team-missed-appointments/DEMO-WARD-7/enter/?group=sex:female", 200, "Alex"),
    # -- measures: phases, notes, looking at one chart
    "a chart with a new baseline": ("/measures/team-hand-hygiene/DEMO-WARD-7/", 200, "Alex"),
    "a chart with notes": ("/measures/team-falls/DEMO-WARD-7/", 200, "Alex"),
    "a chart that has settled at a new level": ("/measures/team-medicine-errors/DEMO-WARD-7/", 200, "Alex"),
    "notes and baselines of a chart": ("/measures/team-falls/DEMO-WARD-7/marks/", 200, "Alex"),
    "a note, to be written": ("/measures/team-falls/DEMO-WARD-7/marks/new/", 200, "Alex"),
    "a new baseline, to be looked at": ("/measures/team-falls/DEMO-WARD-7/marks/new/?kind=rebase", 200, "Alex"),
    "a baseline, to be frozen": ("/measures/team-falls/DEMO-WARD-7/marks/new/?kind=freeze", 200, "Alex"),
    "a note, to be changed": ("/measures/team-falls/DEMO-WARD-7/marks/6f1d8a0e-0000-4000-8000-000000000003/", 200, "Alex"),
    "rules side by side": ("/measures/team-falls/DEMO-WARD-7/rules/", 200),
    "who changed which figure": ("/measures/team-falls/DEMO-WARD-7/history/", 200, "Alex"),
    # -- measures: walls, lists, alerts
    "many charts, only the surest signs": (f"{WALL}?unit=ENG&signal=sure", 200),
    "many charts, to be kept": (f"{WALL}?unit=Y63", 200, "Alex"),
    "places compared by size": (f"{WALL}funnel/?unit=ENG&kind=trust", 200),
    "places that cannot be compared": ("/measures/staff-sickness-absence/funnel/", 200),
    "what changed": ("/measures/changes/?unit=DEMO-TRUST", 200, "Alex"),
    "late and missing": ("/measures/late/?unit=DEMO-TRUST", 200, "Alex"),
    "late and missing in England": ("/measures/late/", 200),
    "how good figures are": ("/measures/quality/?unit=DEMO-TRUST", 200),
    "nothing followed yet": ("/measures/following/", 200, "Kim"),
    "a letter with nothing in it": ("/measures/following/letter/", 200, "Kim"),
    "nothing saved yet": ("/measures/views/", 200, "Kim"),
    "a page to be saved": ("/measures/views/save/?measure=ae-4-hours&unit=Y63&signal=sure", 200, "Alex"),
    "a link from a letter that is not whole": ("/measures/following/stop/nosuch/", 404),
    # -- measures: files out
    # -- the room imports
    "a file, to be given": ("/imports/", 200, "Kim"),
    "a file's table": (f"/imports/{WITH_SLIPS}/table/", 200, "Kim"),
    "a file's columns": (f"/imports/{TO_MAP}/columns/", 200, "Kim"),
    "a file with two slips": (f"/imports/{WITH_SLIPS}/check/", 200, "Kim"),
    "a file taken back": (f"/imports/{TAKEN_BACK}/done/", 200, "Kim"),
    # -- insight: reports, snapshots, board
    "for the board": ("/insight/", 200),
    "reports, before signing in": ("/insight/reports/", 200),
    "reports, with a chart to add": ("/insight/reports/?measure=team-falls&place=DEMO-WARD-7", 200, "Kim"),
    "a report, by its author": ("/insight/reports/1/", 200, "Kim"),
    "a board page of open figures": ("/insight/board/ENG/", 200),
    "a board page": ("/insight/board/DEMO-TRUST/", 200, "Kim"),
    "a board page, to be changed": ("/insight/board/DEMO-TRUST/edit/", 200, "Kim"),
    "many charts as files": ("/insight/files/?place=DEMO-TRUST", 200, "Kim"),
    # -- the interface for programs
    "tokens, before the first": ("/tokens/", 200, "Alex"),
    "what programs may ask": ("/api/v1/docs", 200),
    # -- sharing and roll-ups
    "what a ward shares": ("/units/DEMO-WARD-7/sharing/", 200, "Alex"),
    "a stored sum": ("/measures/team-speaking-up/DEMO-TRUST/", 200, "Alex"),
    # -- part 4: units
    # -- part 4: people
    "who works on a ward": ("/units/DEMO-WARD-7/people/", 200, "Alex"),
    "who works at a hospital": ("/units/DEMO-TRUST/people/", 200, "Jude"),
    "who worked there on another day": ("/units/DEMO-WARD-7/people/?on-day=1&on-month=1&on-year=1999", 200, "Jude"),
    "nobody of that name": ("/units/DEMO-WARD-7/people/?q=zzz", 200, "Jude"),
    "a staff record": ("/people/1/", 200, "Jude"),
    "one's own record": ("/people/1/", 200, "Sam"),
    "a person, to be added": ("/units/DEMO-WARD-7/people/add/", 200, "Jude"),
    "a name, to be put right": ("/people/1/change/", 200, "Jude"),
    "a post, to be added": ("/people/1/posts/add/", 200, "Jude"),
    "a post, to be changed": ("/people/1/posts/1/change/", 200, "Jude"),
    "a post, to be ended": ("/people/1/posts/1/end/", 200, "Jude"),
    "somebody who leaves": ("/people/1/leave/", 200, "Jude"),
    # -- part 4: sign-on
    # -- part 4: roles
    "who may do what": ("/admin-tools/roles/", 200),
    "access at a ward": ("/units/DEMO-WARD-7/access/", 200, "Sam"),
    "access, a role to give": ("/units/DEMO-WARD-7/access/?who=sam", 200, "Ash"),
    "admin tools": ("/admin-tools/", 200, "Ash"),
    # -- part 4: scim
    # -- part 4: audit
    # -- part 4: home
    # -- part 4: rights
    # -- part 4: leaving
    "all parts": (GALLERY, 200),
    "all parts, with problems": (f"{GALLERY}?state=problems", 422),
    "all parts, first day": (f"{GALLERY}?state=empty", 200),
}
