"""Functions and files stay small enough to be read in one go."""

import ast
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path for source in (ROOT / "src", *(ROOT / "packages").glob("*/src")) for path in source.rglob("*.py") if "migrations" not in path.parts
)
LONGEST_FUNCTION, USUAL_FUNCTION, LONGEST_FILE, LONGEST_VIEW, LONGEST_COMMAND = 60, 25, 400, 14, 19


def functions_in(text: str) -> list[tuple[str, int]]:
    """Name and lines of each function, decorators and docstring included."""
    return [
        (node.name, node.end_lineno - min([node.lineno, *(d.lineno for d in node.decorator_list)]) + 1)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def too_long(paths: list[Path], most: int) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {name}() has {lines} lines, the most is {most}"
        for path in paths
        for name, lines in functions_in(path.read_text(encoding="utf-8"))
        if lines > most
    ]


def test_a_function_is_measured_with_its_decorators():
    assert functions_in("@one\n@two\ndef f():\n    pass\n\ndef g(): pass\n") == [("f", 4), ("g", 1)]


def test_no_function_is_long():
    assert len(FILES) > 100
    assert too_long(FILES, LONGEST_FUNCTION) == []


def test_nine_of_ten_functions_are_short():
    lengths = [lines for path in FILES for _, lines in functions_in(path.read_text(encoding="utf-8"))]
    assert np.percentile(lengths, 90) <= USUAL_FUNCTION


def test_no_file_is_long():
    lines = {path: path.read_text(encoding="utf-8").count("\n") + 1 for path in FILES}
    assert [f"{path.relative_to(ROOT)}: {n} lines" for path, n in lines.items() if n > LONGEST_FILE] == []


@pytest.mark.parametrize(("where", "most"), [("views", LONGEST_VIEW), ("management", LONGEST_COMMAND)])
def test_views_and_commands_only_load_call_and_render(where, most):
    paths = [path for path in FILES if where in {path.stem, *path.parts}]
    assert too_long(paths, most) == []
