"""How often somebody may ask in a minute."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MINUTE = 60


class Limit:
    """Counts calls by caller, minute by minute, in the memory of one process.

    With several processes a caller may get as many minutes' worth: that is near enough for keeping a runaway script
    from everybody else's pages, and it costs no question to the database. Each new minute forgets all callers, so the
    memory it takes is bounded by what can be asked in one.
    """

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._lock = threading.Lock()
        self._minute = 0
        self._asked: dict[str, int] = {}

    def wait(self, who: str, *, at: datetime) -> int:
        """Count one call and return 0, or how many seconds to wait before the next is answered."""
        now = int(at.timestamp())
        with self._lock:
            if now // MINUTE != self._minute:
                self._minute, self._asked = now // MINUTE, {}
            self._asked[who] = self._asked.get(who, 0) + 1
            return MINUTE - now % MINUTE if self._asked[who] > self.per_minute else 0
