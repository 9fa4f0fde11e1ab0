"""The fourteen import contracts hold, and each one bites: a planted violation breaks the contract that names it."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).with_name("lint-imports")
NAMES = [c["name"] for c in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]]

# (contract, file in the copy, line planted in it). The first word says what is wrong with the line.
PLANTED = [
    (1, "espalier/organisations/queries/units.py", "from espalier.measures import queries as planted  # looks up"),
    (1, "espalier/common/paging.py", "from espalier.organisations import queries as planted  # the bottom looks up"),
    (1, "espalier/talent/queries.py", "from espalier.partnerships import queries as planted  # sideways"),
    (1, "espalier/measures/queries/cards.py", "from espalier.framework import queries as planted  # sideways"),
    (1, "espalier/jobs/queue.py", "from espalier.audit import recording as planted  # sideways below"),
    (1, "espalier/measures/actions/storing.py", "from espalier.config import roles as planted  # a room reads config"),
    (1, "espalier/attic/__init__.py", "'''A room nobody listed.'''"),
    (1, "espalier/__main__.py", "'''A module beside the rooms.'''"),
    (2, "espalier/organisations/models/tree.py", "from espalier.organisations import actions as planted  # a table that acts"),
    (2, "espalier/measures/queries/cards.py", "from espalier.measures import actions as planted  # a read that writes"),
    (2, "espalier/measures/charting/reading.py", "from espalier.measures import queries as planted"),
    (2, "espalier/measures/presenters/entering.py", "from espalier.measures import forms as planted"),
    (2, "espalier/measures/misc.py", "'''A new kind of file.'''"),
    (2, "espalier/measures/actions/storing.py", "from espalier.measures import api as planted  # a write that answers programs"),
    (2, "espalier/measures/api/reading.py", "from espalier.measures import views as planted  # sideways"),
    (3, "espalier/site/queries/pages.py", "from espalier.organisations import api as planted"),
    (3, "espalier/measures/api/reading.py", "from espalier.organisations import api as planted"),
    (4, "espalier/measures/api/points.py", "from espalier.measures import models as planted"),
    (3, "espalier/site/queries/pages.py", "from espalier.organisations import models as planted"),
    (3, "espalier/site/views/pages.py", "from espalier.measures import presenters as planted"),
    (3, "espalier/insight/queries.py", "from espalier.measures import charting as planted"),
    (3, "espalier/organisations/actions/places.py", "from espalier.audit import models as planted"),
    (4, "espalier/measures/views/charts.py", "from espalier.measures import models as planted"),
    (4, "espalier/measures/forms/__init__.py", "from espalier.measures import models as planted"),
    (5, "espalier/measures/forms/__init__.py", "from espalier.measures import actions as planted  # a form that saves"),
    (5, "espalier/measures/forms/__init__.py", "from espalier.measures import queries as planted  # a form that reads"),
    (6, "espalier/organisations/rules/tree.py", "from django.utils import timezone as planted"),
    (7, "espalier/insight/queries.py", "from espalier.vault import models as planted"),
    (7, "espalier/workforce/release.py", "from espalier.vault import queries as planted"),
    (8, "espalier/projects/queries.py", "import plotthedots as planted"),
    (8, "espalier/measures/queries/cards.py", "def planted(): import plotthedots"),
    (9, "espalier/listening/queries.py", "import smallnumbers as planted"),
    (9, "espalier/exports/tables.py", "import smallnumbers as planted"),
    (10, "espalier/talent/actions.py", "import careerflows as planted"),
    (11, "plotthedots/batch.py", "import pandas as planted"),
    (11, "smallnumbers/__init__.py", "import django as planted"),
    (11, "careerflows/__init__.py", "import espalier.common as planted"),
    (12, "plotthedots/batch.py", "def planted(): import scipy.stats"),
    (12, "careerflows/__init__.py", "import scipy as planted"),
    (13, "careerflows/__init__.py", "import plotthedots as planted"),
    (14, "espalier/ui/signs.py", "from espalier.ui import gallery as planted  # brings errors, pages … back"),
    (14, "plotthedots/codes.py", "from plotthedots import evaluation as planted"),
]
# gallery does not know signs; a cycle needs two ends.
SECOND_END = {"espalier/ui/signs.py": ("espalier/ui/gallery.py", "from espalier.ui import signs as back")}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of everything the contracts speak of, in which things may be broken."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    code = shutil.ignore_patterns("__pycache__", "static", "templates", "*.egg-info", "migrations")
    for source in (ROOT / "src", *sorted((ROOT / "packages").glob("*/src"))):
        shutil.copytree(source, copy / "src", ignore=code, dirs_exist_ok=True)
    # A package of its own: as a namespace it would take in the installed rooms too, and a planted line might not be seen.
    (copy / "src" / "espalier" / "__init__.py").touch()
    for name in ("vault/models", "vault/queries", "partnerships/queries"):
        (copy / "src" / "espalier" / f"{name}.py").touch()
    return copy


def broken_in(house: Path) -> list[int]:
    """Numbers of the contracts that do not hold; an error of the tool itself is an error here too."""
    done = subprocess.run(
        [LINT], cwd=house, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(house / "src"), "COLUMNS": "300"},
    )  # fmt: skip
    lines = re.findall(r"^(\d+) .*?(KEPT|BROKEN)", done.stdout, re.MULTILINE)
    assert len(lines) == len(NAMES), done.stdout + done.stderr
    assert done.returncode == (1 if "BROKEN" in done.stdout else 0)
    return [int(number) for number, word in lines if word == "BROKEN"]


def test_every_contract_is_kept(house):
    assert len(NAMES) == 14
    assert broken_in(house) == []


def test_every_contract_has_a_planted_violation():
    assert sorted({contract for contract, _, _ in PLANTED}) == [int(name.split()[0]) for name in NAMES]


@pytest.mark.parametrize(("contract", "file", "line"), PLANTED, ids=[f"{c}-{f}-{i}" for i, (c, f, _) in enumerate(PLANTED)])
def test_a_planted_violation_breaks_the_contract(house, contract, file, line):
    ends = [(file, line), *([SECOND_END[file]] if file in SECOND_END else [])]
    paths = [house / "src" / name for name, _ in ends]
    before = [path.read_text() if path.exists() else None for path in paths]
    try:
        for path, (_, words) in zip(paths, ends, strict=True):
            path.parent.mkdir(exist_ok=True)
            path.write_text((path.read_text() if path.exists() else "") + f"\n{words}\n")
        assert contract in broken_in(house)
    finally:
        for path, text in zip(paths, before, strict=True):
            path.write_text(text) if text is not None else path.unlink()
        if (attic := house / "src" / "espalier" / "attic").exists():
            shutil.rmtree(attic)
