"""Words for the pages of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.imports.forms import FOR_ALL
from espalier.imports.found import ACROSS, CELLS
from espalier.imports.kinds import Holds
from espalier.imports.states import State
from espalier.ui.filters import and_list, number, plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from espalier.imports.kinds import Kind, Words
    from espalier.imports.queries import Asked, Columns, File, Working

WORK = {
    State.READING: "Reading your file", State.CHECKING: "Checking your file", State.STORING: "Storing the {many}",
    State.UNDOING: "Taking the {many} back", State.REFUSED: "We cannot use this file", State.FAILED: "Something went wrong here",
}  # fmt: skip
STANDS = {
    State.READING: "Being read", State.READ: "Waits for you: which column is which?", State.CHECKING: "Being checked",
    State.CHECKED: "Waits for you: look and store", State.STORING: "Being stored", State.STORED: "Stored",
    State.UNDOING: "Being taken back", State.UNDONE: "Taken back", State.REFUSED: "Cannot be used", State.FAILED: "Went wrong, our mistake",
}  # fmt: skip


def work(file: File) -> str:
    """Say what is being done to a file."""
    return WORK[State(file.state)].format(many=file.words.many)


def kinds_offered(kinds: Sequence[Kind]) -> dict[str, list[Any]]:
    """Part what may be loaded from what this installation takes from nobody, which is said with its reason."""
    why = {kind.code: kind.held_back() for kind in kinds}
    held = [(kind.name, why[kind.code]) for kind in kinds if why[kind.code]]
    return {"kinds": [kind for kind in kinds if not why[kind.code]], "held": held}


def kind_asked(kinds: Sequence[Kind], code: str) -> str:
    """Return the kind that is chosen when the page opens: the one asked for, or the first."""
    return next((one.code for one in kinds if one.code == code), kinds[0].code if kinds else "")


def kind_choices(kinds: Sequence[Kind]) -> list[tuple[str, str, str]]:
    """List what may be in a file."""
    return [(kind.code, kind.name, kind.says) for kind in kinds]


def remove_words(file: File) -> str:
    """Say what ticking the box does to those that stand and are not in the file."""
    removed, words = file.summary["removed"], file.words
    return words.remove.format(number=f"{number(removed)} {words.one if removed == 1 else words.many}")


def size(file: File) -> str:
    """Write a file's size as people say it."""
    return f"{file.size / 1_000_000:.1f} MB" if file.size >= 1_000_000 else f"{max(1, file.size // 1_000)} kB"


def stands(file: File) -> str:
    """Say where a file stands."""
    words = STANDS[State(file.state)]
    stored = file.summary.get("stored", {})
    if file.state == State.STORED:
        return f"Stored: {number(stored['new'])} new, {number(stored['changed'])} changed"
    problems = file.summary.get("problems", 0)
    return f"{words} ({plural(problems, 'problem')})" if file.state == State.CHECKED and problems else words


def table_choices(file: File) -> list[tuple[str, str, str]]:
    """List the tables of a file: its sheet, how many rows, and how it begins."""
    return [(str(at), _table_name(one), _begins(one)) for at, one in enumerate(file.tables)]


def _table_name(one: Mapping[str, Any]) -> str:
    name = f"Sheet “{one['sheet']}”" if one["sheet"] else "The table"
    shape = f", {plural(one['across'], 'month')} across the top" if one["across_role"] == "period" else ""
    unseen = ", a sheet that Excel does not show" if one["not_shown"] else ""
    return f"{name}: {plural(one['rows'], 'row')}{shape}{unseen}"


def _begins(one: Mapping[str, Any]) -> str:
    names = [name for name in one["names"] if name not in {ACROSS, CELLS}]
    title = f"{one['title']}. " if one["title"] else ""
    return f"{title}Columns: {', '.join(names[:6])}{' …' if len(names) > 6 else ''}"[:240]


MOST_SHOWN = 8


def preview_head(page: Columns) -> list[str]:
    """Return the first headings of a table."""
    names = [name for name in page.file.table["names"] if name not in {ACROSS, CELLS}]
    return [name[:40] for name in names[:MOST_SHOWN]]


def preview(page: Columns) -> list[list[object]]:
    """Return the first rows of a table, as they stand there."""
    table = page.file.table
    columns = [table["samples"].get(name, []) for name in table["names"] if name not in {ACROSS, CELLS}][:MOST_SHOWN]
    return [[column[row] if row < len(column) else "" for column in columns] for row in range(max(map(len, columns), default=0))]


def column_choices(page: Columns, asked: Asked) -> list[tuple[str, str]]:
    """List the columns one field may stand in, with an example of each."""
    table, one = page.file.table, asked.field
    options = [("", "Choose a column" if one.required else "Not in this file")]
    for name in table["names"]:
        if name == ACROSS:
            if table["across_role"] in one.roles:
                options.append((name, f"The headings across the top ({table['first']} to {table['last']})".replace("\n", " ")))
        elif name == CELLS:
            if one.holds is Holds.NUMBER:
                options.append((name, "The cells below those headings"))
        else:
            options.append((name, _with_example(name, table["samples"].get(name, ()))))
    if one.for_all:
        options.append((FOR_ALL, "The same for all rows"))
    return options


def _with_example(name: str, samples: Any) -> str:
    example = next((text for text in samples if text), "")
    return f"{name[:60]} (like {example[:30]})" if example else name[:60]


def chosen(asked: Asked) -> str:
    """Return what the list of columns shows as chosen."""
    only = len(asked.choices) > 0 and not asked.column
    return FOR_ALL if asked.fixed or only else asked.column


def filter_choices(page: Columns) -> list[tuple[str, str]]:
    """List the columns by which rows can be chosen."""
    return [("", "All rows"), *((name, name[:60]) for name in page.file.table["names"] if name not in {ACROSS, CELLS})]


ASKS = {
    "day-or-month": ("Does the day or the month come first?", (("day-first", "The day"), ("month-first", "The month"))),
    "month-or-year": ("Is this a month or a year?", (("month", "A month"), ("financial-year", "A financial year, from April to March"))),
    "which-quarter": ("When does the year of these quarters begin?", (("4", "In April"), ("1", "In January"))),
}  # fmt: skip


def asks(page: Columns) -> tuple[str, tuple[tuple[str, str], ...], str]:
    """Return what dates that could mean two things ask: the question, its answers, and the file's own dates as the reason."""
    question, answers = ASKS[page.question["about"]]
    like = and_list([f"“{text}”" for text in page.question["like"]])
    return question, answers, f"{like} could mean two things. We do not guess." if like else "We do not guess."


def counted(summary: Mapping[str, Any]) -> str:
    """Say in one line what would change."""
    parts = [f"{number(summary['new'])} new", f"{number(summary['changed'])} changed", f"{number(summary['same'])} the same"]
    return " · ".join(parts) + (f" · {number(summary['removed'])} not in the file" if summary["removed"] else "")


def passed_over(summary: Mapping[str, Any], words: Words) -> str:
    """Say which rows were not looked at, and why."""
    parts = [
        f"{plural(summary['empty'], 'row')} or cells {words.empty}" if summary["empty"] else "",
        f"{plural(summary['filtered'], 'row')} you chose to leave out" if summary["filtered"] else "",
        f"{plural(summary['left_out'], 'row')} of totals, notes or repeated headings" if summary["left_out"] else "",
    ]
    return "; ".join(part for part in parts if part)


def trouble_rows(shown: list[dict[str, Any]]) -> list[list[object]]:
    """Return problems as table rows: row, what is wrong and what to do, column, what stands there."""
    return [[one["row"] or "whole file", f"{one['what']}. {one['to_do']}", one["column"], one["value"]] for one in shown]


def cause_line(cause: Mapping[str, Any]) -> str:
    """Say one cause of problems."""
    times = plural(cause["count"], "time")
    return f"{cause['what']}. {cause['to_do']} ({times}, first in row {number(cause['row'])})"


def share(now: Working) -> int | None:
    """Return how much of the present step is done, of a hundred."""
    return round(100 * now.done / now.total) if now.total else None


def progress_words(now: Working) -> str:
    """Say how far the work has come."""
    if not now.step:
        return "It waits its turn."
    return f"{now.step}: {number(now.done)} of {number(now.total)}" if now.total else f"{now.step} …"


def done_title(file: File) -> str:
    """Say what became of a file."""
    if file.state == State.UNDONE:
        return "Taken back"
    stored = file.summary.get("stored", {})
    return "Stored" if any(stored.get(one) for one in ("new", "changed", "removed")) else "Nothing changed"
