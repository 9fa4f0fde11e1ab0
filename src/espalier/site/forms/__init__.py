"""What people send to these pages, checked."""

from espalier.site.forms.complaints import AnswerForm, ComplaintForm, ForWhomForm, ReceiptForm
from espalier.site.forms.pages import (
    SharingForm,
    TokenForm,
    number_of,
)

__all__ = [
    "AnswerForm",
    "ComplaintForm",
    "ForWhomForm",
    "ReceiptForm",
    "SharingForm",
    "TokenForm",
    "number_of",
]
