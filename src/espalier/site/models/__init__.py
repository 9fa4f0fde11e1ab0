"""The tables of this room."""

from espalier.site.models.drafts import Draft
from espalier.site.models.letters import RHYTHMS, LetterChoice

__all__ = [
    "RHYTHMS",
    "Draft",
    "LetterChoice",
]
