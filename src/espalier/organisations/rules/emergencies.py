"""What state an emergency access is in at a moment. The same moments hold in the database (organisations_held)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

ASKED, RUNNING, OVER, STOPPED, REFUSED, LAPSED = "asked", "running", "over", "stopped", "refused", "lapsed"
LASTS, WAITS = timedelta(minutes=60), timedelta(hours=24)
LEAST, MOST = 20, 500  # characters of a reason


@dataclass(frozen=True, slots=True)
class Moments:
    """When something was asked for, agreed to and ended, as far as it was."""

    asked_at: datetime
    approved_at: datetime | None = None
    until: datetime | None = None
    ended_at: datetime | None = None

    def state(self, at: datetime) -> str:
        """Say how it stands.

        >>> from datetime import UTC, datetime
        >>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
        >>> agreed = Moments(noon, noon, noon + LASTS)
        >>> agreed.state(noon + timedelta(minutes=59)), agreed.state(noon + timedelta(minutes=60))
        ('running', 'over')
        >>> Moments(noon).state(noon), Moments(noon).state(noon + timedelta(days=2)), Moments(noon, ended_at=noon).state(noon)
        ('asked', 'lapsed', 'refused')
        """
        if self.approved_at is None or self.until is None:
            if self.ended_at is not None:
                return REFUSED
            return ASKED if at < self.asked_at + WAITS else LAPSED
        if self.ended_at is not None:
            return STOPPED
        return RUNNING if at < self.until else OVER
