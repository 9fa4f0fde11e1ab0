"""The pages of this room."""

from espalier.site.views.audit import audit, audit_csv, audit_head, audit_verify, emergency, who_looked
from espalier.site.views.drafts import drafts, my_drafts
from espalier.site.views.pages import help_index, help_page, home, search, sharing, stop_token, tokens, unit

__all__ = [
    "audit",
    "audit_csv",
    "audit_head",
    "audit_verify",
    "drafts",
    "emergency",
    "help_index",
    "help_page",
    "home",
    "my_drafts",
    "search",
    "sharing",
    "stop_token",
    "tokens",
    "unit",
    "who_looked",
]
