"""Every worked example in a docstring, and the one in the README, is true."""

from __future__ import annotations

import doctest
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

import plotthedots as ptd

MODULES = sorted(found.name for found in pkgutil.walk_packages(ptd.__path__, "plotthedots."))


@pytest.mark.parametrize("name", MODULES)
def test_worked_examples_are_true(name):
    failed, _ = doctest.testmod(import_module(name))
    assert failed == 0


def test_there_are_worked_examples_in_most_modules():
    tried = [name for name in MODULES if doctest.testmod(import_module(name)).attempted]
    assert len(tried) >= 10


def test_the_example_of_the_readme_is_true():
    text = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1).replace(", dates=[...]", "")
    names = {}
    for line in code.splitlines():
        call, _, said = line.partition("  # '")
        if said:
            assert eval(call, names) == said.rstrip("'")  # noqa: S307
        else:
            exec(line, names)  # noqa: S102
    assert names["svg"].startswith("<svg")
