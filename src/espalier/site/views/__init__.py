"""The pages of this room."""

from espalier.site.views.audit import audit, audit_csv, audit_head, audit_verify, emergency, who_looked
from espalier.site.views.drafts import drafts, my_drafts
from espalier.site.views.home import home
from espalier.site.views.letters import letters, write_again
from espalier.site.views.letters import stop as stop_letters
from espalier.site.views.pages import help_index, help_page, sharing, stop_token, tokens, unit
from espalier.site.views.search import search, suggest

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
    "letters",
    "my_drafts",
    "search",
    "sharing",
    "stop_letters",
    "stop_token",
    "suggest",
    "tokens",
    "unit",
    "who_looked",
    "write_again",
]
