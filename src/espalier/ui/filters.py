"""Numbers, days and periods as people write them: plain functions, given to every page as filters."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003  the examples below use them
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from espalier.common.periods import add_months

if TYPE_CHECKING:
    from collections.abc import Iterable

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
NOTHING = "–"  # a missing figure; never 0, which would be a claim


def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """Write a number with thousands commas; whole unless it needs decimals, and halves round away from zero.

    >>> number(1234567), number(12.5), number(2.0), number(0.125, 2), number(None)
    ('1,234,567', '12.5', '2', '0.13', '–')
    """
    exact = Decimal("NaN") if value is None else Decimal(str(value))
    if not exact.is_finite():
        return NOTHING
    if decimals is None:
        decimals = 0 if exact == exact.to_integral_value() else 1
    with localcontext(prec=max(28, exact.adjusted() + decimals + 2)):  # room for every digit before the point
        rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:,}"


def percent(share: float | Decimal | None, decimals: int | None = None) -> str:
    """Write a share between 0 and 1 as a percentage; never rounds up to 100% or down to 0%.

    99.97% of patients is not all of them, so it keeps the decimals that show it.

    >>> percent(0.866), percent(1), percent(0), percent(0.9997), percent(0.0004)
    ('86.6%', '100%', '0%', '99.97%', '0.04%')
    """
    if share is None or share != share:  # noqa: PLR0124
        return NOTHING
    exact = round(Decimal(str(share)) * 100, 9)  # a sum that comes back from a division as 99.999999999999 is all
    if exact in {0, 100}:
        return f"{exact:.0f}%"
    at_least = 1 if decimals is None else decimals
    enough = (n for n in range(at_least, at_least + 3) if number(exact, n) not in {number(0, n), number(100, n)})
    return f"{number(exact, next(enough, at_least + 2))}%"


def day(value: date | None) -> str:
    """Write a day.

    >>> day(date(2019, 3, 3))
    '3 March 2019'
    """
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}" if value else NOTHING


def moment(value: datetime | None) -> str:
    """Write a moment to the minute on the clock people read.

    >>> moment(datetime(2019, 3, 3, 16, 5)), moment(datetime(2019, 3, 3, 0, 0))
    ('3 March 2019 at 4:05pm', '3 March 2019 at midnight')
    """
    if value is None:
        return NOTHING
    if value.minute == 0 and value.hour in {0, 12}:
        clock = "midnight" if value.hour == 0 else "midday"
    else:
        minutes = f":{value.minute:02}" if value.minute else ""
        clock = f"{(value.hour - 1) % 12 + 1}{minutes}{'am' if value.hour < 12 else 'pm'}"
    return f"{day(value)} at {clock}"


def period(start: date | None, grain: str = "month") -> str:
    """Name the period that starts on a day.

    >>> [period(date(2019, 4, 1), grain) for grain in ("month", "quarter", "year", "week")]
    ['April 2019', 'April to June 2019', 'April 2019 to March 2020', 'week of 1 April 2019']
    """
    if start is None:
        return NOTHING
    if grain == "day":
        return day(start)
    if grain == "week":
        return f"week of {day(start)}"
    if grain == "year" and start.month == 1:
        return str(start.year)
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    return span(start, add_months(start.replace(day=1), months - 1))


def in_period(start: date | None, grain: str = "month") -> str:
    """Say when, in a sentence.

    >>> [in_period(date(2019, 4, 1), grain) for grain in ("month", "quarter", "week", "day")]
    ['in April 2019', 'in April to June 2019', 'in the week of 1 April 2019', 'on 1 April 2019']
    """
    return f"{'on' if grain == 'day' else 'in'} {the_period(start, grain)}"


def the_period(start: date | None, grain: str = "month") -> str:
    """Name a period inside a sentence.

    >>> the_period(date(2019, 4, 1)), the_period(date(2019, 4, 1), "week")
    ('April 2019', 'the week of 1 April 2019')
    """
    return f"{'the ' if grain == 'week' and start else ''}{period(start, grain)}"


def span(first: date, last: date, grain: str = "month") -> str:
    """Name a run of periods (months, if nothing else is said) from the first to the last, both included.

    >>> span(date(2016, 4, 1), date(2019, 3, 1)), span(date(2019, 3, 1), date(2019, 3, 1))
    ('April 2016 to March 2019', 'March 2019')
    >>> span(date(2019, 3, 4), date(2019, 3, 18), "week"), span(date(2018, 1, 1), date(2019, 4, 1), "quarter")
    ('weeks of 4 March 2019 to 18 March 2019', 'January 2018 to June 2019')
    """
    if grain in {"day", "week"}:
        run = day(first) if first == last else f"{day(first)} to {day(last)}"
        return run if grain == "day" else f"week{'s' * (first != last)} of {run}"
    if grain == "year":
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    last = add_months(last, 2) if grain == "quarter" else last
    end = f"{MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return end
    begin = MONTHS[first.month - 1] if first.year == last.year else f"{MONTHS[first.month - 1]} {first.year}"
    return f"{begin} to {end}"


def figure(value: float | None, measured_in: str, decimals: int = 0) -> str:
    """Write the value of a measure in its own terms; a percentage comes as 86.6, not as 0.866.

    >>> figure(86.64, "percent", 1), figure(99.97, "percent", 1), figure(5319, "count"), figure(3, "days")
    ('86.6%', '99.97%', '5,319', '3 days')
    """
    if value is None or value != value:  # noqa: PLR0124
        return NOTHING
    if measured_in == "percent":
        return percent(value / 100, decimals)
    written = number(value, decimals)
    return {"rate": f"{written} per 1,000", "days": f"{written} days"}.get(measured_in, written)


def change(value: float | None, measured_in: str, decimals: int = 0) -> str:
    """Say how much higher or lower a value is than another; the difference of two percentages is in points, not percent.

    >>> change(18.46, "percent", 1), change(-2, "days"), change(0.004, "score", 1), change(-1204, "count")
    ('18.5 points higher', '2 days lower', 'the same', '1,204 lower')
    """
    written = difference(value, measured_in, decimals)
    if written == NOTHING:
        return NOTHING
    if not set(written) & set("123456789"):
        return "the same"
    return f"{written[1:]} {'higher' if written.startswith('+') else 'lower'}"


def difference(value: float | None, measured_in: str, decimals: int = 0) -> str:
    """Write a difference with its sign.

    >>> difference(18.46, "percent", 1), difference(-0.9, "percent", 1), difference(0, "count"), difference(3, "days")
    ('+18.5 points', '−0.9 points', '0', '+3 days')
    """
    if value is None or value != value:  # noqa: PLR0124
        return NOTHING
    size = number(abs(value), decimals)
    unit = {"percent": " points", "rate": " per 1,000", "days": " days"}.get(measured_in, "")
    sign = "" if not set(size) & set("123456789") else "+" if value > 0 else "−"
    return f"{sign}{size}{unit}"


def plural(count: int, one: str, many: str = "") -> str:
    """Count things.

    >>> plural(1, "trust"), plural(1200, "trust"), plural(0, "has", "have")
    ('1 trust', '1,200 trusts', '0 have')
    """
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def and_list(words: Iterable[str]) -> str:
    """Join words as a sentence does.

    >>> and_list(["falls", "sleep", "joy"])
    'falls, sleep and joy'
    """
    several = list(words)
    return " and ".join(filter(None, [", ".join(several[:-1]), several[-1]])) if several else ""


def address(path: str, params: Any = None, **changes: Any) -> str:
    """Build a link that keeps what is already chosen and changes only what is named; None removes.

    >>> address("/measures/", {"region": "Y56", "page": "2"}, page=3)
    '/measures/?region=Y56&page=3'
    """
    kept = [(key, one) for key, many in _pairs(params) for one in many if key not in changes]
    kept += [(key, str(value)) for key, value in changes.items() if value not in {None, ""}]
    return f"{path}?{urlencode(kept)}" if kept else path


def _pairs(params: Any) -> Iterable[tuple[str, list[str]]]:
    if params is None:
        return ()
    if hasattr(params, "lists"):  # Django's QueryDict holds several values under one name
        return params.lists()
    return ((key, value if isinstance(value, list) else [value]) for key, value in params.items())


def page_numbers(current: int, pages: int) -> list[int | None]:
    """Choose which page numbers to show; None stands for a gap, and a gap of one page is never made.

    >>> page_numbers(5, 9), page_numbers(1, 3), page_numbers(3, 40)
    ([1, None, 4, 5, 6, None, 9], [1, 2, 3], [1, 2, 3, 4, None, 40])
    """
    shown = sorted({1, pages, *range(max(1, current - 1), min(pages, current + 1) + 1)})
    result: list[int | None] = []
    for before, here in zip([0, *shown], shown, strict=False):
        if here - before == 2:
            result.append(here - 1)
        elif here - before > 2:
            result.append(None)
        result.append(here)
    return result


FILTERS = {
    "number": number, "percent": percent, "day": day, "moment": moment, "period": period, "plural": plural,
    "in_period": in_period, "the_period": the_period, "and_list": and_list, "figure": figure, "change": change, "difference": difference,
}  # fmt: skip
