"""A measure made on a page: four answers become a whole definition, and the rest may be told later."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from espalier.common.errors import UnableTo
from espalier.measures.rules.periods_read import day_of, month_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

LONGEST_CODE = 40
NO_REASON = "Nobody has written down yet why this matters."
# A change of one of these lines makes figures before and after it different things.
MEANING = ("numerator", "denominator")
# With figures stored, a change of one of these would make every one of them wrong.
FIXED = ("frequency", "measured_in")
_TARGET = re.compile(r"(-?[\d.,]+) ?%?(?: (?:from|since) (.+))?", re.IGNORECASE)


class UnableToReadTarget(UnableTo):
    """A line of the targets cannot be read."""

    code = "target"


def code_from(name: str, organisation: str, taken: Collection[str]) -> str:
    """Make a code of a name; the organisation's own code keeps two hospitals' falls apart.

    >>> code_from("Falls with harm", "DEMO-TRUST", set()), code_from("Falls with harm!", "RJ1", {"falls-with-harm-rj1"})
    ('falls-with-harm-demo-trust', 'falls-with-harm-rj1-2')
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_CODE].strip("-") or "measure"
    first = f"{words}-{re.sub(r'[^a-z0-9]+', '-', organisation.lower()).strip('-')}"
    return next(code for number in range(1, 10_000) if (code := first if number == 1 else f"{first}-{number}") not in taken)


def local_definition(told: Mapping[str, Any], *, code: str, version: int, place: str) -> dict[str, Any]:
    """Complete what was told to a whole definition; whatever was left out gets the answer that does least harm.

    Figures count as being about people unless somebody says otherwise, so that small ones are not shown by mistake.
    """
    counted, whole = told["numerator"], told.get("denominator") or ""
    measured_in = (told.get("measured_in") or "percent") if whole else "count"
    chart = told.get("chart") or "xmr"
    definition = {
        "code": code, "version": version, "place": 500, "name": told["name"], "short_name": told["name"][:40].strip(),
        "gap": told.get("gap") or "care-quality", "measured_in": measured_in,
        "decimals": 0 if measured_in == "count" else 1,
        "improvement": told["improvement"], "frequency": told["frequency"], "roll_up": told.get("roll_up") or "none",
        "chart": chart, "rules": "anhoej" if chart == "run" else "mdc", "lowest": 0,
        "about_people": told.get("about_people") != "no", "made_up": False, "entered_by": "teams", "scope": "shared",
        "why": told.get("why") or NO_REASON, "definition": told.get("definition") or _plainly(counted, whole),
        "numerator": counted, "denominator": whole,
        "source": {"words": told.get("source") or f"Counted by {place}", "verified": False},
    }  # fmt: skip
    if measured_in == "percent":
        definition["highest"] = 100
    for line in ("family", "splits"):
        if told.get(line):
            definition[line] = told[line]
    if targets := read_targets(told.get("targets") or ""):
        definition["targets"] = targets
    return definition


def _plainly(counted: str, whole: str) -> str:
    first = f"{counted.rstrip('.')}." if not whole else f"{counted.rstrip('.')}, out of: {whole.rstrip('.')}."
    return first[:1].upper() + first[1:]


def read_targets(text: str) -> list[dict[str, Any]]:
    r"""Read targets as people write them, one a line: "95", or "95% from April 2026".

    >>> [(one["value"], one.get("since")) for one in read_targets("90\n95% from April 2026")]
    [(90.0, None), (95.0, '2026-04-01')]
    """
    targets: list[dict[str, Any]] = []
    for number, line in enumerate(filter(None, (line.strip() for line in text.splitlines())), 1):
        found = _TARGET.fullmatch(line)
        try:
            value = float(found[1].replace(",", "")) if found else None
            since = _since(found[2]) if found and found[2] else None
        except ValueError:
            found = None
        if not found or value is None:
            what = f'Line {number} of the targets, "{line[:40]}", cannot be read.'
            raise UnableToReadTarget(what, to_do="Write a number, or a number and from when: 95 from April 2026.")
        targets.append({"value": value, "words": line[:80], "source": "Set by the team", "verified": False})
        if since:
            targets[-1]["since"] = since
    return sorted(targets, key=lambda one: one.get("since", ""))


def _since(text: str) -> str:
    try:
        return month_of(text).isoformat()
    except ValueError:
        return day_of(text).isoformat()


def written_targets(definition: Mapping[str, Any]) -> str:
    """Write the targets back as they are typed, for the form that changes them."""
    several = definition.get("targets") or ([definition["target"]] if definition.get("target") else [])
    return "\n".join(f"{one['value']:g}" + (f" from {one['since']}" if one.get("since") else "") for one in several)
