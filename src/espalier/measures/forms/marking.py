"""Forms for notes and baselines. What a button is for stands in `do`: a look needs no reason yet, saving does."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms

from espalier.measures.rules.marking import EXCLUDE, FREEZE, LONGEST_NOTE, LONGEST_REASON, NOTE, NOTES, PHASES, REBASE, TRIED
from espalier.ui.fields import LongTextField, RadiosField, SelectField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KINDS_OF_NOTE = ((NOTE, "Something to know"), (TRIED, "A change we tried"))
_BEGINS = {
    REBASE: "First figure of the new baseline",
    FREEZE: "First figure of the baseline",
    EXCLUDE: "Which figure",
    NOTE: "When",
}
_CAUSE = (("yes", "Yes, we know what changed"), ("no", "No, not yet"))


def kind_of(asked: Mapping[str, str]) -> str:
    """Return which kind of mark an address asks for; a note unless it says otherwise."""
    word = asked.get("kind", "")
    return word if word in PHASES else NOTE


def day_of(asked: Mapping[str, str], name: str = "from") -> date | None:
    """Return the day an address or a form names; anything else is none."""
    try:
        return date.fromisoformat(asked.get(name, ""))
    except ValueError:
        return None


def number_of(asked: Mapping[str, str]) -> UUID:
    """Return the number this form came with, or a new one: sent twice, it is the same number."""
    try:
        return UUID(asked.get("pk", ""))
    except ValueError:
        return uuid4()


class MarkForm(forms.Form):
    """A note, a new baseline, a frozen one, or a figure to leave out."""

    def __init__(self, *args: Any, kind: str, times: Sequence[tuple[str, str]], saving: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"] = SelectField(label=_BEGINS[kind], choices=[("", "Choose"), *times])
        if kind == FREEZE:
            self.fields["ends_on"] = SelectField(label="Last figure of the baseline", choices=[("", "Choose"), *times])
        if kind in NOTES:
            self.fields["kind"] = RadiosField(label="What it is", choices=KINDS_OF_NOTE)
            words = LongTextField(label="In a few words", missing="Write the note", rows=3, max_length=LONGEST_NOTE)
            words.help_text = f"Up to {LONGEST_NOTE} characters. Please no patient details."
        else:
            self.fields["cause"] = RadiosField(
                label="Does somebody know what changed?", choices=_CAUSE, required=saving, missing="Say whether somebody knows what changed"
            )
            words = LongTextField(label="Why", missing="Say why, in a sentence", rows=3, max_length=LONGEST_REASON, required=saving)
            words.help_text = "Everybody who sees this baseline sees the reason. Please no patient details."
        self.fields["words"] = words

    def clean_starts_on(self) -> date:
        """The list gave the day."""
        return date.fromisoformat(self.cleaned_data["starts_on"])

    def clean_ends_on(self) -> date:
        """The list gave the day."""
        return date.fromisoformat(self.cleaned_data["ends_on"])

    def facts(self, kind: str) -> dict[str, Any]:
        """Return what was typed, as a draft takes it."""
        data = self.cleaned_data
        return {
            "kind": data.get("kind", kind), "starts_on": data["starts_on"], "ends_on": data.get("ends_on"), "words": data["words"],
            "cause_known": {"yes": True, "no": False}.get(data.get("cause", "")),
        }  # fmt: skip


class WordsForm(forms.Form):
    """Other words for a note or a reason. version carries what stood there when the page was opened."""

    words = LongTextField(label="In a few words", missing="Write the note", rows=3, max_length=LONGEST_REASON)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32_000)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind in NOTES:
            self.fields["kind"] = RadiosField(label="What it is", choices=KINDS_OF_NOTE)
        else:
            self.fields["words"].label = "Why"
