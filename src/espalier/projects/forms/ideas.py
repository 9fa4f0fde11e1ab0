"""What is typed about ideas, from a page and from a phone's queue."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django import forms

from espalier.common.errors import NotFoundHere, UnableTo
from espalier.common.identifying import kinds, said
from espalier.common.names import visible
from espalier.projects.rules.ideas import LONGEST, LONGEST_REASON, STATES
from espalier.ui.fields import LongTextField, RadiosField, SelectField, TextField
from espalier.ui.not_a_person import NotAPerson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from espalier.organisations.queries import UnitFacts

MOST_EDITIONS = 10_000
WHY = "Say why, in a sentence. The person who had the idea reads it"


class WordsForm(NotAPerson, forms.Form):
    """An idea's own words."""

    words = LongTextField(label="Your idea", rows=3, max_length=LONGEST, missing="Type your idea in a sentence")

    def clean_words(self) -> str:
        """Leave out what nobody can see: words of nothing else are none."""
        words = " ".join(visible(self.cleaned_data["words"]).split())
        if not words:
            raise forms.ValidationError("Type your idea in a sentence", code="required")
        return words


class NoteForm(WordsForm):
    """One question: an idea, and where, for whoever belongs to several places."""

    unit = SelectField(label="Where", required=False)
    idea = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Iterable[UnitFacts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(str(one.pk), one.name) for one in places]  # type: ignore[attr-defined]

    def unit_id(self) -> int | None:
        """Return the chosen place; none for the nearest."""
        return int(self.cleaned_data["unit"]) if self.cleaned_data.get("unit") else None

    def number(self) -> uuid.UUID:
        """Return the number under which it is kept; a new one where the page gave none."""
        return self.cleaned_data.get("idea") or uuid.uuid4()


class AnswerForm(NotAPerson, forms.Form):
    """What somebody who leads says to an idea, with the reason."""

    state = RadiosField(label="What becomes of it?", missing="Choose what becomes of it")
    reason = LongTextField(label="Why, in a sentence", rows=2, max_length=LONGEST_REASON, missing=WHY)

    def __init__(self, *args: Any, answers: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = list(answers)  # type: ignore[attr-defined]


class OwnMoveForm(NotAPerson, forms.Form):
    """What becomes of one's own idea: a button, and a reason for whoever wants to give one."""

    state = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = TextField(label="Why not, in a few words (you may leave this empty)", required=False, max_length=LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class FromQueue:
    """One idea as a phone's queue sends it."""

    idea: uuid.UUID
    words: str
    unit_id: int | None
    made_at: datetime | None
    edition: int


def from_queue(sent: Mapping[str, str]) -> FromQueue:
    """Read one; what no queue of ours would send is refused for good, so that it is not sent again and again."""
    words = _text(sent.get("words", ""))
    if several := kinds(words):  # it stays on the phone, to be said otherwise: nobody is there to be asked
        raise UnableTo(f"This looks like it has {said(several)} in it.", to_do="Say it without, then it is sent.", code="person")
    return FromQueue(
        idea=number_of(sent.get("id", "")),
        words=words,
        unit_id=_whole(sent.get("unit", ""), most=2**31 - 1),
        made_at=moment_of(sent.get("made", "")),
        edition=_whole(sent.get("edition", "1"), most=MOST_EDITIONS) or 1,
    )


def number_of(text: str) -> uuid.UUID:
    """Read the number under which something typed is kept."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise UnableTo("We could not read what this phone sent.", to_do="Type it anew.", code="number") from None


def _text(text: str) -> str:
    found = " ".join(visible(text.replace("\x00", "")).split())
    return found.encode("utf-8", "ignore").decode()  # half of a pair is no character


def _whole(text: str, *, most: int) -> int | None:
    fine = text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 0 < int(text) <= most
    return int(text) if fine else None


def moment_of(text: str) -> datetime | None:
    """Read a moment as a browser writes it; anything else is none.

    >>> moment_of("2026-03-01T09:30:00.000Z"), moment_of("yesterday")
    (datetime.datetime(2026, 3, 1, 9, 30, tzinfo=datetime.timezone.utc), None)
    """
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def state_of(asked: Mapping[str, str]) -> str:
    """Return the state that is asked for; any other word is a page that does not exist."""
    state = asked.get("state", "")
    if state and state not in STATES:
        raise NotFoundHere("That is nothing an idea can be.")
    return state
