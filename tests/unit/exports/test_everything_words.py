"""What is said about the export is what it does: the reference page and the classes follow the tables."""

import importlib.util
from pathlib import Path

import psycopg
import pytest

from espalier.exports import everything_words

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("export_reference", ROOT / "tools/export_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_page_and_the_classes_are_up_to_date(tool, databases):
    with psycopg.connect(databases.server.url("postgres", databases.template)) as connection:
        page = tool.page(connection)
    assert tool.CLASSES.read_text() == tool.classes(), "type `espalier migrate`, then `python tools/export_reference.py`"
    assert tool.PAGE.read_text() == page, "type `espalier migrate`, then `python tools/export_reference.py`"


def test_a_column_that_nobody_classed_is_confidential_and_never_open(monkeypatch, tmp_path):
    none = tmp_path / "classes.json"
    none.write_text("{}")
    monkeypatch.setattr(everything_words, "CLASSES", none)
    assert {column["class"] for table in everything_words.meanings().values() for name, column in table.items() if name} == {"confidential"}


def test_columns_say_their_unit_and_what_they_mean():
    words = everything_words.meanings()
    assert words["measures_point"]["value"]["unit"].startswith("as the measure's definition")
    assert words["organisations_unit"]["opened_on"] == {"class": "open", "unit": "day"}
    assert words["organisations_unit"][""]["meaning"].startswith("Anything in the tree")
    assert words["django_session"][""] == {"meaning": words["django_session"][""]["meaning"]}
