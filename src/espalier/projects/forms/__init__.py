"""Input of the projects room, checked and not stored."""

from espalier.projects.forms.programmes import (
    AnswerForm,
    AskForm,
    CoachForm,
    MeasureForm,
    MonthForm,
    NoteForm,
    ProgrammeForm,
    RemarkForm,
    SessionForm,
    TalkForm,
    month_in,
    number_in,
)
from espalier.projects.forms.projects import AimForm, BeginForm, ProgressForm, WhyForm

__all__ = [
    "AimForm",
    "AnswerForm",
    "AskForm",
    "BeginForm",
    "CoachForm",
    "MeasureForm",
    "MonthForm",
    "NoteForm",
    "ProgrammeForm",
    "ProgressForm",
    "RemarkForm",
    "SessionForm",
    "TalkForm",
    "WhyForm",
    "month_in",
    "number_in",
]
