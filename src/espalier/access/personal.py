"""What this room holds about a person: the account, tokens, requests and choices."""

from __future__ import annotations

from espalier.access.rights import DELETE, Clearing, Place, Tables

MINE = "account_id = $1"

ACCOUNT = Place(
    "access_account",
    "Your account",
    "With this you sign in.",
    "id = $1",
    {
        "username": "Sign-in name",
        "email": "E-mail address",
        "is_active": "Can sign in",
        "last_login": "Last signed in",
        "is_demo": "Made up",
    },
    erase=DELETE,
    rank=9,
)
TOKEN = Place(
    "access_token",
    "Tokens for programs",
    "With one a program acts for you.",
    MINE,
    {
        "name": "What for",
        "prefix": "Begins with",
        "may_read": "May read",
        "may_enter": "May put figures in",
        "made_at": "Made",
        "expires_at": "Works until",
        "used_at": "Last used",
        "stopped_at": "Stopped",
    },
    erase=DELETE,
    order="made_at",
    rank=1,
)
REQUEST = Place(
    "access_datarequest",
    "What you asked for under your rights",
    "Copies and erasures.",
    "about_id = $1 OR (about_id IS NULL AND person_id = $2)",
    {
        "kind": "What",
        "state": "Where it stands",
        "asked_at": "Asked",
        "due_at": "Due",
        "kept_until": "Kept until",
        "asked_by_id": "Asked by",
    },
    others=("asked_by_id",),
    order="asked_at",
    kept="That an erasure was asked for and done is proof that we kept the law. It holds numbers that name nobody any more.",
)
PART = Place(
    "access_datapart", "Copies made for you", "The files themselves; they are not copied into one another.", MINE, {}, erase=DELETE, rank=1
)
CONSENT = Place(
    "access_consent",
    "Your choices",
    "What you said yes or no to, in the words of that day.",
    MINE,
    {"code": "Choice", "words": "What was asked", "given": "Yes", "at": "When"},
    erase=DELETE,
    order="at",
    rank=1,
)

SENT = Place(
    "access_sent",
    "Forms you sent",
    "So that a form sent twice counts once; it is locked, also for us.",
    MINE,
    {"at": "When"},
    erase=DELETE,
    order="at",
    rank=1,
)
LETTER = Place(
    "access_signinletter",
    "Letters to sign in with",
    "A link that works once.",
    "lower(email) = $4",
    {"email": "Address", "name": "Name", "made_at": "Made", "expires_at": "Works until", "used_at": "Used"},
    erase=DELETE,
    order="made_at",
    rank=1,
)
CONNECTION = Place(
    "access_connection",
    "Connections of staff systems you made",
    "For your organisation.",
    "made_by_id = $1",
    {"name": "Name", "prefix": "Begins with", "made_at": "Made", "used_at": "Last used", "stopped_at": "Stopped"},
    kept="The connection is the organisation's, and goes on without you. The number on it names nobody any more.",
    order="made_at",
)

COPIES = Clearing(
    "copies-of-data",
    "WITH gone AS (DELETE FROM access_datapart WHERE request_id IN (SELECT id FROM access_datarequest WHERE kind = 'copy'"
    " AND asked_at < $1) RETURNING 1),"
    " old AS (DELETE FROM access_datarequest WHERE kind = 'copy' AND asked_at < $1 RETURNING 1) SELECT count(*) FROM old",
    ("access_datapart", "access_datarequest"),
)
TOKENS = Clearing(
    "tokens",
    "WITH gone AS (DELETE FROM access_token WHERE least(stopped_at, expires_at) < $1 RETURNING 1) SELECT count(*) FROM gone",
    ("access_token",),
)

SENT_ONCE = Clearing(
    "sent-forms", "WITH gone AS (DELETE FROM access_sent WHERE at < $1 RETURNING 1) SELECT count(*) FROM gone", ("access_sent",)
)
LETTERS = Clearing(
    "sign-in-letters",
    "WITH gone AS (DELETE FROM access_signinletter WHERE expires_at < $1 RETURNING 1) SELECT count(*) FROM gone",
    ("access_signinletter",),
)

HOLDS = Tables(
    "account",
    "Your account",
    (ACCOUNT, TOKEN, REQUEST, PART, CONSENT, SENT, LETTER, CONNECTION),
    (COPIES, TOKENS, SENT_ONCE, LETTERS),
)
