"""No file hurts us: each is read as expected or refused in words, in little time and memory."""

from __future__ import annotations

import resource
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.hostile.corpus import LONG, Case, all_cases, is_long

from espalier.common.errors import UnableTo
from espalier.imports.reading import UnableToReadFile, Workbook, layout_of, long_table, open_file, tables_in

CASES = all_cases()
# Each case starts a process, so the ordinary suite takes all of the small rows and every second one of the others; the long suite takes all.
FEW = {row for row, many in Counter(case.row for case in CASES).items() if many < 8}
SHORT = frozenset(
    [str(case) for case in [case for case in CASES if not is_long(case) and case.row not in FEW][::2]]
    + [str(case) for case in CASES if case.row in FEW]
)
ROWS = {"Formulas", "Bombs", "Wrong kind", "Encodings", "Shape", "Dates", "Numbers", "Duplicates", "Names", "Clocks"}
MOST_MEMORY = 512 * 1024  # kilobytes, as the system counts
COPIED = 16 * 1024  # kilobytes by which this process may grow until it makes the child
LONGEST = 5.0


def place(name: str) -> tuple[int, int]:
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(name.removeprefix(letters)) - 1, column - 1


def used_here() -> int:
    """Memory this process holds now, in kilobytes; its peak would remember what other tests did."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024


def peak_of_children() -> int:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def spent() -> float:
    """Seconds of computing here and in children that ended: the same on a busy machine as on an idle one."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def opened(path: Path, name: str) -> Workbook | UnableTo:
    """What comes of a file; any other error than one for people fails the test."""
    try:
        return open_file(path, name=name)
    except UnableTo as error:
        return error


def look_through(book: Workbook) -> None:
    """Everything that is done with a file before a person sees it must survive it too."""
    for sheet in book.sheets:
        for table in tables_in(sheet):
            layout = layout_of(table)
            list(table.first(5))
            for at, _ in enumerate(long_table(table, layout).rows()):
                if at > 1000:
                    break


def marked(case: Case) -> object:
    return pytest.param(case, id=str(case), marks=() if str(case) in SHORT else pytest.mark.slow)


def test_every_row_of_the_promise_has_cases() -> None:
    counts = Counter(case.row for case in CASES if str(case) in SHORT)
    assert set(counts) == ROWS
    assert len(SHORT) >= 120
    assert len(CASES) >= 290
    assert {case.name for case in CASES if is_long(case)} == LONG
    assert len({str(case) for case in CASES}) == len(CASES)
    assert min(counts.values()) >= 3


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_read_as_expected_or_refused_in_words(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "given"
    case.make(path)
    before, peak, start = used_here(), peak_of_children(), spent()
    came = opened(path, case.file)
    if isinstance(came, UnableTo):
        assert isinstance(came, UnableToReadFile)
        assert came.code == case.refused
        assert came.where.startswith(case.file) and came.what and came.to_do
        assert "Traceback" not in str(came) and str(path) not in str(came)
        assert spent() - start <= LONGEST
    else:
        assert case.refused == ""
        expect(case, came)
        look_through(came)
    # The system tells the largest child so far; when this one was not it, it was smaller than one already measured. A child
    # begins as a copy of this process, and that counts as its peak: of one no larger than what it was copied from nothing is known.
    largest = peak_of_children()
    known = largest > max(peak, before + COPIED)
    assert used_here() - before + (largest if known else 0) <= MOST_MEMORY


def expect(case: Case, book: Workbook) -> None:
    sheet = book.sheets[0]
    assert {name: sheet.cell(*place(name)).text for name in case.cells} == dict(case.cells)
    assert {name: sheet.cell(*place(name)).kind.name.lower() for name in case.kinds} == dict(case.kinds)
    said = {problem.code for problem in (*book.notes, *(problem for one in book.sheets for problem in one.problems))}
    assert case.notes <= said
    if case.then:
        assert case.then(book) == case.gives


def test_a_huge_file_is_refused_without_a_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from espalier.imports.reading import opening

    monkeypatch.setattr(opening, "_run", lambda *_: pytest.fail("it was read"))
    path = tmp_path / "given"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)
    start = time.perf_counter()
    with pytest.raises(UnableToReadFile, match="1,000 MB") as caught:
        open_file(path, name="huge.xlsx")
    assert caught.value.code == "file-too-large"
    assert time.perf_counter() - start < 0.1
