"""Forms of learning reviews: they take no patient's details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from espalier.projects.rules.reviews import LONGEST
from espalier.ui.fields import DateField, LongTextField, SelectField, TextField
from espalier.ui.not_a_person import NotAPerson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from espalier.projects.queries import SectionFacts


class NewReviewForm(NotAPerson, forms.Form):
    """A new review."""

    title = TextField(
        label="What happened, in a few words?",
        hint="For example: a dose given twice. No names.",
        max_length=200,
        missing="Say in a few words what happened",
    )
    happened_on = DateField(label="When did it happen?", required=False)
    place = SelectField(label="Where?")

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]


class SectionForm(NotAPerson, forms.Form):
    """The words of one section."""

    words = LongTextField(label="Words", required=False, rows=8, max_length=LONGEST)

    def __init__(self, *args: Any, section: SectionFacts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label, self.fields["words"].help_text = section.title, section.asks


class IdeaForm(NotAPerson, forms.Form):
    """A change idea out of a review."""

    words = TextField(
        label="What would you change?",
        hint="Small is good: one place, one day, one person",
        max_length=300,
        missing="Say what you would change",
    )
    project = SelectField(label="Which project tries it?")

    def __init__(self, *args: Any, projects: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].choices = [*((str(pk), title) for pk, title in projects), ("new", "A new project")]  # type: ignore[attr-defined]
