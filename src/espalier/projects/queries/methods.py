"""Methods and the names of the steps of progress, read once: content changes with a new start."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from espalier.projects.rules.methods import read_labels, read_methods

if TYPE_CHECKING:
    from collections.abc import Mapping

    from espalier.projects.rules.methods import Label, Method


@cache
def methods() -> Mapping[str, Method]:
    """Return the methods by code, in the order of the file."""
    return {one.code: one for one in read_methods(settings.CONTENT_DIR)}


@cache
def labels() -> Mapping[float, Label]:
    """Return what each step of progress is called."""
    return {one.step: one for one in read_labels(settings.CONTENT_DIR)}
