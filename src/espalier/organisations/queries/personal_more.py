"""What is held about a person round their posts and roles: asking to join, staff systems, and what they did for a place."""

from __future__ import annotations

from espalier.access.rights import DELETE, Place

UNIT = {"unit_id": "(SELECT name FROM organisations_unit WHERE id = unit_id)"}
ME = "(person_id = $2 OR person_id IN (SELECT id FROM organisations_person WHERE account_id = $1))"
ONLY_A_NUMBER = "It is the organisation's. The number on it names nobody any more."

JOINING = Place(
    "organisations_joinrequest",
    "Places you asked to join",
    "With what you wrote, and the answer.",
    f"(account_id = $1 OR {ME})",
    {"unit_id": "Where", "name": "Name", "email": "E-mail", "message": "Message", "asked_at": "Asked", "answer": "Answer", "why": "Why"},
    erase=DELETE,
    reads=UNIT,
    order="asked_at",
    rank=4,
)
# After the posts and before the person; who still works there stays in what the employer's system has told.
CONNECTED = Place(
    "organisations_connected",
    "What your employer's staff system tells us",
    "As it was sent.",
    ME,
    {"key": "Name to sign in with", "document": "What was sent", "made_at": "First sent", "changed_at": "Last sent"},
    erase=f"DELETE FROM organisations_connected c WHERE {ME} AND NOT EXISTS (SELECT 1 FROM organisations_assignment a"  # noqa: S608  our own words
    " WHERE a.person_id = c.person_id AND (a.until IS NULL OR a.until > current_date))",
    kept="While you hold a post there your employer's system goes on telling us. It goes after you leave.",
    order="made_at",
    rank=5,
)
EMERGENCY = Place(
    "organisations_emergency",
    "Emergency access you asked for",
    "With your reason.",
    "account_id = $1",
    {"reason": "Reason", "asked_at": "Asked", "approved_at": "Agreed to", "until": "Until", "ended_at": "Ended"},
    kept="Who read other people's records in an emergency, and why, must stay provable to them. It cannot be changed by anybody.",
    order="asked_at",
)
INVITATION = Place(
    "organisations_invitation",
    "Invitations you made",
    "For a place. Their words are secret, also in a copy.",
    "made_by_id = $1",
    {"unit_id": "To where", "role": "Role", "note": "Note", "made_at": "Made", "expires_at": "Works until", "stopped_at": "Stopped"},
    kept=ONLY_A_NUMBER + " It works no more once your account is gone.",
    reads=UNIT,
    order="made_at",
)
CHANGE = Place(
    "organisations_change",
    "Changes of places you made",
    "A move, a new name, a closing.",
    "done_by_id = $1",
    {"unit_id": "Where", "what": "What", "on": "From", "done_at": "When"},
    kept=ONLY_A_NUMBER,
    reads=UNIT,
    order="done_at",
)
REMOVAL = Place(
    "organisations_removal",
    "Places you asked to delete",
    "Until the wait is over.",
    "asked_by_id = $1",
    {"unit_id": "Which", "why": "Why", "asked_at": "Asked", "due_on": "Goes on"},
    kept=ONLY_A_NUMBER,
    reads=UNIT,
    order="asked_at",
)
UNIT_BEFORE = Place(
    "organisations_unitevent",
    "Places as they stood before you changed them",
    "Kept by the database.",
    "by_id = $1",
    {"name": "Name", "pgh_created_at": "Changed"},
    kept=ONLY_A_NUMBER,
    order="pgh_created_at",
)
SHARING_BEFORE = Place(
    "organisations_sharingevent",
    "What a place shared upward before you changed it",
    "Kept by the database.",
    "(by_id = $1 OR given_by_id = $1)",
    {"unit_id": "Where", "measure_code": "What", "since": "From", "until": "Until", "pgh_created_at": "Changed"},
    kept=ONLY_A_NUMBER,
    reads=UNIT,
    order="pgh_created_at",
)

MORE = (JOINING, CONNECTED, EMERGENCY, INVITATION, CHANGE, REMOVAL, UNIT_BEFORE, SHARING_BEFORE)
NOTHING = {"organisations_followed": "which post or role went where with its place; the posts and roles themselves are told and erased"}
