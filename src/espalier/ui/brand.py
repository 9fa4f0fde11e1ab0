"""The name and colours an organisation gives to its Espalier, from content/brand.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from espalier.common.errors import UnableTo

DEFAULT_COLOURS = {
    "brand": "#1f4f3c", "brand-dark": "#143729", "on-brand": "#d9e8df", "text": "#1d2a25", "text-soft": "#4a5a53",
    "paper": "#fefefd", "soft": "#f4f6f2", "line": "#d7ddd6", "line-strong": "#a9b4ad", "error": "#b3261d",
    "link": "#17567a", "link-visited": "#5b3b7b", "link-hover": "#7a2f4e",
}  # fmt: skip
# Which colour is written on which: each pair must reach 4.5 to 1 (WCAG 2.2, 1.4.3).
READ_ON = (
    ("text", "paper"), ("text", "soft"), ("text-soft", "paper"), ("text-soft", "soft"), ("link", "paper"),
    ("link", "soft"), ("link-visited", "paper"), ("link-hover", "paper"), ("error", "paper"), ("paper", "brand"),
    ("paper", "brand-dark"), ("on-brand", "brand"),
)  # fmt: skip
ENOUGH = 4.5


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the footer."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Brand:
    """What the frame of every page says about who runs this Espalier."""

    name: str = "Espalier"
    tagline: str = ""
    run_by: str = ""
    independent: str = ""
    footer: tuple[Link, ...] = ()
    licence_words: str = ""
    licence_href: str = ""
    colours: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def brand() -> Brand:
    """Return this installation's brand; read once, because it is on every page."""
    return read_brand(Path(settings.CONTENT_DIR) / "brand.yaml")


def read_brand(path: Path) -> Brand:
    """Read a brand file; a missing file gives the plain default, a wrong one stops with what to change."""
    if not path.exists():
        return Brand()
    raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    links = tuple(Link(label=item["label"], path=item["path"]) for item in raw.pop("footer", None) or ())
    colours = {str(name): str(value) for name, value in (raw.pop("colours", None) or {}).items()}
    _check_colours(path, colours)
    unknown = sorted(set(raw) - set(Brand.__dataclass_fields__))
    if unknown:
        raise UnableTo(
            f"“{unknown[0]}” is not something a brand has.",
            where=path.name,
            to_do=f"Use one of: {_names()}.",
        )
    return Brand(**raw, footer=links, colours=colours)


def _names() -> str:
    return ", ".join(Brand.__dataclass_fields__)


def _check_colours(path: Path, colours: dict[str, str]) -> None:
    where = f"{path.name}, colours"
    for name, value in colours.items():
        if name not in DEFAULT_COLOURS:
            raise UnableTo(f"There is no colour “{name}”.", where=where, to_do=f"Use one of: {', '.join(DEFAULT_COLOURS)}.")
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            raise UnableTo(f"{name}: “{value}” is not a colour.", where=where, to_do="Write it like '#1f4f3c', in quotes.")
    palette = DEFAULT_COLOURS | colours
    for front, back in READ_ON:
        ratio = contrast(palette[front], palette[back])
        if ratio < ENOUGH:
            raise UnableTo(
                f"{front} ({palette[front]}) on {back} ({palette[back]}) has a contrast of {ratio:.1f} to 1.",
                where=where,
                to_do=f"Make one of them darker or lighter until it reaches {ENOUGH} to 1, so everybody can read it.",
            )


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours like '#1f4f3c'; order does not matter.

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    # WCAG 2.2, "relative luminance": https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache_control(public=True, max_age=300)
def stylesheet(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django gives it
    """Serve the brand's colours as a style sheet, because a strict page allows no inline style."""
    rules = "".join(f"--esp-{name}:{value};" for name, value in brand().colours.items())
    return HttpResponse(f":root{{{rules}}}\n", content_type="text/css; charset=utf-8")
