"""What people send to these pages, checked."""

from espalier.site.forms.letters import LettersForm
from espalier.site.forms.pages import (
    SharingForm,
    TokenForm,
    number_of,
)

__all__ = [
    "LettersForm",
    "SharingForm",
    "TokenForm",
    "number_of",
]
