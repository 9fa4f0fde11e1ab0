"""A document as plain JSON and back: what is frozen is kept so, and opens the same years later."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from espalier.common.plain import days_as_text
from espalier.exports.shapes import Document, Figure, Heading, Picture, Point, Row, Table, Words

if TYPE_CHECKING:
    from espalier.exports.shapes import Block


def to_json(document: Document) -> dict[str, Any]:
    """Turn a document into what JSON can hold; days become texts like 2019-03-31."""
    facts = asdict(document)
    facts["blocks"] = [{"kind": block.kind, **asdict(block)} for block in document.blocks]
    return days_as_text(facts)  # type: ignore[no-any-return]  # a mapping goes in, so a mapping comes out


def from_json(facts: dict[str, Any]) -> Document:
    """Turn kept JSON back into the same document."""
    return Document(**facts | {"made_on": date.fromisoformat(facts["made_on"]), "blocks": tuple(_block(one) for one in facts["blocks"])})


def _block(facts: dict[str, Any]) -> Block:
    rest = {key: value for key, value in facts.items() if key != "kind"}
    kind = facts["kind"]
    if kind == "picture":
        return _picture(rest)
    if kind == "row":
        return Row(**rest | {"pictures": tuple(_picture(one) for one in rest["pictures"])})
    if kind == "table":
        return Table(rest["caption"], tuple(rest["head"]), tuple(tuple(row) for row in rest["rows"]))
    made: Block = {"heading": Heading, "figure": Figure, "words": Words}[kind](**rest)
    return made


def _picture(facts: dict[str, Any]) -> Picture:
    points = tuple(Point(**one | {"on": date.fromisoformat(one["on"]), "rules": tuple(one["rules"])}) for one in facts["points"])
    period = date.fromisoformat(facts["period"]) if facts["period"] else None
    targets = tuple(facts["targets"]) if facts.get("targets") is not None else None
    return Picture(**facts | {"points": points, "period": period, "targets": targets})
