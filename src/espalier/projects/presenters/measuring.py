"""The words of what a project measures, of sampling and of the bedside counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.common.periods import step
from espalier.ui.filters import day, number, period

if TYPE_CHECKING:
    from collections.abc import Iterable

    from espalier.projects.queries.measuring import CountedFacts
    from espalier.projects.queries.projects import ProjectFacts
    from espalier.projects.queries.tallies import Counting, TallyPage
    from espalier.projects.rules.sampling import Sample

KINDS = {
    "outcome": ("What it means for people", "Is it getting better for the people it is about?"),
    "process": ("Whether we do it", "Are we doing what we said we would do?"),
    "balancing": ("What else happens", "Is something else getting worse because of it?"),
}
AS_EVERYBODY = "You see these charts as everybody does. The notes and baselines of the staff are for the staff."


def units(counted: Iterable[CountedFacts]) -> dict[str, str]:
    """Return in what each measure is measured, by its number as a form sends it."""
    return {str(one.pk): one.definition.measured_in for one in counted}


def people(project: ProjectFacts) -> list[tuple[str, str]]:
    """Return the people of a project to choose from."""
    return [(str(one.account_id), one.name or "Somebody of the team") for one in project.members]


def kept_by(project: ProjectFacts, one: CountedFacts) -> str:
    """Say who puts the figures in, and who steps in."""
    names = {part.account_id: part.name or "somebody of the team" for part in project.members}
    keeper, second = names.get(one.keeper_id or 0, ""), names.get(one.second_id or 0, "")
    if keeper and second:
        return f"{keeper} puts the figures in; {second} does it when they are away."
    if keeper:
        return f"{keeper} puts the figures in. Nobody steps in yet when they are away."
    return "Nobody has said yet that they put the figures in."


def kind_of(family: object) -> str:
    """Return what a measure is for where its definition says so."""
    return str(family) if family in KINDS else "process"


def sampled(found: Sample) -> tuple[str, ...]:
    """Say how many to look at, and how to choose them."""
    if found.all_of_them:
        return (f"Look at all {number(found.among)}: with so few it is worth it.",)
    right = "the share you find is then right to within 10 points, 19 times out of 20."
    take = f"Look at {number(found.size)} of {number(found.among)}: {right}"
    do, step = ("Leave out", found.leave) if found.leave else ("Take", found.every)
    walk = f"{do} every {ordinal(step)}: pick one of the first {step} by chance, then every {ordinal(step)} after it."
    return (take, walk, "So days, nights and weekends all come in, and nobody chooses the easy ones.")


def ordinal(count: int) -> str:
    """Write a number as a place in a row.

    >>> [ordinal(one) for one in (2, 3, 11, 21, 22, 113)]
    ['2nd', '3rd', '11th', '21st', '22nd', '113th']
    """
    if 10 <= count % 100 <= 20:
        return f"{count}th"
    return f"{count}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th') }"


def counted(page: TallyPage, one: Counting) -> str:
    """Write what was counted."""
    return f"{one.top} of {one.out_of}" if page.is_share else number(one.top)


def when(page: TallyPage, one: Counting) -> str:
    """Name the period of a tally."""
    return period(one.on, page.counted.definition.frequency)


def ready_on(page: TallyPage, one: Counting) -> str:
    """Say from when on a tally can go into the chart."""
    return day(step(one.on, page.counted.definition.frequency, 1))


def stands(one: Counting) -> str:
    """Say what the chart has for a period."""
    if one.stands is None or one.stands[0] is None:
        return "nothing in the chart yet"
    top, below, _ = one.stands
    return f"the chart says {number(top)}" + (f" of {number(below)}" if below is not None else "")


def tapped(page: TallyPage, button: str) -> str:
    """Say what a tap did, for whoever does not see the number change."""
    back = "taken back" if button.endswith("back") else "counted"
    return f"1 {back}. {counted(page, page.today)} today."
