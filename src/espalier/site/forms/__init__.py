"""What people send to these pages, checked."""

from espalier.site.forms.audit import AuditForm, EmergencyForm, HeadForm, uuid_of
from espalier.site.forms.complaints import AnswerForm, ComplaintForm, ForWhomForm, ReceiptForm
from espalier.site.forms.letters import LettersForm
from espalier.site.forms.pages import SharingForm, TokenForm, number_of

__all__ = [
    "AnswerForm",
    "AuditForm",
    "ComplaintForm",
    "EmergencyForm",
    "ForWhomForm",
    "HeadForm",
    "LettersForm",
    "ReceiptForm",
    "SharingForm",
    "TokenForm",
    "number_of",
    "uuid_of",
]
