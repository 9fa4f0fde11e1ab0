"""What is kept of a person, a post or a role as it stood before a change; all of it goes when a person is erased.

It goes after the rows it is of: the database keeps each row that an erasure removes, and that is not to stay either.
"""

from __future__ import annotations

from espalier.access.rights import DELETE, Place

UNIT = {"unit_id": "(SELECT name FROM organisations_unit WHERE id = unit_id)"}
CHANGED_BY = {"pgh_created_at": "Changed", "by_id": "Changed by"}
ONCE_MINE = "SELECT pgh_obj_id FROM organisations_personevent WHERE account_id = $1"
ME = f"(person_id = $2 OR person_id IN ({ONCE_MINE} UNION SELECT id FROM organisations_person WHERE account_id = $1))"  # noqa: S608  our own words

PERSON_BEFORE = Place(
    "organisations_personevent",
    "Who you were here before a change",
    "Your name and e-mail as they stood.",
    "(pgh_obj_id = $2 OR account_id = $1)",
    {"name": "Name", "work_email": "Work e-mail", "is_partner": "Took part as a partner"} | CHANGED_BY,
    erase=DELETE,
    others=("by_id",),
    order="pgh_created_at",
    rank=9,
)
ASSIGNMENT_BEFORE = Place(
    "organisations_assignmentevent",
    "Posts as they stood before a change",
    "Kept by the database whenever a post is changed or removed.",
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
    }
    | CHANGED_BY,
    erase=DELETE,
    others=("by_id",),
    other_people=("manager_id",),
    reads=UNIT,
    order="pgh_created_at",
    rank=8,
)
GRANT_BEFORE = Place(
    "organisations_grantevent",
    "Roles as they stood before a change",
    "Kept by the database whenever a role is changed or removed.",
    ME,
    {"unit_id": "Where", "role": "Role", "since": "From", "until": "Until", "given_by_id": "Given by"} | CHANGED_BY,
    erase=DELETE,
    others=("given_by_id", "by_id"),
    reads=UNIT,
    order="pgh_created_at",
    rank=8,
)
STAFF_CHANGES = Place(
    "organisations_staffchange",
    "Changes of your staff record",
    "What stood before and after each.",
    ME,
    {"at": "When", "did": "What was done", "before": "Before", "after": "After", "why": "Why", "account_id": "By"},
    erase=DELETE,
    others=("account_id",),
    # The row of a post names the manager by number, and whose it is by account: both are told with the post itself or not at all.
    reads={"before": "before - 'manager_id' - 'account_id'", "after": "after - 'manager_id' - 'account_id'"},
    order="at",
    rank=8,
)

BEFORE = (PERSON_BEFORE, ASSIGNMENT_BEFORE, GRANT_BEFORE, STAFF_CHANGES)
