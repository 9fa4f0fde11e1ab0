"""The words of the pages on which figures are put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.measures.presenters import written
from espalier.ui.filters import and_list, number, period, plural, the_period

if TYPE_CHECKING:
    from datetime import date

    from espalier.measures.actions import Block, Entered
    from espalier.measures.queries import EntryPage
    from espalier.measures.queries.entering import Change, Saved
    from espalier.measures.rules import Dimension, Pasted


ALREADY = "That was taken back already."


def boxes(page: EntryPage) -> dict[str, Any]:
    """Return what the form must know: what each number is, and whether there are two."""
    words = page.definition.words
    return {"numerator": words["numerator"], "denominator": words["denominator"], "two_numbers": page.two_numbers}


def typed(page: EntryPage) -> dict[str, object]:
    """Return what stands in the boxes when the page opens."""
    standing = page.standing
    if standing is None:
        return {"seen": ""}
    return {
        "numerator": number(standing.numerator),
        "denominator": number(standing.denominator),
        "seen": " ".join("-" if one is None else repr(one) for one in (standing.numerator, standing.denominator, standing.value)),
    }


def entry_title(page: EntryPage) -> str:
    """Name the page by what it asks for."""
    whose = f", {page.group.name}" if page.group else ""
    return f"{named(page, page.month)}: {page.definition.name}{whose}"


def named(page: EntryPage, day: date) -> str:
    """Name a period at the beginning of a line."""
    words = period(day, page.definition.frequency)
    return f"{words[:1].upper()}{words[1:]}"


def undone(page: EntryPage, done: Entered) -> str:
    """Say what stands now that an entry was taken back."""
    if done.already:
        return ALREADY
    month = the_period(done.period_on, page.definition.frequency)
    if done.new.value is None:
        return f"Undone: {month} has no figure again."
    return f"Undone: {month} is {written(page.definition, done.new.value)} again."


def recent(page: EntryPage) -> list[list[object]]:
    """Return the newest figures, each leading to its own correction."""
    return [
        [{"text": named(page, one.month), "href": page.href_of(one.month)}, written(page.definition, one.value)]
        for one in page.recent
    ]  # fmt: skip


def changed(page: EntryPage, change: Change) -> str:
    """Say one change of a figure."""
    old, new = written(page.definition, change.old), written(page.definition, change.new)
    if change.removed:
        return f"{old} removed ({change.why})"
    return f"{new} ({change.why})" if change.old is None else f"{old} became {new} ({change.why})"


def nothing_read(page: EntryPage) -> str:
    """Say that a pasted block has nothing in it that looks like a figure."""
    numbers = "two numbers" if page.two_numbers else "a number"
    grain = page.definition.frequency
    return f"We found no {grain} in what you pasted. Each row needs a {grain} and {numbers}."


def saved(page: EntryPage, one: Saved) -> str:
    """Say what was saved; 0 out of 0 is saved and is no figure."""
    if one.value is None:
        return f"{named(page, one.month)} has no figure: nothing to count."
    return f"{named(page, one.month)} is {written(page.definition, one.value)}."


def pasted_problems(pasted: Pasted) -> list[list[object]]:
    """Return what is wrong in a pasted block, row by row."""
    return [[f"Row {one.row}", one.what, one.to_do] for one in pasted.problems]


def pasted_rows(page: EntryPage, pasted: Pasted, preview: Block) -> list[list[object]]:
    """Return what would be stored, with what stands there now."""
    old = {month: before.value for month, before, _ in preview.changed}
    touched = {*preview.new, *old}
    return [
        [named(page, row.month), written(page.definition, old.get(row.month)),
         "No figure: nothing to count" if row.value is None else written(page.definition, row.value)]
        for row in pasted.rows if row.month in touched
    ]  # fmt: skip


def block_undone(page: EntryPage, done: Block) -> str:
    """Say what became of a pasted block that was taken back."""
    grain = page.definition.frequency
    words = ALREADY if done.already else f"Undone: {plural(len(done.changed), grain)} went back to what stood before."
    if done.kept:
        words += f" Left as they are, because somebody changed them since: {and_list([period(month, grain) for month in done.kept])}."
    return words


def groups(page: EntryPage, dimension: Dimension) -> list[dict[str, object]]:
    """Return whose figure can be put in, as tabs: everybody's first, then each group's."""
    base = f"{page.chart_href}enter/"
    everybody: dict[str, object] = {"text": "Everybody", "href": base, "current": page.group is None}
    return [everybody, *(
        {"text": one.name, "href": f"{base}?group={one.stratum}", "current": page.group == one} for one in dimension.categories
    )]  # fmt: skip
