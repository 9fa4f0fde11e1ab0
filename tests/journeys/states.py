"""Every page in every state it can be in: what has to work for everybody, on any screen."""

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
    # -- measures: phases, notes, looking at one chart
    # -- measures: walls, lists, alerts
    # -- measures: files out
    # -- the room imports
    # -- insight: reports, snapshots, board
    # -- the interface for programs
    # -- sharing and roll-ups
    "what a ward shares": ("/units/DEMO-WARD-7/sharing/", 200, "Alex"),
    "a stored sum": ("/measures/team-speaking-up/DEMO-TRUST/", 200, "Alex"),
    "all parts": (GALLERY, 200),
    "all parts, with problems": (f"{GALLERY}?state=problems", 422),
    "all parts, first day": (f"{GALLERY}?state=empty", 200),
}
