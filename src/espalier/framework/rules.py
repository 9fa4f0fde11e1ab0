"""Read and check the framework's content files.

Pure: a folder goes in, frozen dataclasses come out. The framework's words are data, so a typing slip in them is a
likely and ordinary mistake: every error names the file and the entry, and says what to do about it.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft202012Validator

from espalier.common.errors import UnableTo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

EDITION_SCHEMA = "edition.schema.json"
WORKS_HERE_SCHEMA = "works-here.schema.json"
WORKS_HERE_FILE = "works-here.yaml"


class Kind(StrEnum):
    """What sort of entry it is. Stored as codes; the words for people are in presenters."""

    AIM = "aim"
    GAP = "gap"
    CAPABILITY = "capability"
    CONDITION = "condition"
    ACTION = "action"
    PLEDGE = "pledge"
    LEVEL = "level"
    TERM = "term"
    INDICATION = "indication"


# Every line of these kinds must say whether it works here; leaving one out would look like silence about a gap.
KINDS_WITH_A_LINE = frozenset({Kind.CAPABILITY, Kind.CONDITION, Kind.ACTION})

# What an entry of one kind may stand under. An action without a condition could not be drawn.
PARENT_KIND = {Kind.ACTION: Kind.CONDITION, Kind.INDICATION: Kind.CONDITION}


class UnableToReadFramework(UnableTo):
    """A content file cannot be used; nothing of it is, because half a framework would be a wrong framework."""

    code = "framework-file"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was checked. Without an address we know the place but hold no full link to it."""

    code: str
    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about the framework as a whole."""

    name: str
    words: str
    verified: bool
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the framework, under a code that never changes.

    `verified` and `ours` are never both true: what is our own reading has no official wording to check.
    `help` is always our wording, also where the title is verified.
    """

    code: str
    kind: Kind
    title: str
    help: str
    verified: bool
    ours: bool = False
    confidence: str = ""
    under: str = ""
    text: str = ""
    who: str = ""
    note: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """One published, unchanging version of a framework."""

    code: str
    title: str
    short_title: str
    author: str
    publisher: str
    published: str
    status: str
    verified: bool
    sources: tuple[Source, ...]
    about: tuple[Fact, ...]
    unknown: tuple[str, ...]
    entries: tuple[Entry, ...]

    def of_kind(self, kind: Kind, *, under: str = "") -> tuple[Entry, ...]:
        """Entries of one kind in the file's order; with `under`, only those that belong to that entry."""
        return tuple(e for e in self.entries if e.kind == kind and (not under or e.under == under))

    def entry(self, code: str) -> Entry | None:
        """The entry with this code, or None: the page then says which codes come near."""
        return next((e for e in self.entries if e.code == code), None)


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of the framework does here. An empty `path` means: not yet."""

    about: str
    words: str
    path: str = ""
    link: str = ""
    asks: str = ""

    @property
    def works(self) -> bool:
        """True when there is a door to open, so that "works here" can never be claimed without one."""
        return bool(self.path)


@dataclass(frozen=True, slots=True)
class WorksHere:
    """The whole list for one edition: by entry, and by what the framework asks in general."""

    edition: str
    by_code: Mapping[str, Line]
    asks: tuple[Line, ...]


def load_edition(folder: Path, code: str) -> Edition:
    """Load one edition from `folder`/CODE.yaml, or raise an error that names the file and the entry."""
    name = f"{code}.yaml"
    data = _checked(folder, name, EDITION_SCHEMA)
    sources = {key: Source(code=key, **value) for key, value in data["sources"].items()}
    rows = data["entries"]
    _check_codes(name, [row["code"] for row in rows])
    _check_parents(name, rows)
    _check_sources(name, data, sources)
    if data["code"] != code:
        raise _unable(name, "code", f"the file is named {code} but says its code is {data['code']}", "Make them equal.")
    plain = ("code", "title", "short_title", "author", "publisher", "published", "status", "verified")
    return Edition(
        **{key: data[key] for key in plain},
        sources=_named(data, sources),
        about=tuple(Fact(f["name"], f["words"], f["verified"], _named(f, sources)) for f in data["about"]),
        unknown=tuple(data["unknown"]),
        entries=tuple(_entry(row, sources) for row in rows),
    )


def load_works_here(folder: Path, edition: Edition) -> WorksHere:
    """Load what works here, or raise: each capability, condition and action needs exactly one line.

    A missing line is an error and not a "not yet", so that a new version of the framework cannot arrive with entries
    nobody has thought about.
    """
    data = _checked(folder, WORKS_HERE_FILE, WORKS_HERE_SCHEMA)
    if data["edition"] != edition.code:
        message = f"it is written for {data['edition']}, but {edition.code} is in use"
        raise _unable(WORKS_HERE_FILE, "edition", message, f"Write {edition.code}, and check every line against it.")
    lines = [_line(row, about=row["about"]) for row in data["lines"]]
    _check_codes(WORKS_HERE_FILE, [line.about for line in lines])
    _check_codes(WORKS_HERE_FILE, [row["code"] for row in data["asks"]])
    _check_coverage({line.about for line in lines}, edition)
    return WorksHere(
        edition=edition.code,
        by_code={line.about: line for line in lines},
        asks=tuple(_line(row, about=row["code"]) for row in data["asks"]),
    )


def _line(row: Mapping[str, Any], *, about: str) -> Line:
    door = row.get("open", {})
    return Line(
        about=about,
        words=row["words"],
        path=door.get("path", ""),
        link=door.get("words", ""),
        asks=row.get("asks", ""),
    )


def _entry(row: Mapping[str, Any], sources: Mapping[str, Source]) -> Entry:
    # The file says "source" (a list of keys); the dataclass carries the sources themselves. "source_needed" is the
    # file's reminder to its editors and is already implied by verified: false.
    rest = {key: value for key, value in row.items() if key not in {"kind", "source", "source_needed"}}
    return Entry(**rest, kind=Kind(row["kind"]), sources=_named(row, sources))


def _named(row: Mapping[str, Any], sources: Mapping[str, Source]) -> tuple[Source, ...]:
    return tuple(sources[key] for key in row.get("source", ()))


def _checked(folder: Path, name: str, schema_name: str) -> dict[str, Any]:
    """Parse a file and hold it against the schema beside it; the first problem in file order is the one reported."""
    path = folder / name
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _unable(name, "", "the file is not there", f"Put it into {folder.name}/.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = _yaml_place(error)
        raise _unable(name, where, "it is not valid YAML", "Check indentation and quotes just above this.") from error
    schema = json.loads((folder / schema_name).read_text(encoding="utf-8"))
    # str() keeps the order stable where a path mixes numbers and names.
    errors = sorted(Draft202012Validator(schema).iter_errors(data), key=lambda e: [str(p) for p in e.absolute_path])
    if errors:
        first = errors[0]
        more = f" ({len(errors) - 1} more after this one.)" if len(errors) > 1 else ""
        place = _place(data, list(first.absolute_path))
        raise _unable(name, place, f"{first.message[:200]}{more}", f"Make it fit {schema_name}.")
    return dict(data)


def _yaml_place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def _place(data: Any, path: Sequence[str | int]) -> str:
    """Say "entries, A9, help" and not "entries, 17, help": an editor looks for the code."""
    words: list[str] = []
    node = data
    for step in path:
        node = node[step]
        words.append(_label(node, step) if isinstance(step, int) else step)
    return ", ".join(words)


def _label(node: Any, position: int) -> str:
    names = [node[key] for key in ("code", "about", "name") if key in node] if isinstance(node, dict) else []
    return str(names[0]) if names else f"entry {position + 1}"


def _check_codes(name: str, codes: Iterable[str]) -> None:
    twice = sorted(code for code, count in Counter(codes).items() if count > 1)
    if twice:
        message = f"the code {twice[0]} is used more than once"
        raise _unable(name, twice[0], message, "Give each entry a code of its own; never renumber old ones.")


def _check_parents(name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    rows = list(rows)
    kinds = {row["code"]: Kind(row["kind"]) for row in rows}
    for row in rows:
        wanted = PARENT_KIND.get(Kind(row["kind"]))
        if wanted and kinds.get(row.get("under", "")) != wanted:
            message = f"it stands under {row.get('under') or 'nothing'}, and should stand under a {wanted}"
            raise _unable(name, row["code"], message, f"Write the code of a {wanted} after 'under'.")


def _check_sources(name: str, data: Mapping[str, Any], sources: Mapping[str, Source]) -> None:
    used: set[str] = set()
    for row in (data, *data["about"], *data["entries"]):
        for key in row.get("source", ()):
            if key not in sources:
                place = row.get("code") or row.get("name", "")
                known = ", ".join(sorted(sources))
                raise _unable(name, place, f"the source '{key}' is not listed under sources", f"Use one of: {known}.")
            used.add(key)
    idle = sorted(set(sources) - used)
    if idle:
        raise _unable(name, idle[0], f"the source '{idle[0]}' is listed but nothing cites it", "Cite it or remove it.")


def _check_coverage(covered: set[str], edition: Edition) -> None:
    wanted = {e.code for e in edition.entries if e.kind in KINDS_WITH_A_LINE}
    missing, unknown = sorted(wanted - covered), sorted(covered - wanted)
    if missing:
        message = "no line says whether it works here"
        raise _unable(WORKS_HERE_FILE, missing[0], message, "Add a line; leave out 'open' if it does not work yet.")
    if unknown:
        message = f"{edition.code} has no capability, condition or action with this code"
        raise _unable(WORKS_HERE_FILE, unknown[0], message, "Correct the code or remove the line.")


def _unable(name: str, place: str, what: str, to_do: str) -> UnableToReadFramework:
    where = f"{name}, {place}" if place else name
    return UnableToReadFramework(f"Cannot read the framework: {what}.", where=where, to_do=to_do)
