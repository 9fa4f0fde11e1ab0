"""Help pages: plain files, read and turned into safe HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from pathlib import Path

# html=False: what stands in a file as HTML is shown as text, so a help page can never carry a script.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": False})


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page of help."""

    slug: str
    title: str
    html: str


def read_help(folder: Path) -> dict[str, HelpPage]:
    """Read every help page by its short name; the first heading is the title."""
    pages = {}
    for path in sorted(folder.glob("*.md")):
        first, _, rest = path.read_text(encoding="utf-8").lstrip().partition("\n")
        pages[path.stem] = HelpPage(path.stem, first.lstrip("# ").strip(), _MARKDOWN.render(rest))
    return pages
