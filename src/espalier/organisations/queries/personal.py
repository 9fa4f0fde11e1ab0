"""What this room holds about a person: who they are, posts, roles, what they agreed for a place, complaints."""

from __future__ import annotations

from espalier.access.rights import DELETE, Clearing, Place, Tables

UNIT = {"unit_id": "(SELECT name FROM organisations_unit WHERE id = unit_id)"}
ME = "(person_id = $2 OR person_id IN (SELECT id FROM organisations_person WHERE account_id = $1))"
STAFF = "A post that is held today belongs to the staff list of the employer, who must keep one. It goes after you leave."
ENDED = "until IS NOT NULL AND until <= current_date"
# Whoever holds a post today stays on the employer's list by name; the way to sign in goes.
PERSON_GOES = (
    "WITH mine AS (SELECT p.id, EXISTS (SELECT 1 FROM organisations_assignment a WHERE a.person_id = p.id AND (a.until IS NULL OR"
    " a.until > current_date)) AS works FROM organisations_person p WHERE p.id = $2 OR p.account_id = $1),"
    " kept AS (UPDATE organisations_person SET account_id = NULL WHERE id IN (SELECT id FROM mine WHERE works) RETURNING 1)"
    " DELETE FROM organisations_person WHERE id IN (SELECT id FROM mine WHERE NOT works)"
)

PERSON = Place(
    "organisations_person",
    "Who you are here",
    "Your name as colleagues see it.",
    "(id = $2 OR account_id = $1)",
    {"name": "Name", "work_email": "Work e-mail", "is_partner": "Takes part as a partner", "made_up": "Made up"},
    erase=PERSON_GOES,
    kept=STAFF,
    rank=6,
)
ASSIGNMENT = Place(
    "organisations_assignment",
    "Posts you hold or held",
    "From the staff list.",
    ME,
    {
        "unit_id": "Where",
        "role_title": "Post",
        "number": "Employer's number",
        "profession": "Profession",
        "staff_group": "Staff group",
        "band": "Band",
        "fraction": "Part of full time",
        "manager_id": "Manager",
        "since": "From",
        "until": "Until",
    },
    erase=f"DELETE FROM organisations_assignment WHERE {ME} AND {ENDED}",  # noqa: S608  our own words, put in by the owner
    kept=STAFF,
    other_people=("manager_id",),
    reads=UNIT,
    order="since",
    rank=4,
)
GRANT = Place(
    "organisations_grant",
    "Roles you hold or held",
    "What you may do, and where.",
    ME,
    {"unit_id": "Where", "role": "Role", "since": "From", "until": "Until", "given_by_id": "Given by"},
    erase=DELETE,
    others=("given_by_id",),
    reads=UNIT,
    order="since",
    rank=4,
)
SHARING = Place(
    "organisations_sharing",
    "What you agreed to share upward",
    "For a place, not for yourself.",
    "given_by_id = $1",
    {"unit_id": "Where", "measure_code": "What", "since": "From", "until": "Until"},
    reads=UNIT,
    order="since",
    kept="The agreement is the organisation's. The number on it names nobody any more.",
)
COMPLAINT = Place(
    "organisations_complaint",
    "Complaints you made while signed in",
    "With what was answered.",
    "account_id = $1",
    {
        "number": "Number",
        "words": "Words",
        "sent_at": "Sent",
        "acknowledged_at": "Acknowledged",
        "answer": "Answer",
        "answered_at": "Answered",
    },
    erase="UPDATE organisations_complaint SET account_id = NULL, name = '', email = '' WHERE account_id = $1",
    kept="The law has us keep complaints and answers for a time. Name, e-mail and account are taken off.",
    order="sent_at",
    rank=3,
)

LEAVERS = Clearing(
    "leavers",
    # Statements of one WITH see the table as it was, so who has nothing left is counted by what would stay.
    "WITH old AS (DELETE FROM organisations_assignment WHERE until < $1::date RETURNING id, person_id),"
    " roles AS (DELETE FROM organisations_grant WHERE until < $1::date RETURNING id, person_id),"
    " touched AS (SELECT person_id FROM old UNION SELECT person_id FROM roles),"
    " gone AS (DELETE FROM organisations_person p WHERE p.account_id IS NULL AND p.id IN (SELECT person_id FROM touched)"
    " AND NOT EXISTS (SELECT 1 FROM organisations_assignment a WHERE a.person_id = p.id AND (a.until IS NULL OR a.until >= $1::date))"
    " AND NOT EXISTS (SELECT 1 FROM organisations_grant g WHERE g.person_id = p.id AND (g.until IS NULL OR g.until >= $1::date))"
    " RETURNING 1)"
    " SELECT (SELECT count(*) FROM old) + (SELECT count(*) FROM roles) + (SELECT count(*) FROM gone)",
    ("organisations_assignment", "organisations_grant", "organisations_person"),
)
COMPLAINTS = Clearing(
    "complaints",
    "WITH gone AS (DELETE FROM organisations_complaint WHERE answered_at < $1 RETURNING 1) SELECT count(*) FROM gone",
    ("organisations_complaint",),
)

HOLDS = Tables("posts-and-roles", "Posts and roles", (PERSON, ASSIGNMENT, GRANT, SHARING, COMPLAINT), (LEAVERS, COMPLAINTS))
