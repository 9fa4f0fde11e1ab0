"""Help pages: plain files, read and turned into safe HTML. And when nobody is to be written to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, time
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


def is_quiet(at: datetime, *, since: time, until: time, days: Collection[int]) -> bool:
    """Whether somebody wants no letters at a moment; at is in their own time zone, so that a change of clocks changes nothing.

    days are counted from Monday as 0. Hours may go over midnight; from and until the same hour is no quiet time at all.

    >>> from datetime import datetime, time
    >>> night = {"since": time(18), "until": time(8), "days": (5, 6)}
    >>> [is_quiet(datetime(2026, 3, 27, hour, 59), **night) for hour in (7, 8, 17, 18)]  # a Friday
    [True, False, False, True]
    >>> is_quiet(datetime(2026, 3, 28, 12), **night), is_quiet(datetime(2026, 3, 28, 12), since=time(8), until=time(8), days=())
    (True, False)
    """
    if at.weekday() in days:
        return True
    now = at.time()
    return since <= now < until if since <= until else now >= since or now < until
