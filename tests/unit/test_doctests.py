"""Every worked example in a docstring runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import espalier

WITH_EXAMPLES = sorted(
    module.name
    for module in pkgutil.walk_packages(espalier.__path__, "espalier.")
    if ".migrations" not in module.name and not module.name.endswith((".wsgi",))
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0
