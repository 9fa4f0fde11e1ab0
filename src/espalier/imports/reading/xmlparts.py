"""Read the XML parts of a workbook as streams, with everything XML can do to a reader switched off.

A document type is where XML hides its bombs and its reaching for other files; no workbook needs one, so its mere presence
is refused before anything it declares is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from espalier.imports.reading.package import DAMAGED
from espalier.imports.reading.sniffing import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from espalier.imports.reading.package import Package

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
MOST_ELEMENTS = 100_000


def parse(
    package: Package,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    characters: Callable[[str], None] | None = None,
) -> None:
    """Send the elements of one part to the handlers as they come; nothing is kept here."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = _no_document_type(package.name)
    parser.EntityDeclHandler = _no_document_type(package.name)
    try:
        for piece in package.stream(part):
            parser.Parse(piece, False)  # noqa: FBT003  the C function takes no keywords
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise refusal(package.name, "damaged", f"its part {part[:80]} is cut short or damaged", DAMAGED) from error


def _no_document_type(name: str) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise refusal(name, "entities", "it holds XML declarations that no workbook needs and that can do harm", DAMAGED)

    return refuse


def elements(package: Package, part: str, *, code: str = "damaged") -> Iterator[tuple[str, dict[str, str]]]:
    """All elements of a small part, in order, without their prefixes: for directories, not for sheets. `code` refuses endless ones."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(found) > MOST_ELEMENTS:
            raise refusal(package.name, code, f"its part {part[:80]} is far too long", DAMAGED)
        found.append((tag.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()}))

    parse(package, part, start)
    return iter(found)


def unescaped(text: str) -> str:
    r"""Text as it was typed: workbooks write characters XML cannot hold as _x000D_.

    Control characters are dropped: no database text can hold a zero byte, and nobody types the others.

    >>> unescaped("a_x000D_b_x005F_x")
    'a\rb_x'
    """
    if "_x" not in text:
        return text
    plain = ESCAPED.sub(lambda hit: chr(int(hit[1], 16)), text)
    # Two halves of one sign (an emoji) were escaped one by one: put them together, drop a half that stands alone.
    plain = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return "".join(letter for letter in plain if letter >= " " or letter in "\t\r\n")
