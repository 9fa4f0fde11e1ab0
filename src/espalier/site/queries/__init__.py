"""What the pages of this room gather from the rooms below."""

from espalier.site.queries.drafts import DraftFacts, draft, drafts
from espalier.site.queries.pages import (
    Below,
    Found,
    FrontDoor,
    SharingPage,
    Taker,
    TokensPage,
    UnitPage,
    capabilities,
    front_door,
    help_page,
    help_pages,
    search,
    sharing_page,
    taker,
    tokens_page,
    unit_page,
)

__all__ = [
    "Below",
    "DraftFacts",
    "Found",
    "FrontDoor",
    "SharingPage",
    "Taker",
    "TokensPage",
    "UnitPage",
    "capabilities",
    "draft",
    "drafts",
    "front_door",
    "help_page",
    "help_pages",
    "search",
    "sharing_page",
    "taker",
    "tokens_page",
    "unit_page",
]
