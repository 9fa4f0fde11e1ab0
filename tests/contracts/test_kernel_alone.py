"""plotthedots needs numpy and nothing else: its tests run in an environment that holds numpy and a test runner only."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KERNEL = ROOT / "packages" / "plotthedots"
UV = Path(sys.executable).with_name("uv")
# numpy, and what runs tests, with what those need themselves.
WANTED = ("numpy", "pytest", "hypothesis", "iniconfig", "packaging", "pluggy", "pygments", "sortedcontainers", "attrs")


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """An environment of its own, with the same versions and hashes as the lock says."""
    folder = tmp_path_factory.mktemp("bare")
    pins = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / "requirements" / "dev.txt").read_text())
    chosen = [pin for pin in pins if re.match(rf"(?:{'|'.join(WANTED)})==", pin)]
    assert {"numpy", "pytest", "hypothesis"} <= {pin.split("==")[0] for pin in chosen}
    (folder / "lock.txt").write_text("\n".join(chosen) + "\n")
    said = {"capture_output": True, "text": True}
    made = subprocess.run([UV, "venv", "-q", "--python", sys.executable, folder / "venv"], check=False, **said)
    assert made.returncode == 0, made.stderr
    python = folder / "venv" / "bin" / "python"
    done = subprocess.run(
        [UV, "pip", "install", "-q", "--python", python, "--no-deps", "--require-hashes", "-r", folder / "lock.txt"],
        check=False,
        **said,
    )
    assert done.returncode == 0, done.stderr
    return python


def run(bare, *arguments):
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "PYTHON", "DJANGO", "ESPALIER", "DATABASE", "COV"))
    }
    return subprocess.run(
        [bare, *arguments], cwd=KERNEL, capture_output=True, text=True, check=False, env=kept | {"PYTHONPATH": str(KERNEL / "src")},
    )  # fmt: skip


def run_tests(bare, *files):
    done = run(bare, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".", "-c", os.devnull, *files)
    passed = re.search(r"(\d+) passed", done.stdout)
    assert done.returncode == 0 and passed and int(passed[1]) > 10, done.stdout[-3000:] + done.stderr[-500:]


def test_the_environment_is_bare(bare):
    for name in ("django", "scipy", "pandas", "polars", "pyarrow", "yaml"):
        assert "ModuleNotFoundError" in run(bare, "-c", f"import {name}").stderr


def test_its_tests_of_meaning_pass_with_numpy_alone(bare):
    run_tests(bare, "tests/test_semantics.py", "tests/test_errors.py")


@pytest.mark.slow
def test_all_its_tests_pass_with_numpy_alone(bare):
    run_tests(bare, "tests")
