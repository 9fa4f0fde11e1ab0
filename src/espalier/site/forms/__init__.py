"""What people send to these pages, checked."""

from espalier.site.forms.audit import AuditForm, EmergencyForm, HeadForm, uuid_of
from espalier.site.forms.pages import (
    SharingForm,
    TokenForm,
    number_of,
)

__all__ = [
    "AuditForm",
    "EmergencyForm",
    "HeadForm",
    "SharingForm",
    "TokenForm",
    "number_of",
    "uuid_of",
]
