"""What the pages of this room gather from the rooms below."""

from espalier.site.queries.home import KINDS, ROOMS, Home, HomePlace, administers, due_in_words, gather, gather_by_room, home, there
from espalier.site.queries.letters import LettersPage, letters_page
from espalier.site.queries.pages import (
    Below,
    FrontDoor,
    SharingPage,
    Taker,
    TokensPage,
    UnitPage,
    capabilities,
    front_door,
    help_page,
    help_pages,
    sharing_page,
    taker,
    tokens_page,
    unit_page,
)
from espalier.site.queries.search import Found, search, suggest

__all__ = [
    "KINDS",
    "ROOMS",
    "Below",
    "Found",
    "FrontDoor",
    "Home",
    "HomePlace",
    "LettersPage",
    "SharingPage",
    "Taker",
    "TokensPage",
    "UnitPage",
    "administers",
    "capabilities",
    "due_in_words",
    "front_door",
    "gather",
    "gather_by_room",
    "help_page",
    "help_pages",
    "home",
    "letters_page",
    "search",
    "sharing_page",
    "suggest",
    "taker",
    "there",
    "tokens_page",
    "unit_page",
]
