"""From what rooms tell about a person to the files of their copy: JSON for programs, pages for reading, a word of welcome."""

from __future__ import annotations

import html
import io
import json
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from espalier.ui.filters import day, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from espalier.access.rights import Section

STYLE = (
    "body{font:1rem/1.5 Arial,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#212b32}"
    "table{border-collapse:collapse;width:100%;"
    "margin-bottom:2rem}th,td{border-bottom:1px solid #d8dde0;padding:.5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    ".wide{overflow-x:auto}a{color:#005eb8}"
)
README = """Your data in Espalier
=====================

This is everything that Espalier holds about you, made on {on} because you, or somebody for you, asked for it.

Open index.html in a browser to read it. Each folder is one part of Espalier; in each, index.html is for reading and
data.json holds the same for programs.

{folders}

What is left out, and why
-------------------------
- Names of other people. Where somebody else wrote, gave or changed something it says "somebody else (name left out)":
  who they are is about them. Your manager's name is left out for the same reason; colleagues see it on your team's page.
- Who rated you, answered about you or referred you. What was said is here; who said it is not.
- Passwords, keys of passkeys and of apps, and tokens. We keep most of them in a form that nobody can read, and a copy
  of the others would let anybody who finds this file sign in as you.
- The lines of files you loaded. They are about others; what was stored from them is in the charts.

What you can do
---------------
- Something is wrong: tell your organisation's people data lead, or whoever invited you.
- You want it erased: on the page "Your data" of Espalier. It shows first what would go and what must be kept, and why.
- You are unhappy with how this was done: on the page "Complaints" of Espalier. You can also tell the Information
  Commissioner's Office, ico.org.uk.

Keep this file safe. It is about you, and it is no longer behind your sign-in.
"""


def room_file(name: str, title: str, sections: Sequence[Section]) -> bytes:
    """Write down what one room told, until all of it is joined."""
    told = [{"title": one.title, "about": one.about, "headings": one.headings, "rows": one.rows} for one in sections]
    return json.dumps({"name": name, "title": title, "sections": told}, ensure_ascii=False).encode()


def archive(rooms: Iterable[bytes], *, at: datetime) -> bytes:
    """Join the rooms into one ZIP: a folder each, a first page and a README."""
    told, buffer = [json.loads(room) for room in rooms], io.BytesIO()
    on = day(timezone.localdate(at))
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as whole:
        folders = "\n".join(f"- {room['name']}: {room['title']} ({_lines(room)})" for room in told)
        whole.writestr("README.txt", README.format(on=on, folders=folders))
        whole.writestr("index.html", _first(told, on))
        for room in told:
            whole.writestr(f"{room['name']}/data.json", json.dumps(_plain(room), ensure_ascii=False, indent=1))
            whole.writestr(f"{room['name']}/index.html", _room(room))
    return buffer.getvalue()


def _lines(room: dict[str, Any]) -> str:
    number = sum(len(section["rows"]) for section in room["sections"])
    return "nothing held" if not number else "1 line" if number == 1 else f"{number:,} lines"


def _plain(room: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"title": one["title"], "about": one["about"], "rows": [dict(zip(one["headings"], row, strict=True)) for row in one["rows"]]}
        for one in room["sections"]
    ]


def _first(told: Sequence[dict[str, Any]], on: str) -> str:
    lines = "".join(
        f'<li><a href="{html.escape(room["name"])}/index.html">{html.escape(room["title"])}</a>: {_lines(room)}</li>' for room in told
    )
    words = f"<p>Everything that Espalier holds about you, on {html.escape(on)}. What is left out, and why, stands in README.txt.</p>"
    return _page("Your data in Espalier", f"{words}<ul>{lines}</ul>")


def _room(room: dict[str, Any]) -> str:
    return _page(room["title"], '<p><a href="../index.html">All parts</a></p>' + "".join(_table(one) for one in room["sections"]))


def _table(section: dict[str, Any]) -> str:
    title = f"<h2>{html.escape(section['title'])}</h2><p>{html.escape(section['about'])}</p>"
    if not section["rows"]:
        return f"{title}<p>Nothing is held.</p>"
    head = "".join(f'<th scope="col">{html.escape(words)}</th>' for words in section["headings"])
    body = "".join("<tr>" + "".join(f"<td>{html.escape(said(cell))}</td>" for cell in row) + "</tr>" for row in section["rows"])
    return f'{title}<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _page(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title>'
    head += f"<style>{STYLE}</style>"
    return f'<!DOCTYPE html><html lang="en-GB"><head>{head}</head><body><h1>{html.escape(title)}</h1>{body}</body></html>'


def said(cell: Any) -> str:
    """Say one value in words; a moment as people write it.

    >>> said(True), said(None), said("2026-03-05")
    ('Yes', '', '5 March 2026')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False)
    if isinstance(cell, str) and len(cell) >= 10 and cell[4:5] == "-" and cell[7:8] == "-":
        return _when(cell)
    return str(cell)


def _when(text: str) -> str:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return text
    return day(read.date()) if len(text) == 10 else moment(timezone.localtime(read) if read.tzinfo else read)
