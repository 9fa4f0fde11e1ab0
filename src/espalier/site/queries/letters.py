"""What the page about letters shows: what somebody chose, what was sent, and what would be written now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.measures import queries as measures
from espalier.site.models import LetterChoice
from espalier.site.models.letters import QUIET_FROM, QUIET_UNTIL, WEEKEND
from espalier.site.queries.home import due_in_words, gather_by_room

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, time

    from espalier.access.viewer import Viewer
    from espalier.measures.queries import Sent


@dataclass(frozen=True, slots=True)
class LettersPage:
    """Everything the page says."""

    address: str
    how_often: str
    quiet_from: time
    quiet_until: time
    quiet_days: tuple[int, ...]
    chosen: bool
    follows: Mapping[str, int]
    sent: tuple[Sent, ...]
    now: tuple[str, ...]  # what a letter would say is due


def letters_page(*, viewer: Viewer, at: datetime) -> LettersPage:
    """Gather somebody's own letters; where nothing was chosen, nothing comes and nights and weekends are quiet."""
    row = LetterChoice.objects.filter(account_id=viewer.account_id or 0).values_list(
        "how_often", "quiet_from", "quiet_until", "quiet_days").first()  # fmt: skip
    how_often, since, until, days = row or ("never", QUIET_FROM, QUIET_UNTIL, WEEKEND)
    return LettersPage(
        address=measures.mail_address(viewer=viewer), how_often=how_often, quiet_from=since, quiet_until=until, quiet_days=tuple(days),
        chosen=row is not None, follows=measures.rhythms(viewer=viewer), sent=measures.letters_sent(viewer=viewer),
        now=due_in_words(gather_by_room(viewer=viewer, at=at)),
    )  # fmt: skip
