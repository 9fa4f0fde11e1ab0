"""Serving pages does not wait for libraries that only imports, exports or long work need."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import espalier.access

SOURCE = Path(espalier.access.__file__).resolve().parents[1]
HEAVY = (
    "pandas",
    "scipy",
    "statsmodels",
    "pyspark",
    "polars",
    "duckdb",
    "pyarrow",
    "fastexcel",
    "xlsxwriter",
    "pptx",
    "sklearn",
    "matplotlib",
    "numba",
)
LOOK = """
import importlib, json, sys
import espalier.config.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
for name in {views!r}: importlib.import_module(name)
{plus}
print(json.dumps(sorted({{module.split(".")[0] for module in sys.modules}} & set({heavy!r}))))
"""


def loaded(plus=""):
    files = sorted([*SOURCE.glob("*/views.py"), *SOURCE.glob("*/views/*.py")])
    views = [".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__") for path in files]
    assert len(views) >= 4
    code = LOOK.format(views=views, heavy=HEAVY, plus=plus)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_pages_load_nothing_heavy():
    assert loaded() == []


@pytest.mark.parametrize("name", ["pyarrow", "polars"])
def test_something_heavy_would_be_seen(name):
    assert name in loaded(f"import {name}")
