"""What this room keeps."""

from espalier.site.models.letters import RHYTHMS, LetterChoice

__all__ = ["RHYTHMS", "LetterChoice"]
