"""Whether "saved" means written to disk: asked of the database before a page is served."""

from __future__ import annotations

import psycopg

from espalier.common.errors import UnableTo

# With these a commit waits for its own disk at least; with "off" it may be lost though it was answered.
WAITS = ("on", "local", "remote_write", "remote_apply")
QUESTION = "SELECT current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on', current_setting('synchronous_commit')"


def keeps(answer: tuple[bool, str] | None) -> bool:
    """Judge the answer to QUESTION."""
    return answer is not None and answer[0] and answer[1] in WAITS


def refuse_unless_kept(url: str) -> None:
    """Refuse to serve from a database that may lose what people were told is saved.

    One that does not answer yet is waited for elsewhere: /readyz asks the same and says no until it does.
    """
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            answer = connection.execute(QUESTION).fetchone()
    except psycopg.OperationalError:
        return
    if not keeps(answer):
        raise UnableTo(
            "The database may lose what people are told is saved: fsync, full_page_writes or synchronous_commit is off.",
            to_do="Switch all three on, for the server and for the role of DATABASE_URL.",
            code="not-durable",
        )
