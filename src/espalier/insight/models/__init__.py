"""Tables of this room."""

from espalier.insight.models.packs import Pack, PackPart
from espalier.insight.models.papers import Frozen, Paper, PaperVersion

__all__ = ["Frozen", "Pack", "PackPart", "Paper", "PaperVersion"]
