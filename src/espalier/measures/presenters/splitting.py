"""The words and pictures of a measure split into groups: small charts on one scale, and the gap between two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.measures.presenters import written
from espalier.measures.presenters.pictures import gap_picture, group_picture
from espalier.ui.filters import difference, number, period, plural, span

if TYPE_CHECKING:
    from espalier.measures.queries.splitting import Cell, Group, Split

TOO_SMALL = "too small to show"


def cards(split: Split) -> list[dict[str, object]]:
    """Return one small chart for each group, all on one scale, so that heights can be compared by eye."""
    values = [cell.value for group in split.groups for cell in group.shown if cell.value is not None]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    return [
        {
            "name": group.category.name, "variation": group.variation, "newest": _newest(split, group),
            "svg": group_picture(
                [cell.value for cell in group.cells], low=low, high=high, title=group.category.name, desc=said(split, group),
                prefix=f"g-{group.category.code}", labels=(written(split.definition, low), written(split.definition, high)),
            ),
        }
        for group in split.groups
    ]  # fmt: skip


def said(split: Split, group: Group) -> str:
    """Say a small chart in one breath, for whoever does not see it: nothing that is not shown elsewhere."""
    what, shown = split.definition, group.shown
    if not shown:
        return "No figure can be shown."
    lowest, highest = (find(cell.value for cell in shown if cell.value is not None) for find in (min, max))
    words = f"{plural(len(shown), 'figure')}, {span(shown[0].period, shown[-1].period, what.frequency)}."
    words += f" From {written(what, lowest)} to {written(what, highest)}."
    small = sum(cell.too_small for cell in group.cells)
    return f"{words} {plural(small, 'figure is', 'figures are')} {TOO_SMALL}." if small else words


def _newest(split: Split, group: Group) -> str:
    if not group.shown:
        return f"All figures are {TOO_SMALL}" if any(cell.too_small for cell in group.cells) else "No figure yet"
    last = group.shown[-1]
    return f"{written(split.definition, last.value)} · {period(last.period, split.definition.frequency)}"


def gap_chart(split: Split) -> str:
    """Draw the gap in each period with its interval, and a line where there is none."""
    what, places = split.definition, {day: at for at, day in enumerate(split.periods)}
    return gap_picture(
        [(places[point.period], point.gap.value, point.gap.lower, point.gap.upper) for point in split.gaps],
        periods=len(split.periods), title=gap_title(split), desc=" ".join(gap_words(split)),
        ends=(period(split.periods[0], what.frequency), period(split.periods[-1], what.frequency)),
        write=lambda value: difference(value, what.measured_in, what.decimals),
    )  # fmt: skip


def gap_title(split: Split) -> str:
    """Name the gap by its two groups."""
    if split.best is None or split.worst is None:
        return "The gap"
    return f"Gap between {split.best.category.name} and {split.worst.category.name}"


def gap_words(split: Split) -> tuple[str, ...]:
    """Say how large the gap is, how sure that is, and that the furthest apart of many always look different."""
    if split.whole is None or split.best is None or split.worst is None:
        return ()
    what, gap = split.definition, split.whole
    size, low, high = (difference(value, what.measured_in, what.decimals).lstrip("+") for value in (gap.value, gap.lower, gap.upper))
    sides = ("highest", "lowest") if what.improvement == "none" else ("best", "worst")
    first = (
        f"Over all {plural(len(split.periods), what.frequency)} together, {split.best.category.name} is {sides[0]} and "
        f"{split.worst.category.name} {sides[1]}: {size} apart. The true gap is likely to lie between {low} and {high}."
    )
    clear = "" if gap.is_clear else "There may be no gap at all."
    small = "Figures too small to show are not in this, so a group with few may look higher than it is." if split.too_small else ""
    return tuple(filter(None, (first, clear, _chance(split), small)))


def _chance(split: Split) -> str:
    if split.chance is None or split.compared < 2:
        return ""
    what = split.definition
    about = difference(split.chance, what.measured_in, what.decimals).lstrip("+")
    return (
        f"We chose these two because they lie furthest apart of {number(split.compared)} groups, and that makes a gap look larger than "
        f"it is: with no real difference between the groups, chance alone would set the highest and the lowest about {about} apart."
    )


def table(split: Split) -> tuple[list[dict[str, object]], list[list[object]]]:
    """Return a row a period and a column a group, newest first."""
    when = split.definition.frequency.capitalize()
    columns: list[dict[str, object]] = [{"text": when, "numeric": False}]
    columns += [{"text": group.category.name, "numeric": True} for group in split.groups]
    by_period = zip(*(group.cells for group in split.groups), strict=True)
    rows: list[list[object]] = [
        [period(row[0].period, split.definition.frequency), *(_cell(split, cell) for cell in row)] for row in by_period
    ]
    return columns, rows[::-1]


def _cell(split: Split, cell: Cell) -> str:
    return TOO_SMALL if cell.too_small else written(split.definition, cell.value)


def file(split: Split) -> tuple[list[str], list[list[object]]]:
    """Return the figures for a file: what the page does not show is not in it either."""
    head = [split.definition.frequency, *(group.category.code for group in split.groups)]
    by_period = zip(*(group.cells for group in split.groups), strict=True)
    return head, [[row[0].period, *(TOO_SMALL if cell.too_small else cell.value for cell in row)] for row in by_period]

