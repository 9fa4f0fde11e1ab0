"""What the server writes down about requests."""

from __future__ import annotations

import logging
from http import HTTPStatus


class Expected(logging.Filter):
    """Keep one line of a page that was refused or is not there: that is an answer, not a fault.

    Errors of our own keep the whole way they came; among the traces of every mistyped address nobody would see them.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop the trace of answers below 500, never the line."""
        if getattr(record, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR) < HTTPStatus.INTERNAL_SERVER_ERROR:
            record.exc_info = record.exc_text = None
        return True
