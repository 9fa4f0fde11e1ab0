"""The Jinja2 environment behind every page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from espalier.ui import filters, signs
from espalier.ui.brand import brand

if TYPE_CHECKING:
    from datetime import datetime


def environment(*, bytecode_dir: str | Path | None = None, **options: Any) -> jinja2.Environment:
    """Make the environment for Django's Jinja2 backend.

    Undefined values chain silently: the NHS.UK templates ask for params.a.b.c that few callers give. Compiling
    those templates takes seconds, so bytecode_dir keeps the compiled form between restarts. It must be a folder
    only this program can write to, because what lies there is executed.
    """
    pages = options.pop("loader", None) or jinja2.FileSystemLoader([])
    nhsuk = jinja2.PackageLoader("nhsuk_frontend_jinja", "templates")
    options |= {
        "undefined": jinja2.ChainableUndefined,
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "cache_size": -1,
    }
    env = jinja2.Environment(  # noqa: S701  autoescape stands in options just above
        loader=jinja2.ChoiceLoader([pages, nhsuk]),
        bytecode_cache=_bytecode(bytecode_dir),
        **options,  # the backend's own wishes; autoescape is always among them
    )
    env.filters.update(filters.FILTERS)
    env.filters.update(local_day=_local_day, local_moment=_local_moment)
    env.globals.update(_globals())
    return env


def _globals() -> dict[str, Any]:
    return {
        "static": static,
        "url": _url,
        "address": filters.address,
        "page_numbers": filters.page_numbers,
        "span": filters.span,
        "brand": brand,
        "VARIATION": signs.VARIATION,
        "ASSURANCE": signs.ASSURANCE,
        "is_demo": lambda: bool(getattr(settings, "DEMO", False)),
    }


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _bytecode(folder: str | Path | None) -> jinja2.BytecodeCache | None:
    if folder is None:
        return None
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    return jinja2.FileSystemBytecodeCache(str(folder))


def _local_day(value: datetime | None) -> str:
    """Write the day of a moment as it was here: half past eleven at night in summer is not the next day."""
    return filters.day(timezone.localdate(value)) if value else filters.NOTHING


def _local_moment(value: datetime | None) -> str:
    """Write a moment on the clock of this place."""
    return filters.moment(timezone.localtime(value)) if value else filters.NOTHING
