"""The tables of this room."""

from espalier.site.models.drafts import Draft

__all__ = ["Draft"]
