"""A form that takes no patient's details: it asks once, and the person who types has the last word.

One line makes any form such a form, and one line in its view writes down that somebody confirmed:

    class NoteForm(NotAPerson, forms.Form): ...                        # first in the list of bases
    not_a_person(request, form.confirmed)                              # from espalier.audit.confirming, once it was valid

The template needs nothing: each free-text field draws what belongs to it with itself. spared names fields that are meant to
hold a colleague's details, such as whom to ring: a name or a telephone number is welcome there, an NHS number is asked about.
So is one in the box of a number. Words that look like a patient's details stop the form (rules:
espalier.common.identifying) until "This is not a person" is ticked; the tick holds for the kinds that were shown, so a
further kind typed later is asked about again. With a script the question comes as soon as a field is left: the same rules on
the server answer it (POST /projects/check-words/), and nothing is stored. The words never get into the log.
"""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.template import engines
from django.utils.html import format_html
from django.utils.safestring import SafeString

from espalier.common.identifying import NHS_NUMBER, kinds, kinds_of_colleague, said
from espalier.ui.fields import OF_ANY

TICK = "not_a_person"


def warning(several: tuple[str, ...]) -> str:
    """Say what words look like, and what to do.

    >>> warning(("nhs-number",))
    'This looks like it has an NHS number in it. Take it out, or tick “This is not a person” if it is none.'
    """
    return f"This looks like it has {said(several)} in it. Take it out, or tick “This is not a person” if it is none." if several else ""


class NotAPerson(forms.BaseForm):
    """Stops words that point at a patient, unless the person says that they do not."""

    spared: ClassVar[frozenset[str]] = frozenset()

    def _post_clean(self) -> None:
        """Look at what was typed when all else has been checked; Django calls this last."""
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, which its types leave out
        self._found = {name: found for name in self.fields if (found := self._kinds(name))}
        ticked = frozenset(str(self.data.get(self.add_prefix(TICK), "")).split())
        self.confirmed = tuple(dict.fromkeys(kind for found in self._found.values() for kind in found if kind in ticked))
        for name, found in self._found.items():
            if not ticked.issuperset(found):
                self.add_error(name, forms.ValidationError(warning(found), code=OF_ANY))

    # What was confirmed: the kinds, never the words. Empty before the form was looked at.
    confirmed: tuple[str, ...] = ()
    _found: dict[str, tuple[str, ...]] = {}

    def _kinds(self, name: str) -> tuple[str, ...]:
        """Return what a field holds of a patient; a number is looked at as it was typed, since reading it loses how."""
        field, value = self.fields[name], self.cleaned_data.get(name)
        if value in field.empty_values or field.widget.is_hidden:
            return ()
        if isinstance(field, forms.IntegerField):  # any number: Django's decimals are kinds of it
            return tuple(one for one in kinds(str(self[name].data)) if one == NHS_NUMBER)
        if not isinstance(field, forms.CharField):
            return ()
        return (kinds_of_colleague if name in self.spared else kinds)(str(value))

    def _free_text(self) -> list[str]:
        texts = [name for name, field in self.fields.items() if isinstance(field, forms.CharField) and not field.widget.is_hidden]
        return [name for name in texts if name not in self.spared]

    def drawn_after(self, name: str) -> SafeString:
        """Draw what belongs under a field: the tick where it is asked for, and the place where a script warns."""
        place = SafeString("")
        if name in self._free_text():
            place = format_html('<p class="esp-check" data-check-words="{}" role="status"></p>', self[name].auto_id)
        return place + self._tick() if name == next(iter(self._found), None) else place

    def _tick(self) -> SafeString:
        several = " ".join(dict.fromkeys(kind for found in self._found.values() for kind in found))
        macro = engines["jinja2"].env.get_template("ui/_forms.html").module.checkboxes  # type: ignore[attr-defined]
        words = "This is not a person", "We write down that you said so, never the words."
        tick = self.add_prefix(TICK)
        drawn = macro(name=tick, label="Is this about a person?", options=[(several, *words)], values=(self.data.get(tick, ""),))
        return SafeString(str(drawn))  # the macro escaped every value; added to ours as it is, and not as words to escape
