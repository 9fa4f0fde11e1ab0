"""Read a prediction as people write it: 5, 4 to 6, at most 5, 90 or more. Pure."""

from __future__ import annotations

import math
import re

from espalier.common.errors import UnableTo
from espalier.projects.rules.predictions import Prediction

NUMBER = r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?"
AT_MOST = ("at most", "no more than", "up to", "<=", "≤")
AT_LEAST = ("at least", "no less than", "no fewer than", ">=", "≥")
BELOW, ABOVE = ("under", "below", "less than", "fewer than", "<"), ("over", "above", "more than", ">")
OR_LESS, OR_MORE = ("or less", "or fewer", "or lower", "or below"), ("or more", "or higher", "or above", "or over")


# How a unit is written behind a number, and how a measure's own unit is said.
WRITTEN = {
    "percent": re.compile(r" ?(?:%|percent|per cent)"), "rate": re.compile(r" per 1000(?: (?!(?:or|to|and)\b)[a-z-]+)*"),
    "days": re.compile(r" days?"),
}  # fmt: skip
UNITS = {
    "count": "a plain number", "rate": "a number per 1,000", "percent": "a percentage", "days": "a number of days", "score": "a score",
}  # fmt: skip


class UnableToReadPrediction(UnableTo):
    """No number can be found in what was typed, or more than we know what to do with."""

    code = "prediction"


def _either(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(one) for one in words)


SHAPES = (
    ("point", re.compile(rf"(?:about |around )?({NUMBER})")),
    ("range", re.compile(rf"(?:between )?({NUMBER}) ?(?:to|and|-|–|—) ?({NUMBER})")),
    ("high", re.compile(rf"(?:{_either(AT_MOST)}) ?({NUMBER})")),
    ("high", re.compile(rf"({NUMBER}) (?:{_either(OR_LESS)})")),
    ("low", re.compile(rf"(?:{_either(AT_LEAST)}) ?({NUMBER})")),
    ("low", re.compile(rf"({NUMBER}) (?:{_either(OR_MORE)})")),
    ("below", re.compile(rf"(?:{_either(BELOW)}) ?({NUMBER})")),
    ("above", re.compile(rf"(?:{_either(ABOVE)}) ?({NUMBER})")),
)


def read_prediction(text: str, *, measured_in: str = "") -> Prediction:
    """Read a number, a range, or one side of a range; measured_in is the unit of the measure, where one was chosen.

    >>> read_prediction("4 to 6"), read_prediction("at most 5"), read_prediction("90% or more")
    (Prediction(point=None, low=4.0, high=6.0), Prediction(point=None, low=None, high=5.0), Prediction(point=None, low=90.0, high=None))
    """
    plain = _without_unit(" ".join(re.sub(r"(?<=\d),(?=\d{3})", "", text.lower()).split()), measured_in)
    for kind, shape in SHAPES:
        if found := shape.fullmatch(plain):
            numbers = [float(one) for one in found.groups()]
            if kind == "point":
                return Prediction(point=numbers[0])
            if kind == "range":
                return Prediction(low=min(numbers), high=max(numbers))
            if kind in {"below", "above"}:
                return _beyond(kind, numbers[0], measured_in)
            return Prediction(low=numbers[0]) if kind == "low" else Prediction(high=numbers[0])
    raise UnableToReadPrediction("We need a number to compare with.", to_do="Write it like 5, or 4 to 6, or at most 5.")


def _without_unit(plain: str, measured_in: str) -> str:
    """Leave out the unit of the measure. Another one than the measure's is asked about: 10% are not 10 per 1,000."""
    for unit, written in WRITTEN.items():
        if written.search(plain):
            if measured_in and unit != measured_in:
                own = UNITS.get(measured_in, "a number")
                what = f"You wrote {UNITS[unit]}, but this measure is {own}."
                raise UnableToReadPrediction(what, to_do=f"Write what you expect as {own}, like 5.", code="unit")
            return " ".join(written.sub("", plain).split())
    return plain


def _beyond(kind: str, number: float, measured_in: str) -> Prediction:
    """Read "fewer than 5": where things are counted that is at most 4. Where there are numbers between 4 and 5 nobody can tell."""
    if measured_in == "count":
        return Prediction(high=math.ceil(number) - 1.0) if kind == "below" else Prediction(low=math.floor(number) + 1.0)
    which, words, away = ("highest", "at most", -1) if kind == "below" else ("lowest", "at least", 1)
    near = number + away * 10.0 ** -(len(_plain(number).partition(".")[2]) + 1)  # one decimal more than was written
    what, like = f"We cannot tell how far {kind} {_plain(number)} you mean.", f", like {words} {_plain(near)}"
    if near < 0 or (measured_in == "percent" and near > 100):
        like = ""
    raise UnableToReadPrediction(what, to_do=f"Write the {which} number you expect{like}.", code="how-far")


def typed(prediction: Prediction) -> str:
    """Write a prediction as it can be typed.

    >>> typed(Prediction(low=4, high=6)), typed(Prediction(high=5)), typed(Prediction())
    ('4 to 6', 'at most 5', '')
    """
    if prediction.point is not None:
        return _plain(prediction.point)
    if prediction.low is not None and prediction.high is not None:
        return f"{_plain(prediction.low)} to {_plain(prediction.high)}"
    if prediction.high is not None:
        return f"at most {_plain(prediction.high)}"
    return f"at least {_plain(prediction.low)}" if prediction.low is not None else ""


def decimals_of(value: float) -> int:
    """Return how many decimals were typed.

    >>> decimals_of(0.5), decimals_of(12.25), decimals_of(5)
    (1, 2, 0)
    """
    return len(_plain(value).partition(".")[2])


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")
