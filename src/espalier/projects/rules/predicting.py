"""Read a prediction as people write it: 5, 4 to 6, at most 5, 90 or more. Pure."""

from __future__ import annotations

import re

from espalier.common.errors import UnableTo
from espalier.projects.rules.predictions import Prediction

NUMBER = r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?"
AT_MOST = ("at most", "no more than", "up to", "<=", "≤", "under", "below", "less than", "fewer than")
AT_LEAST = ("at least", "no less than", "no fewer than", ">=", "≥", "over", "above", "more than")
OR_LESS, OR_MORE = ("or less", "or fewer", "or lower", "or below"), ("or more", "or higher", "or above", "or over")


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
)


def read_prediction(text: str) -> Prediction:
    """Read a number, a range, or one side of a range.

    >>> read_prediction("4 to 6"), read_prediction("at most 5"), read_prediction("90% or more")
    (Prediction(point=None, low=4.0, high=6.0), Prediction(point=None, low=None, high=5.0), Prediction(point=None, low=90.0, high=None))
    """
    plain = " ".join(re.sub(r"(?<=\d),(?=\d{3})", "", text.lower()).replace("%", "").split())
    for kind, shape in SHAPES:
        if found := shape.fullmatch(plain):
            numbers = [float(one) for one in found.groups()]
            if kind == "point":
                return Prediction(point=numbers[0])
            if kind == "range":
                return Prediction(low=min(numbers), high=max(numbers))
            return Prediction(low=numbers[0]) if kind == "low" else Prediction(high=numbers[0])
    raise UnableToReadPrediction("We need a number to compare with.", to_do="Write it like 5, or 4 to 6, or at most 5.")


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


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")
