"""Forms of stories: they take no patient's details, and no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.safestring import SafeString

from espalier.projects.rules.stories import LONGEST, LONGEST_VOICE, SAID_BY, WORKED, names_somebody
from espalier.ui.fields import CheckboxesField, LongTextField, Problem, RadiosField, SelectField, TextField
from espalier.ui.not_a_person import TICK, NotAPerson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.projects.rules.stories import Section

NAMED = (("yes", "Yes, name it"), ("no", "No, only how it went"))


class StorySectionForm(NotAPerson, forms.Form):
    """One part of a story."""

    words = LongTextField(label="Words", required=False, rows=7, max_length=LONGEST)

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label, self.fields["words"].help_text = section.title, section.asks


class VoiceForm(NotAPerson, forms.Form):
    """A few words of somebody, with their part and never their name."""

    words = LongTextField(
        label="What did they say?",
        hint="In their own words. No names, of them or of anybody.",
        rows=3,
        max_length=LONGEST_VOICE,
        missing="Write down what was said",
    )
    said_by = SelectField(label="Who said it?", choices=[("", "Choose"), *SAID_BY.items()], missing="Choose who said it")
    asked = CheckboxesField(
        label="Do they know?", choices=[("yes", "They know that their words stand here")], missing="Ask them first, then tick this"
    )

    def clean_words(self) -> str:
        """A voice names nobody."""
        words = str(self.cleaned_data["words"])
        if names_somebody(words):
            raise forms.ValidationError("These words name somebody. Say “the nurse” or “a doctor” instead", code="named")
        return words


class AdoptForm(NotAPerson, forms.Form):
    """A story, or one of its changes, taken up by a team of one's own."""

    change = SelectField(label="What do you take up?")
    place = SelectField(label="For which team?")
    title = TextField(label="What will you call it?", max_length=200, missing="Give your project a name")
    altered = LongTextField(
        label="What will you do differently?", hint="You can say this later, too", required=False, rows=3, max_length=500
    )
    named = RadiosField(
        label="May their readers see which place you are?",
        choices=list(NAMED),
        initial="no",
        hint="They always see whether it worked for you. They never see your project.",
    )

    def __init__(self, *args: Any, changes: Sequence[str], places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [("", "All of it"), *((str(at), words) for at, words in enumerate(changes, start=1))]
        self.changes = tuple(changes)
        self.fields["change"].required = False
        self.fields["change"].choices, self.fields["place"].choices = listed, list(places)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """Return what the action takes, but the place."""
        typed = self.cleaned_data
        change = self.changes[int(typed["change"]) - 1] if typed["change"] else ""
        return {"title": typed["title"], "change": change, "altered": typed["altered"], "named": typed["named"] == "yes"}


class WentForm(NotAPerson, forms.Form):
    """Whether it worked here."""

    worked = RadiosField(label="Did it work for you?", choices=list(WORKED.items()), missing="Choose how it went")
    why = TextField(label="In a few words: what happened?", hint="Only your own team and readers see this", required=False, max_length=300)
    altered = LongTextField(label="What did you do differently?", required=False, rows=3, max_length=500)
    named = RadiosField(label="May their readers see which place you are?", choices=list(NAMED))

    def facts(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {**self.cleaned_data, "named": self.cleaned_data["named"] == "yes"}


class AskEverybodyForm(NotAPerson, forms.Form):
    """All words of a story, looked at once more before everybody may read them; nothing is typed here but the tick."""

    def __init__(self, ticked: str | None, *, texts: Sequence[tuple[str, str]]) -> None:
        named = {f"text{number}": one for number, one in enumerate(texts)}
        super().__init__(None if ticked is None else {name: text for name, (_, text) in named.items()} | {TICK: ticked})
        for name, (where, _) in named.items():
            self.fields[name] = forms.CharField(label=where, required=False)

    def tick(self) -> str:
        """Draw the tick, where something was found."""
        return self._tick() if self._found else SafeString("")

    def problems(self) -> tuple[Problem, ...]:
        """Return what was found, each part of the story once. It is put right where it was written, or by the tick."""
        several = dict.fromkeys(f"{self.fields[name].label}: {self.errors[name][0]}" for name in self.errors)
        return tuple(Problem(words, f"#id_{TICK}") for words in several)


class AnswerStoryForm(forms.Form):
    """A partner's answer."""

    says = RadiosField(
        label="May everybody read it?",
        choices=[("yes", "Yes, everybody may read it"), ("no", "No")],
        hint="You need not say why. You can take it back at any time.",
        missing="Choose yes or no",
    )
