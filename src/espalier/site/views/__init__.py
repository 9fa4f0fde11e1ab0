"""The pages of this room."""

from espalier.site.views.drafts import drafts, my_drafts
from espalier.site.views.pages import (
    help_index,
    help_page,
    home,
    search,
    sharing,
    stop_token,
    tokens,
    unit,
)

__all__ = [
    "drafts",
    "help_index",
    "help_page",
    "home",
    "my_drafts",
    "search",
    "sharing",
    "stop_token",
    "tokens",
    "unit",
]
