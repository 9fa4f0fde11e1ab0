"""What stands about people in tables that no room above `access` owns: the log, signing in, jobs, history."""

from __future__ import annotations

from espalier.access.rights import DELETE, Clearing, Place, Tables

USER = "user_id = $1"
LOG = "What was done must stay provable for six years. The number in it names nobody any more once the account is gone."
TRIED = {"attempt_time": "When", "ip_address": "From address", "user_agent": "Browser"}


def _counted(delete: str) -> str:
    return f"WITH gone AS ({delete} RETURNING 1) SELECT count(*) FROM gone"  # noqa: S608  our own words, put in by the owner


AUDIT = Place(
    "audit_event",
    "What was done by you, and to your record",
    "Who did what, when.",
    "account_id = $1 OR (object_kind = 'person' AND object_id = $2::text) OR (object_kind = 'account' AND object_id = $1::text)"
    " OR about_id = $2",
    {"at": "When", "verb": "What was done", "object_kind": "To what kind of thing", "object_id": "Its number", "account_id": "By"},
    others=("account_id",),
    order="at",
    kept=LOG,
    index="audit_event_who ON audit_event (account_id, at)",
)
ADDRESS = Place(
    "audit_address",
    "From where you were refused",
    "The network address, for 30 days.",
    "event_id IN (SELECT id FROM audit_event WHERE account_id = $1)",
    {"address": "From address", "until": "Kept until"},
    erase=DELETE,
    rank=2,
)
# Only what is sealed goes, and its seal stays: the chain goes on unbroken, and verifying knows until when events may be gone
# (access.clearing.may_be_gone). An event that is old but was put in lately waits until its seal is old too.
EVENTS = Clearing(
    "audit",
    _counted("DELETE FROM audit_event e WHERE e.at < $1 AND EXISTS (SELECT 1 FROM audit_seal s WHERE s.event_id = e.id AND s.at < $1)"),
    ("audit_event", "audit_seal"),
)
ADDRESSES = Clearing("addresses", _counted("DELETE FROM audit_address WHERE until - interval '30 days' < $1"), ("audit_address",))

SIGNING_IN = (
    Place(
        "account_emailaddress",
        "E-mail addresses you proved",
        "You can sign in with them.",
        USER,
        {"email": "Address", "verified": "Proved"},
        erase=DELETE,
        rank=3,
    ),
    Place(
        "account_emailconfirmation",
        "Proofs of an address on their way",
        "Sent by e-mail; used once.",
        "email_address_id IN (SELECT id FROM account_emailaddress WHERE user_id = $1)",
        {"created": "Made", "sent": "Sent"},
        erase=DELETE,
        rank=2,
    ),
    Place(
        "socialaccount_socialaccount",
        "Who you are at another sign-on",
        "Your organisation's, for example.",
        USER,
        {
            "provider": "Where",
            "uid": "Your number there",
            "last_login": "Last used",
            "date_joined": "First used",
            "extra_data": "What it told us",
        },
        erase=DELETE,
        rank=3,
    ),
    Place(
        "socialaccount_socialtoken",
        "Keys of another sign-on",
        "The keys themselves are secret, also in a copy.",
        "account_id IN (SELECT id FROM socialaccount_socialaccount WHERE user_id = $1)",
        {"expires_at": "Works until"},
        erase=DELETE,
        rank=2,
    ),
    Place(
        "mfa_authenticator",
        "Second steps",
        "Passkeys, codes from an app. The keys themselves are secret, also in a copy.",
        USER,
        {"type": "Kind", "created_at": "Set up", "last_used_at": "Last used"},
        erase=DELETE,
        rank=2,
    ),
    Place(
        "usersessions_usersession",
        "Where you are signed in",
        "One line for each browser.",
        USER,
        {"created_at": "Since", "last_seen_at": "Last seen", "ip": "From address", "user_agent": "Browser"},
        erase=DELETE,
        rank=3,
    ),
    Place(
        "django_session",
        "Open sessions",
        "What keeps you signed in. It holds the number of your account, signed.",
        "session_key IN (SELECT session_key FROM usersessions_usersession WHERE user_id = $1)",
        {},
        erase=DELETE,
        rank=2,
    ),
    Place(
        "axes_accessattempt",
        "Attempts to sign in that failed",
        "For lock-out.",
        "lower(username) = lower($3)",
        TRIED | {"failures_since_start": "How many"},
        erase=DELETE,
        rank=3,
    ),
    Place(
        "axes_accessattemptexpiration",
        "When failed attempts are forgotten",
        "For lock-out.",
        "access_attempt_id IN (SELECT id FROM axes_accessattempt WHERE lower(username) = lower($3))",
        {"expires_at": "Until"},
        erase=DELETE,
        rank=2,
    ),
    Place(
        "axes_accesslog",
        "When you signed in",
        "And out.",
        "lower(username) = lower($3)",
        TRIED | {"logout_time": "Signed out"},
        erase=DELETE,
    ),
    Place("axes_accessfailurelog", "Attempts that failed, each", "For lock-out.", "lower(username) = lower($3)", TRIED, erase=DELETE),
)
ATTEMPTS = Clearing(
    "sign-in-attempts",
    "WITH until AS (DELETE FROM axes_accessattemptexpiration WHERE access_attempt_id IN (SELECT id FROM axes_accessattempt"
    " WHERE attempt_time < $1) RETURNING 1), a AS (DELETE FROM axes_accessattempt WHERE attempt_time < $1 RETURNING 1),"
    " l AS (DELETE FROM axes_accesslog WHERE attempt_time < $1 RETURNING 1),"
    " f AS (DELETE FROM axes_accessfailurelog WHERE attempt_time < $1 RETURNING 1)"
    " SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM l) + (SELECT count(*) FROM f)",
    ("axes_accessattempt", "axes_accessattemptexpiration", "axes_accesslog", "axes_accessfailurelog"),
)
SESSIONS = Clearing(
    "sessions",
    "WITH u AS (DELETE FROM usersessions_usersession WHERE last_seen_at < $1 - interval '1 day' RETURNING 1),"
    " s AS (DELETE FROM django_session WHERE expire_date < $1 RETURNING 1),"
    " c AS (DELETE FROM access_cache WHERE expires < $1 RETURNING 1) SELECT (SELECT count(*) FROM u) + (SELECT count(*) FROM s)",
    ("usersessions_usersession", "django_session", "access_cache"),
)

JOBS = Place(
    "procrastinate_jobs",
    "Work done for you in the background",
    "Only that it was done; its result is elsewhere in this copy.",
    "args->>'account_id' = $1::text",
    {"task_name": "What", "status": "Where it stands", "scheduled_at": "For when"},
    erase=DELETE,
    index="procrastinate_jobs_who ON procrastinate_jobs ((args->>'account_id'))",
)
DONE_JOBS = Clearing(
    "jobs",
    _counted(
        "DELETE FROM procrastinate_jobs WHERE status IN ('succeeded', 'failed', 'cancelled', 'aborted') AND id IN (SELECT job_id FROM"
        " procrastinate_events GROUP BY job_id HAVING max(at) < $1)"
    ),
    ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers"),  # its triggers write to the others
)
NOTHING = {
    "access_cache": "codes that were used and attempts that were counted, under hashes, until the end of a day at most",
    "procrastinate_events": "when a job began and ended; it goes with its job and names nobody",
    "pghistory_context": "which request made a change in a form: its own key and address, no person of itself",
}

HOLDS = (
    Tables("log", "What was done", (AUDIT, ADDRESS), (EVENTS, ADDRESSES)),
    Tables("signing-in", "Signing in", SIGNING_IN, (ATTEMPTS, SESSIONS)),
    Tables("jobs", "Work in the background", (JOBS,), (DONE_JOBS,), NOTHING),
)
