"""Form fields that draw themselves as NHS.UK parts, and say what to do when something is missing.

A page writes {{ form.name }} and gets label, hint, error and input together. Django's own messages are the same for
every field ("This field is required."), which makes an error summary of three identical lines: each field here
names itself ("Enter your name").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.template import engines
from django.utils.safestring import SafeString, mark_safe

from espalier.common.commas import with_a_point, without_commas
from espalier.common.names import visible
from espalier.ui.filters import MONTHS, number

if TYPE_CHECKING:
    from decimal import Decimal


OF_ANY = "of-any"  # the code of an error whose words could be about any field
NOT_AS_SENT = "This page did not come back to us as we sent it. Open it again, then send it once more."


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary, with the place it leads to."""

    text: str
    href: str


class Part(forms.BoundField):
    """A field of a form with what was typed: writing it into a page draws the whole part."""

    def __str__(self) -> SafeString:
        macro, params = self.field.component(self)  # type: ignore[attr-defined]
        drawn = getattr(_forms(), macro)(
            name=self.html_name,
            label=str(self.label),
            hint=str(self.help_text) or None,
            error=self.first_error,
            **params,
        )
        after = getattr(self.form, "drawn_after", None)  # what a form adds under its fields: see ui.not_a_person
        return mark_safe(drawn + (after(self.name) if after else ""))  # noqa: S308  the macro escaped every value

    __html__ = __str__

    @property
    def first_error(self) -> str | None:
        """One message at a time: the next one is true only once this one is put right."""
        return str(self.errors[0]) if self.errors else None

    @property
    def first_id(self) -> str:
        """Return the id of the input a person should land on."""
        return f"{self.auto_id}{getattr(self.field, 'first_suffix', '')}"

    @property
    def typed(self) -> Any:
        """Return what the person typed, even when it is wrong: nobody should type it twice."""
        value = self.value()
        return "" if value is None else value


def _forms() -> Any:
    return engines["jinja2"].env.get_template("ui/_forms.html").module  # type: ignore[attr-defined]


class Drawn(forms.Field):
    """What every field here shares; missing is the sentence shown when nothing was given.

    A label that is a question makes no sentence ("By when? must be …"): called is what messages say in its place.
    """

    bound_field_class = Part
    verb = "Enter"
    an_answer = "Your answer"  # what messages call the answer to a question

    def __init__(self, *, label: str, missing: str = "", hint: str = "", called: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("help_text", hint)
        self._called = called
        super().__init__(label=label, **kwargs)
        self.error_messages["required"] = missing or f"{self.verb} {_in_sentence(self.called)}"
        self.error_messages["null_characters_not_allowed"] = f"{self.called} holds a character that nobody can see. Type it again"
        longest = getattr(self, "max_length", None)
        if longest:
            # Django fills this message in like a template, so a per cent sign of the label's must be doubled.
            words = f"{self.called} must be {number(longest)} characters or fewer"
            self.error_messages["max_length"] = words.replace("%", "%%")

    @property
    def called(self) -> str:
        """Return what messages call this field."""
        return self._called or (self.an_answer if str(self.label).rstrip().endswith("?") else str(self.label))

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> Part:
        """Bind with our own class; Django asks for it by this name."""
        return Part(form, self, field_name)

    def component(self, part: Part) -> tuple[str, dict[str, Any]]:
        """Return the macro of ui/_forms.html that draws this field, and what it needs beside the shared words."""
        raise NotImplementedError


def _in_sentence(label: str) -> str:
    # "NHS number" and "A&E" keep their capitals; "Your name" becomes "your name".
    first = label.partition(" ")[0]
    ordinary = first.isalpha() and first[1:] == first[1:].lower()
    return label[:1].lower() + label[1:] if ordinary else label


class TextField(Drawn, forms.CharField):
    """One line of text."""

    kind = "text"

    def __init__(self, *, label: str, width: str | None = None, autocomplete: str | None = None, **kwargs: Any) -> None:
        self.width, self.autocomplete = width, autocomplete
        super().__init__(label=label, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Read what was typed without characters nobody can see: a name of nothing else is no name."""
        return super().to_python(visible(value) if isinstance(value, str) else value)

    def component(self, part: Part) -> tuple[str, dict[str, Any]]:
        """Draw an input."""
        return "text_input", {
            "value": part.typed, "width": self.width, "autocomplete": self.autocomplete, "kind": self.kind,
        }  # fmt: skip


class EmailField(TextField):
    """An email address; the browser may fill it in."""

    kind = "email"
    default_validators = [*forms.EmailField.default_validators]

    def __init__(self, *, label: str, autocomplete: str | None = "email", **kwargs: Any) -> None:
        kwargs.setdefault("missing", "Enter an email address")
        super().__init__(label=label, autocomplete=autocomplete, **kwargs)
        self.validators = [self._like_an_address, *(v for v in self.validators if v not in self.default_validators)]

    @staticmethod
    def _like_an_address(value: str) -> None:
        try:
            forms.EmailField().clean(value)
        except ValidationError:
            raise ValidationError("Enter an email address in the correct format, like name@example.org", code="email") from None


class LongTextField(Drawn, forms.CharField):
    """Several lines of text."""

    def __init__(self, *, label: str, rows: int = 5, ready: bool = False, **kwargs: Any) -> None:
        self.rows, self.ready = rows, ready
        super().__init__(label=label, **kwargs)

    def component(self, part: Part) -> tuple[str, dict[str, Any]]:
        """Draw a text area; one that is ready has the focus when the page opens empty, so that Ctrl-V works at once."""
        waits = self.ready and not part.form.is_bound
        return "textarea", {"value": part.typed, "rows": self.rows, "attributes": {"autofocus": "autofocus"} if waits else {}}


class NumberField(Drawn, forms.DecimalField):
    """A number as people type or paste it: "1,234" and "86.6%" are read when they make sense, and "£5" where it is money."""

    an_answer = "The number"

    def __init__(
        self, *, label: str, decimals: bool = True, suffix: str | None = None, width: str = "5", pounds: bool = False, **kwargs: Any
    ) -> None:
        self.whole, self.suffix, self.width, self.pounds = not decimals, suffix, width, pounds
        self._least, self._most = kwargs.pop("min_value", None), kwargs.pop("max_value", None)
        told = kwargs.get("error_messages") or {}
        super().__init__(label=label, **kwargs)
        if "invalid" not in told:
            self.error_messages["invalid"] = f"{self.called} must be a {'whole ' * self.whole}number, like {'12' if self.whole else '12.5'}"

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as Django does
        """Read the number, forgiving commas, spaces and the unit that already stands beside the box."""
        if isinstance(value, str):
            value = value.replace(" ", "").removesuffix(self.suffix or "\0").removeprefix("£" if self.pounds else "\0")
            value = without_commas(value)
            if point := with_a_point(value):
                raise ValidationError(f"{value} has a comma where a point is meant. Write {point}.", code="comma")
            if self.pounds and "e" in value.lower():  # 1e3 is a thousand to a program, and a slip of the keys to who pays
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        result = super().to_python(value)
        if result is not None and self.whole and result != result.to_integral_value():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return result

    def validate(self, value: Decimal | None) -> None:
        """Check the range; the message says the range, not the rule."""
        super().validate(value)  # type: ignore[arg-type]  # None too: that is what it checks
        if value is None:
            return
        if self._least is not None and value < self._least:
            raise ValidationError(f"{self.called} must be {_or_more(self._least)}", code="min_value")
        if self._most is not None and value > self._most:
            raise ValidationError(f"{self.called} must be {number(self._most)} or less", code="max_value")

    def component(self, part: Part) -> tuple[str, dict[str, Any]]:
        """Draw an input with a number keyboard."""
        return "number_input", {
            "value": part.typed, "decimals": not self.whole, "suffix": self.suffix, "width": self.width,
        }  # fmt: skip


def _or_more(least: Any) -> str:
    """Say the least that may be typed; a penny is the least there is, so it says what everybody means by it."""
    return "more than 0" if 0 < least < 0.05 else f"{number(least)} or more"  # less would be written as 0.0


class _Choosing(Drawn):
    verb = "Select"
    an_answer = "one"

    def _allow_only_listed(self) -> None:
        self.error_messages["invalid_choice"] = f"Select {_in_sentence(self.called)} from the list"  # noqa: S608  words


def _listed(field: forms.ChoiceField) -> list[tuple[Any, Any]]:
    return [(key, words) for key, words in field.choices]  # type: ignore[union-attr,misc]


class SelectField(_Choosing, forms.ChoiceField):
    """One of many; with few options radios are quicker to read and to press."""

    def __init__(self, *, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)
        self._allow_only_listed()

    def component(self, part: Part) -> tuple[str, dict[str, Any]]:
        """Draw a drop-down list."""
        return "select", {"options": _listed(self), "value": part.typed}


class RadiosField(_Choosing, forms.ChoiceField):
    """One of few. hints maps a value to the line under it."""

    def __init__(self, *, label: str, hints: dict[str, str] | None = None, inline: bool = False, **kwargs: Any) -> None:
        self.hints, self.inline = hints or {}, inline
        super().__init__(label=label, **kwargs)
        self._allow_only_listed()

    def component(self, part: Part) -> tuple[str, dict[str, Any]]:
        """Draw radios."""
        options = [(key, words, self.hints.get(str(key), "")) for key, words in _listed(self)]
        return "radios", {"options": options, "value": part.typed, "inline": self.inline}


class CheckboxesField(_Choosing, forms.MultipleChoiceField):
    """Any of several. hints maps a value to the line under it."""

    def __init__(self, *, label: str, hints: dict[str, str] | None = None, **kwargs: Any) -> None:
        self.hints = hints or {}
        super().__init__(label=label, **kwargs)
        self._allow_only_listed()

    def component(self, part: Part) -> tuple[str, dict[str, Any]]:
        """Draw checkboxes."""
        options = [(key, words, self.hints.get(str(key), "")) for key, words in _listed(self)]
        return "checkboxes", {"options": options, "values": part.typed or ()}


class FileField(Drawn, forms.FileField):
    """A file; accept is only a help in the browser, the import checks what is really inside."""

    verb = "Choose"
    an_answer = "the file"

    def __init__(self, *, label: str, accept: str | None = None, **kwargs: Any) -> None:
        self.accept = accept
        super().__init__(label=label, **kwargs)
        self.error_messages["empty"] = "The file is empty. Choose another one"

    def component(self, part: Part) -> tuple[str, dict[str, Any]]:
        """Draw a file input; what was chosen cannot be kept, browsers forbid it."""
        del part
        return "file_upload", {"accept": self.accept}


class _ThreeBoxes(forms.Widget):
    """Reads name-day, name-month and name-year, and keeps them as typed."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        del files
        return {part: str(data.get(f"{name}-{part}", "")).strip() for part in ("day", "month", "year")}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        del files
        return all(f"{name}-{part}" not in data for part in ("day", "month", "year"))


class DateField(Drawn):
    """A day in three boxes: everybody remembers dates so, and nobody has to guess an order."""

    widget = _ThreeBoxes
    first_suffix = "-day"
    an_answer = "The day"
    empty_values = [None, "", {"day": "", "month": "", "year": ""}]

    def __init__(self, *, label: str, hint: str = "For example, 15 3 2026", **kwargs: Any) -> None:
        super().__init__(label=label, hint=hint, **kwargs)

    def to_python(self, value: Any) -> date | None:
        """Read the day; a day that does not exist is named, with the number of days its month has."""
        if isinstance(value, date) or value in self.empty_values:
            return value or None if isinstance(value, date) else None
        lacking = [part for part in ("day", "month", "year") if not value.get(part)]
        if lacking:
            raise ValidationError(f"{self.called} must include a {' and '.join(lacking)}", code="incomplete")
        day, month, year = value["day"], _month(value["month"]), value["year"]
        if not (day.isdecimal() and len(day) <= 2 and month and year.isdecimal() and len(year) == 4 and int(year) > 0):
            raise ValidationError(f"{self.called} must be a real date, with a year of four digits", code="invalid")
        try:
            return date(int(year), month, int(day))
        except ValueError:
            raise ValidationError(_no_such_day(self.called, int(day), month, int(year)), code="invalid") from None

    def component(self, part: Part) -> tuple[str, dict[str, Any]]:
        """Draw three boxes."""
        value = part.typed
        if isinstance(value, date):
            value = {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
        empty = [name for name in ("day", "month", "year") if not (value or {}).get(name)]
        wrong = empty if 0 < len(empty) < 3 else ("day", "month", "year")
        return "date_input", {"value": value or {}, "wrong": tuple(wrong)}


def _month(typed: str) -> int:
    """Return the month's number from 3, 03, mar or March; 0 when it is none."""
    if typed.isdecimal():
        return int(typed) if len(typed) <= 2 and 1 <= int(typed) <= 12 else 0
    found = [i for i, name in enumerate(MONTHS, start=1) if len(typed) >= 3 and name.lower().startswith(typed.lower())]
    return found[0] if found else 0


def _no_such_day(label: str, day: int, month: int, year: int) -> str:
    first_of_next = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else None
    days = (first_of_next - date(year, month, 1)).days if first_of_next else 31
    return f"{label} must be a real date: {MONTHS[month - 1]} {year} has {days} days, so there is no {day}"


def problems(form: forms.BaseForm) -> tuple[Problem, ...]:
    """Turn a form's errors into the error summary: in the order of the fields, each leading to its input.

    Errors about the whole form come first and lead to its first field, because a line that leads nowhere strands
    whoever listens to the page; so does one about what nobody can see there.
    """
    parts = [form[name] for name in form.fields]
    shown = [part for part in parts if not part.is_hidden]
    start = next((f"#{_place(part)}" for part in shown), "#maincontent")
    unseen = [NOT_AS_SENT] if any(part.errors for part in parts if part.is_hidden) else []
    whole = [Problem(str(message), start) for message in (*form.non_field_errors(), *unseen)]
    return (*whole, *(Problem(_named(part, alone=len(shown) == 1), f"#{_place(part)}") for part in shown if part.errors))


def _named(part: forms.BoundField, *, alone: bool) -> str:
    """Return an error that says which field it is about: of several on a page, "Select one" could be any of them."""
    text, field, label = str(part.errors[0]), part.field, str(part.label)
    of_any = part.errors.as_data()[0].code == OF_ANY
    if isinstance(field, Drawn) and field.called == field.an_answer:
        of_any = of_any or text.startswith((field.an_answer, f"{field.verb} {_in_sentence(field.an_answer)}"))
    if alone or not of_any or not label:
        return text
    return f"{label} {text}" if label.rstrip().endswith("?") else f"{label}: {text}"


def _place(part: forms.BoundField) -> str:
    return part.first_id if isinstance(part, Part) else part.auto_id
