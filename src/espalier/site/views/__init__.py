"""The pages of this room."""

from espalier.site.views.home import home
from espalier.site.views.pages import (
    help_index,
    help_page,
    search,
    sharing,
    stop_token,
    tokens,
    unit,
)

__all__ = [
    "help_index",
    "help_page",
    "home",
    "search",
    "sharing",
    "stop_token",
    "tokens",
    "unit",
]
