"""From codes and numbers to the words of programmes, months and coaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.projects.rules.calendars import Day
from espalier.ui.filters import and_list, figure, number, percent, period, plural

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from espalier.measures.queries import Card, Definition
    from espalier.projects.queries import Box, CoachesPage, CoachFacts, MonthEnd, MonthPage, ProgrammeFacts, SessionFacts

STATES = {
    "draft": ("Not sent yet", "grey"), "submitted": ("Sent, waits for an answer", "blue"), "answered": ("Answered", "yellow"),
    "completed": ("Done", "green"),
}  # fmt: skip
KINDS = {"outcome": "result", "process": "what we do", "balancing": "must not get worse"}
ASKED = {"keeper": "puts the figures in", "second": "stands in", "leader": "leads the team"}
TESTS = {"adopt": "kept", "adapt": "changed and tried again", "abandon": "given up", "": "being tried"}
ROLES = {"leader": "leader", "member": "member", "partner": "patient or carer partner", "coach": "coach", "sponsor": "sponsor"}
MOVES = {"moves": ("Moves", "green"), "quiet": ("Quiet for a month or more", "yellow"), "stalls": ("Nothing for three months", "red")}


def aim(programme: ProgrammeFacts) -> str:
    """Say the aim in one line, as far as it has been said."""
    said = programme.aim_what[:1].upper() + programme.aim_what[1:]
    if programme.aim_from is not None and programme.aim_to is not None:
        said += f", from {number(programme.aim_from)} to {number(programme.aim_to)} {programme.aim_unit}".rstrip()
    elif programme.aim_unit:
        said += f": {programme.aim_unit}"
    if programme.aim_by:
        said += f", by {programme.aim_by.day} {programme.aim_by:%B %Y}"
    return f"{said}, for {programme.aim_for}" if programme.aim_for else said


def state_counts(page: MonthPage) -> str:
    """Say how a month stands in one sentence."""
    total, late = len(page.teams), len(page.late)
    if not page.over:
        return _not_asked(page)
    if not total:
        return "No team was asked for this month."
    waiting = sum(one.state == "submitted" for one in page.teams)
    said = f"{total - late} of {plural(total, 'team')} sent {period(page.month)}."
    return f"{said} {plural(waiting, 'waits', 'wait')} for an answer." if waiting else said


def _not_asked(page: MonthPage) -> str:
    first, last = page.programme.starts_on, page.programme.ends_on
    if page.month < first:
        return f"The programme begins in {period(first)}. Teams are asked from that month on."
    if last and page.month > last:
        return f"The programme ended in {period(last)}. Teams are asked no longer."
    return "This month is not over yet. Teams send it when it is."


def typed(page: MonthEnd) -> dict[str, object]:
    """Return what stands in the boxes when the page opens."""
    found: dict[str, object] = {}
    for box in page.boxes:
        if standing := box.standing:
            code, three = box.measure.code, (standing.numerator, standing.denominator, standing.value)
            found |= {f"n-{code}": _plain(standing.numerator), f"d-{code}": _plain(standing.denominator)}
            found[f"seen-{code}"] = " ".join("-" if one is None else repr(one) for one in three)
    if sent := page.sent:
        found |= {"tried": sent.tried, "learned": sent.learned, "need": sent.need, "version": sent.version}
        found["said"] = "" if sent.said is None else number(sent.said)
    return found


def _plain(value: float | None) -> str:
    """Write a number so that it is read back as the same one."""
    return "" if value is None else f"{value:.15g}"


def standing(box: Box) -> str:
    """Say the figure as the chart shows it."""
    return figure(box.standing.value, box.definition.measured_in, box.definition.decimals) if box.standing else ""


def saved(page: MonthEnd) -> str:
    """Say what was stored and what happens next."""
    coaches = [one.name or "your coach" for one in page.project.members if one.role == "coach"]
    if page.sent and page.sent.state != "draft":
        who = and_list(coaches) if coaches else "Whoever leads the programme"
        return f"{who} can read it now, and finds it on their home page."
    return "Stored as a draft. Only your team and its coach see it. Go on whenever you like."


def monthly(known: Iterable[Definition]) -> list[tuple[str, str]]:
    """Return the measures that teams can keep together: counted each month, and put in by teams."""
    return [(one.code, one.name) for one in known if one.frequency == "month" and one.words.get("entered_by") == "teams"]


def latest(card: Card) -> str:
    """Return a card's newest figure as written."""
    return figure(card.value, card.definition.measured_in, card.definition.decimals)


def training(page: CoachesPage) -> str:
    """Say how many who were trained coach now: capacity is paid for, then lost sight of."""
    if not page.trained:
        return "Nobody's training is written down yet. With the day of training this page shows who has not been asked since."
    share = percent(page.active / page.trained)
    if page.trained == 1:
        return f"1 person trained, who coaches {'a project' if page.active else 'no project'} now."
    doing = "coaches" if page.active == 1 else "coach"
    return f"{page.trained} people trained; {page.active or 'none'} of them {doing} a project now ({share})."


def session_day(programme: ProgrammeFacts, one: SessionFacts) -> Day:
    """Return a learning session as an entry of a calendar."""
    return Day(
        key=f"session-{one.pk}", title=f"{programme.title}: {one.title}", on=one.on, changed_at=one.changed_at, starts=one.starts,
        ends=one.ends, place=one.place, words=one.words, called_off=one.called_off_at is not None,
    )  # fmt: skip


def nobody_meant(found: int) -> str:
    """Say why a name means nobody: there are several, or none."""
    return "Several people have this name. Use the work email" if found > 1 else "We find nobody of this name who signs in here"


def coach_kept(was: CoachFacts | None, place: str) -> str:
    """Say what became of a line in the list of coaches: new, changed, or moved to another place."""
    if was is None:
        return "They are on the list now."
    moved = "" if was.place == place else f", at {was.place}"
    return f"They were on the list already{moved}. {f'The list now says {place}.' if moved else 'What it says is changed.'}"


def about(kind: str, title: str, month: date | None) -> str:
    """Name what a conversation is about."""
    if kind == "cycle":
        return f"The test: {title}" if title else "A test"
    if month:
        return f"{period(month)}, as sent" if kind == "month" else f"The point of {period(month)}"
    return "The project"
