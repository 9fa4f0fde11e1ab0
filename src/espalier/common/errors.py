"""Errors that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A near match for something that was not found, or where to put things right, with the page that shows it."""

    label: str
    href: str


class UnableTo(Exception):  # noqa: N818  the house name: it reads as the sentence a person sees
    """Something a person asked for could not be done; nothing was stored.

    what says what happened, where says in which file, field or page, to_do says what to try next,
    code is stable for tests and the API, see is the page on which it can be put right.
    """

    code = "unable"

    def __init__(self, what: str, *, where: str = "", to_do: str = "", code: str = "", see: Suggestion | None = None) -> None:
        self.what = what
        self.where = where
        self.to_do = to_do
        self.code = code or type(self).code
        self.see = see
        super().__init__(" ".join(part for part in (where and f"{where}:", what, to_do) if part))


class NotFoundHere(UnableTo):
    """The code in the address names nothing; near matches are offered rather than a dead end."""

    code = "not-found"

    def __init__(self, what: str, *, suggestions: tuple[Suggestion, ...] = ()) -> None:
        self.suggestions = suggestions
        super().__init__(what, to_do="Check the address, or search for the name.")
