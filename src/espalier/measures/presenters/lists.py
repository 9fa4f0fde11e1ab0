"""From codes and numbers to the words of the lists: what changed, what is late, how good figures are, and the funnel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.access.roles import all_roles
from espalier.measures.presenters import LEANS, written
from espalier.ui.filters import address, and_list, number, percent, period, plural, span
from espalier.ui.signs import VARIATION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from espalier.measures.queries import Changed, Changes, FunnelPage, FunnelPlace, Late, LatePage, Quality, QualityPage, Wall
    from espalier.organisations.queries import Colleague

Columns = list[dict[str, object]]
MOST_LEAN = 0.8  # up to here the tables behind "the surest signs" reach


def about(count: float) -> str:
    """Say an expected count as people do.

    >>> about(0.4), about(0.96), about(12.4)
    ('fewer than 1', 'about 1', 'about 12')
    """
    return "fewer than 1" if round(count) < 1 else f"about {number(round(count))}"


# ---------------------------------------------------------------- the surest signs of many charts
def surest(wall: Wall) -> tuple[str, ...]:
    """Say which signs are still believable when all charts are read together, and how far that can be trusted."""
    flagged = sum(wall.counts.get(code, 0) for code in ("concerning", "improving", "high", "low"))
    if not wall.judged or (not wall.sure and not flagged):
        return ()
    if not wall.sure:
        return ("Read all together, none of these signs is strong enough to rule out chance.", _lean(wall.lean))
    if wall.sure == 1:
        first = "It is worth the first look. Of ten signs picked like this, about 1 is expected to be chance."
    else:
        rest = "they are" if round(wall.sure_chance) < 1 else "the others are"
        first = f"Of these {number(wall.sure)} {about(wall.sure_chance)} is expected to be chance: {rest} worth the first look."
    return (first, _lean(wall.lean))


def _lean(lean: float) -> str:
    if lean < LEANS:
        return "This takes each month as not tied to the month before."
    words = f"This takes into account that these months are close to the month before (correlation {number(lean, 1)})."
    if lean >= MOST_LEAN - 0.005:
        return f"{words} It may be more than that: then even this list is too long. Seasons are not taken out."
    return f"{words} A chart that follows the month before more closely than most is still picked too easily."


# ---------------------------------------------------------------- funnel
WHY_NOT = {
    "no-counts": "This needs a count out of a count for each place. For this one we have only figures as published, or scores or counts "
    "with nothing to compare them with.",
    "no-figures": "Nobody here has reported this yet.",
    "too-few": "Fewer than four places have figures for this choice, so there is nothing to compare.",
}
SORTS = (("far", "Furthest out first"), ("name", "A to Z"), ("value", "Lowest first"), ("size", "Largest first"))
_HAIR = 1e-9  # so close to the end of the scale that only rounding lies between
_SPANS = ((1, "one {}"), (3, "three {}s together"), (12, "twelve {}s together"))


def funnel_spans(page: FunnelPage) -> list[tuple[int, str]]:
    """Return how many periods can be put together."""
    return [(count, words.format(page.definition.frequency)) for count, words in _SPANS]


def funnel_sorts(sort: str, path: str, asked: object) -> list[dict[str, object]]:
    """Return the orders of the table as tabs."""
    return [
        {"text": words, "href": f"{address(path, asked, sort=None if code == 'far' else code)}#places", "current": sort == code}
        for code, words in SORTS
    ]


def funnel_period(page: FunnelPage) -> str:
    """Name the months compared."""
    return span(page.since, page.until, page.definition.frequency) if page.since and page.until else "–"


def funnel_words(page: FunnelPage) -> list[str]:
    """Say where the lines are and why, then who stands out beyond them, then what else lies near them.

    In that order, because lines that were set wider already hold what places differ by as a rule: a sentence that no place
    differs by more than its size explains would then be untrue.
    """
    out = [one for one in page.places if abs(one.beyond) == 2]
    ended = [one for one in page.places if _ended(page, one)]
    between = [one for one in page.places if abs(one.beyond) == 1 and not _ended(page, one)]
    words = []
    if page.adjusted:
        words.append(
            "Places differ here by more than their size explains, for reasons that need not be how well they work. "
            "So the lines are set wider, by how much places differ from each other as a rule."
        )
    words.append(_outside(page, out))
    if between:
        words.append(
            f"{plural(len(between), 'place')} {'lies' if len(between) == 1 else 'lie'} between the two lines, which is no cause to act."
        )
    words += [_at_the_end(page, several) for several in (_of(ended, high=True), _of(ended, high=False)) if several]
    return [*words, _by_chance(page, uneven=bool(ended))]


def _of(places: Sequence[FunnelPlace], *, high: bool) -> list[FunnelPlace]:
    return [one for one in places if (one.beyond > 0) is high]


def _ended(page: FunnelPage, one: FunnelPlace) -> bool:
    """Whether a place lies beyond the inner line where it, or the outer line, has reached the end of the scale: nobody can pass that."""
    highest = 100.0 if page.definition.measured_in == "percent" else float("inf")
    high, low = max(one.value, one.upper) >= highest - _HAIR, min(one.value, one.lower) <= _HAIR
    return (one.beyond == 1 and high) or (one.beyond == -1 and low)


def _at_the_end(page: FunnelPage, several: Sequence[FunnelPlace]) -> str:
    end = written(page.definition, 100.0 if several[0].beyond > 0 else 0.0)
    way = "high" if several[0].beyond > 0 else "low"
    here = f"{plural(len(several), 'place')} {'is' if len(several) == 1 else 'are'} at or near {end}, as {way} as a figure can be."
    return f"{here} So on that side the lines cannot tell who stands out."


def _by_chance(page: FunnelPage, *, uneven: bool) -> str:
    """Say how many lie outside where nothing is the matter; where places crowd at an end of the scale nobody can say."""
    several = len(page.places)
    if page.adjusted and uneven:
        return "Places do not spread evenly around the middle line here, so how many chance would put outside cannot be said."
    outer, inner = about(several * 0.002), about(several * 0.05)
    if page.adjusted:
        alike = f"Of {number(several)} places that differ as they do here as a rule"
        return f"{alike}, {outer} would lie outside the outer line and {inner} outside the inner one."
    return f"If all {number(several)} were alike, chance alone would put {outer} outside the outer line and {inner} outside the inner one."


def _outside(page: FunnelPage, out: Sequence[FunnelPlace]) -> str:
    if not out:
        why = "all lie inside these wider lines" if page.adjusted else "all differ by no more than their size and chance explain"
        return f"No place stands out: {why}."
    sides = [(f"{_side(page, high=high)}: {and_list(_some([one.unit.name for one in out if (one.beyond > 0) is high]))}", high)
             for high in (True, False) if any((one.beyond > 0) is high for one in out)]  # fmt: skip
    return f"{plural(len(out), 'place')} {'stands' if len(out) == 1 else 'stand'} out. " + ". ".join(words for words, _ in sides) + "."


def _side(page: FunnelPage, *, high: bool) -> str:
    better = page.definition.improvement
    if better == "none":
        return "Higher than the others" if high else "Lower than the others"
    return "Better than the others" if high is (better == "up") else "Worse than the others"


def _some(names: list[str], most: int = 12) -> list[str]:
    return names if len(names) <= most else [*names[:most], f"{number(len(names) - most)} more"]


def funnel_columns() -> Columns:
    """Name the columns of the table below the funnel."""
    names = ("Place", "Kind", "Figure", "Number", "Out of", "Expected for this size", "What it says")
    return [{"text": text, "numeric": text in {"Figure", "Number", "Out of", "Expected for this size"}} for text in names]


def funnel_rows(page: FunnelPage) -> list[list[object]]:
    """Return the rows of the table below the funnel."""
    what = page.definition
    return [
        [
            {"text": one.unit.name, "href": one.href}, one.unit.kind_name, written(what, one.value), number(one.numerator),
            number(one.denominator), f"{written(what, one.lower)} to {written(what, one.upper)}", funnel_says(page, one),
        ]
        for one in page.places
    ]  # fmt: skip


def funnel_says(page: FunnelPage, one: FunnelPlace) -> str:
    """Say of one place whether it stands out."""
    short = f" ({plural(one.months, page.definition.frequency)} of {page.months})" if one.months < page.months else ""
    if one.beyond == 0:
        return f"as expected{short}"
    if abs(one.beyond) == 1:
        most = f"at or near the {'most' if one.beyond > 0 else 'least'} there can be"
        return f"{most if _ended(page, one) else 'near the edge'}{short}"
    return f"{_side(page, high=one.beyond > 0).removesuffix(' than the others').lower()} than expected{short}"


def funnel_table(page: FunnelPage) -> tuple[list[str], list[list[object]]]:
    """Return the comparison for a file: numbers as numbers, sides as codes."""
    head = ["code", "name", "kind", "from", "to", "months", "numerator", "denominator", "value", "lower 99.8", "upper 99.8", "beyond"]
    return head, [
        [
            one.unit.code, one.unit.name, one.unit.kind_name, page.since, page.until, one.months, one.numerator, one.denominator, one.value,
            one.lower, one.upper, one.beyond,
        ]
        for one in page.places
    ]  # fmt: skip


# ---------------------------------------------------------------- late and missing
def late_words(page: LatePage) -> str:
    """Say how much is missing."""
    if not page.total:
        return ""
    silent = sum(one.silent for one in page.rows)
    words = f"{plural(page.total, 'chart lacks', 'charts lack')} figures, of {number(page.looked_at)} looked at."
    if silent == page.total > 1:
        words += " All of these have had nothing for more than a year."
    elif silent:
        words += f" {number(silent)} of these {'has' if silent == 1 else 'have'} had nothing for more than a year."
    return words


def late_columns() -> Columns:
    """Name the columns."""
    return [{"text": text, "numeric": False} for text in ("What is missing", "Where", "Newest figure", "Missing", "Whom to ask")]


def late_rows(page: LatePage) -> list[list[object]]:
    """Return one row for each chart that lacks figures."""
    return [
        [
            {"text": one.definition.short_name, "href": one.href}, one.unit.name, period(one.last, one.definition.frequency),
            missing_words(one), ask_words(one, may_ask=page.may_ask),
        ]
        for one in page.rows
    ]  # fmt: skip


def missing_words(one: Late) -> str:
    """Say what is missing: the newest ones, and gaps before."""
    grain = one.definition.frequency
    parts = [f"the newest {plural(one.behind, grain)}" if one.behind > 1 else f"the newest {grain}"] if one.behind else []
    parts += [f"{plural(one.gaps, grain)} in between"] if one.gaps else []
    return and_list(parts)


def ask_words(one: Late, *, may_ask: bool) -> str:
    """Say whom to ask: colleagues by name, to colleagues; a publisher for what is published."""
    if one.definition.words.get("entered_by") != "teams":
        return one.definition.words["source"]["words"].split(",")[0]
    if not may_ask:
        return "sign in to see who"
    return "; ".join(colleague(each) for each in one.ask[:3]) or "nobody has this role here yet"


def colleague(one: Colleague) -> str:
    """Name a colleague with the role."""
    return f"{one.name}, {all_roles().roles[one.role].name.lower()}"


def late_table(page: LatePage) -> tuple[list[str], list[list[object]]]:
    """Return the list for a file."""
    head = ["measure", "code", "place", "newest", "expected", "missing at the end", "missing in between"]
    return head, [[o.definition.code, o.unit.code, o.unit.name, o.last, o.expected, o.behind, o.gaps] for o in page.rows]


# ---------------------------------------------------------------- how good the figures are
FINDINGS = {
    "silent": "have had nothing for more than a year", "missing": "lack figures", "corrected": "had figures changed after they were stored",
    "same": "show the same figure many times in a row",
    "jumps": "hold a figure far from its neighbours", "no-denominator": "have a period in which nobody was counted",
    "heaped": "have many counts that end in 0 or 5",
}  # fmt: skip


def quality_columns() -> Columns:
    """Name the columns."""
    names = ("Chart", "Where", "Complete", "What was found", "What to do")
    return [{"text": text, "numeric": text == "Complete"} for text in names]


def quality_rows(page: QualityPage) -> list[list[object]]:
    """Return one row for each chart, those with most to look at first."""
    return [
        [
            {"text": one.definition.short_name, "href": one.href}, one.unit.name, percent(min(one.reported / one.expected, 1), 0),
            found_words(one) or "nothing", "; ".join(to_do(one)) or "–",
        ]
        for one in page.rows
    ]  # fmt: skip


def found_words(one: Quality) -> str:
    """Say what was found in one chart."""
    said = []
    if one.silent:
        said.append(f"nothing newer than {period(one.last, one.definition.frequency)}")
    if one.reported < one.expected:
        said.append(f"{number(one.expected - one.reported)} of {plural(one.expected, 'figure')} missing")
    if one.corrected:
        said.append(f"{plural(one.corrected, 'figure')} changed after being stored")
    if one.same:
        said.append(f"the same figure {number(one.same)} times in a row")
    if one.jumps:
        said.append(f"{_when(one.jumps, one)} far from the figures beside it")
    if one.no_denominator:
        said.append(f"nobody counted in {_when(one.no_denominator, one)}")
    if one.heaped:
        said.append("many counts end in 0 or 5")
    return "; ".join(said)


def to_do(one: Quality) -> list[str]:
    """Say what to do about each finding, in the order found."""
    steps = [
        (one.silent, "put the newest figures in, or say that it has ended"),
        (one.reported < one.expected, "put the missing figures in, or say why there are none"),
        (one.corrected, "look at who changed what, and why"),
        (one.same, "ask whether it was measured each time"),
        (one.jumps, "check that figure for a slip"),
        (one.no_denominator, "check that nobody was there to be counted"),
        (one.heaped, "ask whether these were counted or estimated"),
    ]
    return [words for found, words in steps if found]


def _when(days: Sequence[date], one: Quality) -> str:
    return and_list(_some([period(day, one.definition.frequency) for day in days], 3))


def quality_table(page: QualityPage) -> tuple[list[str], list[list[object]]]:
    """Return the list for a file."""
    head = ["measure", "code", "place", "newest", "expected", "reported", "late", "changed after storing", "same in a row", "jumps",
            "nobody counted", "end in 0 or 5"]  # fmt: skip
    return head, [
        [
            o.definition.code, o.unit.code, o.unit.name, o.last, o.expected, o.reported, o.behind, o.corrected, o.same, len(o.jumps),
            len(o.no_denominator), int(o.heaped),
        ]
        for o in page.rows
    ]  # fmt: skip


# ---------------------------------------------------------------- what changed
def changes_words(changes: Changes) -> list[str]:
    """Say how many charts newly stand out, and how many would by chance."""
    signals, over = sum(one.is_signal for one in changes.rows), sum(one.is_over for one in changes.rows)
    words = (
        [f"{plural(signals, 'chart')} newly {'stands' if signals == 1 else 'stand'} out."] if signals else ["No chart newly stands out."]
    )
    if changes.judged:
        words.append(
            f"New figures came for {plural(changes.judged, 'chart')} long enough to say what is usual. "
            f"If nothing had changed, chance alone could make {about(changes.by_chance)} of them stand out."
        )
    if over:
        words.append(f"{plural(over, 'chart')} that stood out {'is' if over == 1 else 'are'} as usual again.")
    return words


def change_words(one: Changed) -> str:
    """Say what is new in one chart."""
    what, parts = one.definition, []
    fresh = [each for each in one.figures if each.kind == "new"]
    mended = [each for each in one.figures if each.kind == "corrected"]
    gone = [each for each in one.figures if each.kind == "removed"]
    if fresh:
        newest = fresh[0]
        more = f" and {plural(len(fresh) - 1, 'figure')} before it" if len(fresh) > 1 else ""
        parts.append(f"{period(newest.period, what.frequency)}: {written(what, newest.new)}{more}")
    parts += [
        f"{period(each.period, what.frequency)} changed from {written(what, each.old)} to {written(what, each.new)}" for each in mended[:3]
    ]
    if len(mended) > 3:
        parts.append(f"{plural(len(mended) - 3, 'more figure')} changed")
    if gone:
        parts.append(f"{and_list(_some([period(each.period, what.frequency) for each in gone], 3))} taken back")
    return "; ".join(parts)


def says(one: Changed) -> str:
    """Say what the chart said and says."""
    if one.now == one.then:
        return f"still {VARIATION[one.now].words}" if one.now != "unknown" else "too few figures yet"
    return f"{VARIATION[one.now].words}, before {VARIATION[one.then].words}"


def changes_rows(several: Sequence[Changed]) -> list[list[object]]:
    """Return one row for each chart."""
    return [[{"text": one.definition.short_name, "href": one.href}, one.unit.name, change_words(one), says(one)] for one in several]


def changes_columns() -> Columns:
    """Name the columns."""
    return [{"text": text, "numeric": False} for text in ("Chart", "Where", "What is new", "What it says")]


def funnel_kinds(page: FunnelPage) -> list[tuple[str, str]]:
    """Return the kinds of places to choose from, each with how many there are."""
    return [("", "all"), *((code, f"{name} ({number(count)})") for code, name, count in page.kinds)]


def measure_options(page: LatePage | QualityPage) -> list[tuple[str, str]]:
    """Return the measures a list can be about; all together only inside one organisation."""
    every = [("", "all")] if page.all_together else []
    return every + [(one.code, one.short_name) for one in page.measures]
