"""The pages of this room."""

from espalier.site.views.home import home
from espalier.site.views.letters import letters, write_again
from espalier.site.views.letters import stop as stop_letters
from espalier.site.views.pages import (
    help_index,
    help_page,
    sharing,
    stop_token,
    tokens,
    unit,
)
from espalier.site.views.search import search, suggest

__all__ = [
    "help_index",
    "help_page",
    "home",
    "letters",
    "search",
    "sharing",
    "stop_letters",
    "stop_token",
    "suggest",
    "tokens",
    "unit",
    "write_again",
]
