"""Every example in the docs is run, every command too, every link leads somewhere, and generated pages are fresh."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from plotthedots import cli
from plotthedots.charts import CHARTS
from plotthedots.codes import Warn
from plotthedots.settings import RULE_NAMES

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def blocks(page, kind):
    return re.findall(rf"```{kind}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("document", PAGES, ids=NAMES)
def test_every_example_is_true(document):
    text = "\n".join(blocks(document, "pycon"))
    examples = doctest.DocTestParser().get_doctest(text, {}, document.name, str(document), 0)
    runner = doctest.DocTestRunner(verbose=False)
    assert runner.run(examples).failed == 0


def test_examples_are_many():
    assert sum(text.count(">>> ") for page in PAGES for text in blocks(page, "pycon")) > 120


@pytest.mark.parametrize("document", PAGES, ids=NAMES)
def test_every_command_works_as_printed(document, tmp_path, monkeypatch, capsys):
    shutil.copy(ROOT / "docs" / "falls.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    for line in "\n".join(blocks(document, "sh")).splitlines():
        if line.startswith("plotthedots "):
            assert cli.main(shlex.split(line)[1:]) == 0, line
            assert "Yew" in capsys.readouterr().out


@pytest.mark.parametrize("document", PAGES, ids=NAMES)
def test_every_link_within_the_package_leads_somewhere(document):
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), target


def test_every_chart_rule_and_option_is_named():
    chooser = (ROOT / "docs" / "which-chart.md").read_text(encoding="utf-8")
    index = (ROOT / "docs" / "rules" / "index.md").read_text(encoding="utf-8")
    command = (ROOT / "docs" / "command.md").read_text(encoding="utf-8")
    for name in CHARTS:
        assert f"(charts/{name}.md)" in chooser
    for name in RULE_NAMES:
        assert f"({name}.md)" in index
    for option in re.findall(r"--[a-z-]+", cli._parser().format_help()):
        assert f"`{option}" in command or option == "--help", option


def test_warnings_named_in_the_docs_exist():
    for page in PAGES:
        for name in re.findall(r"`([A-Z]{4,}_[A-Z_]+)`", page.read_text(encoding="utf-8")):
            assert name in Warn.__members__, (page.name, name)


def built():
    spec = spec_from_file_location("build_docs", ROOT / "tools" / "build_docs.py")
    module = module_from_spec(spec)
    sys.modules["build_docs"] = module
    spec.loader.exec_module(module)
    return module.pages()


def test_generated_pages_say_what_the_code_says():
    for path, text in built().items():
        written = (ROOT / "docs" / path).read_text(encoding="utf-8")
        assert written == text, f"{path} is stale. Type: python tools/build_docs.py"


def test_the_docs_say_who_this_is_not_from():
    for name in ("README.md", "docs/index.md"):
        words = " ".join((ROOT / name).read_text(encoding="utf-8").split())
        assert "Making Data Count team" in words
        assert "ndependent software" in words
