"""May this viewer do that, there: against a twin that walks the relations in plain Python, and the list against the answer."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from espalier.access.deciding import anywhere, can, can_each, visible
from espalier.access.roles import HERE, TREE, Right, Role, Roles, UnableToReadRoles, all_roles, read_roles
from espalier.access.viewer import VISITOR, Held, Viewer
from espalier.organisations.models import PART_OF, Relation, Unit

pytestmark = pytest.mark.django_db
CODES = ("ENG", "Y62", "QOP", "RJ1", "DEMO", "DEMO-TRUST", "DEMO-WARD-7", "DEMO-WARD-12", "DEMO-CARE")


@cache
def facts():
    """Numbers, kinds and parents of a few units as they are today."""
    units = {unit.code: unit for unit in Unit.objects.select_related("kind").filter(code__in=CODES)}
    parents = {row.child_id: row.parent_id for row in Relation.objects.filter(kind=PART_OF, until=None)}
    kinds = {unit.pk: unit.kind for unit in Unit.objects.select_related("kind").filter(pk__in={*parents.values()} | {u.pk for u in units.values()})}
    return units, parents, kinds


def way_up(pk):
    _, parents, _ = facts()
    while pk is not None:
        yield pk
        pk = parents.get(pk)


def twin(viewer, do, pk):
    """The rules of content/roles.yaml, read slowly."""
    _, _, kinds = facts()
    right, top = all_roles().rights[do], 30
    if right.second_step and not viewer.is_strong:
        return False
    for held in viewer.grants:
        role = all_roles().roles.get(held.role)
        if role is None or do not in role.may or held.unit_id not in way_up(pk):
            continue
        if held.unit_id == pk:
            return True
        if right.reach == HERE or role.only_here:
            continue
        if kinds[held.unit_id].rank >= top or (right.reach == TREE and (kinds[pk].is_organisation or kinds[pk].rank < top)):
            return True
    return False


@st.composite
def viewers(draw):
    held = draw(st.lists(st.tuples(st.sampled_from([*all_roles().roles, "a-role-that-was"]), st.sampled_from(CODES)), max_size=3))
    return draw(st.booleans()), held


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(somebody=viewers(), do=st.sampled_from(list(all_roles().rights)))
def test_the_answer_is_the_twins_and_the_list_is_the_answers(db, somebody, do):
    units, _, _ = facts()
    strong, held = somebody
    viewer = Viewer(account_id=1, name="x", grants=tuple(Held(role, units[code].pk) for role, code in held if code in units), is_strong=strong)
    each = can_each(viewer=viewer, do=do, unit_ids=[unit.pk for unit in units.values()])
    listed = visible(viewer=viewer, do=do)
    for unit in units.values():
        assert bool(each[unit.pk]) == twin(viewer, do, unit.pk) == (unit.pk in listed), (do, held, unit.code)
    if listed:
        assert anywhere(viewer=viewer, do=do)


def test_a_no_says_why_in_words():
    ward = Unit.objects.get(code="DEMO-WARD-7")
    nurse = Viewer(account_id=1, name="Sam", grants=(Held("team-member", ward.pk),))
    said = can(viewer=nurse, do="measures.define", unit_id=ward.pk).reason
    assert "team leader" in said
    assert ward.name in said
    assert can(viewer=VISITOR, do="measures.define", unit_id=ward.pk).reason == "Sign in to choose what is measured."


def test_what_needs_a_second_step_is_refused_without_one_and_the_reason_says_so():
    trust = Unit.objects.get(code="DEMO-TRUST")
    weak = Viewer(account_id=1, name="Ash", grants=(Held("administrator", trust.pk),))
    assert "second step" in can(viewer=weak, do="roles.give", unit_id=trust.pk).reason
    assert can(viewer=Viewer(account_id=1, grants=weak.grants, is_strong=True), do="roles.give", unit_id=trust.pk)
    assert visible(viewer=weak, do="roles.give") == frozenset()


def test_a_right_nobody_wrote_down_is_a_mistake_and_never_a_yes():
    with pytest.raises((UnableToReadRoles, KeyError)):
        can(viewer=Viewer(account_id=1), do="doors.open", unit_id=1)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [("code: team-leader", "code: team-member", "twice"), ("[figures.publish]", "[figures.publosh]", "figures.publosh"),
     ("reach: tree", "reach: everywhere", "everywhere"), ("roles:", "rolls:", "roles")],
)  # fmt: skip
def test_a_file_that_is_not_as_it_must_be_lets_nobody_in(tmp_path, settings, old, new, says):
    for name in ("roles.yaml", "roles.schema.json"):
        (tmp_path / name).write_text((settings.CONTENT_DIR / name).read_text())
    text = (tmp_path / "roles.yaml").read_text()
    (tmp_path / "roles.yaml").write_text(text.replace(old, new, 1))
    with pytest.raises(UnableToReadRoles, match=says):
        read_roles(tmp_path)


def test_a_role_that_may_one_sensitive_thing_needs_a_second_step():
    rights = {"a.b": Right("a.b", "do", "Do it.", "inside"), "a.c": Right("a.c", "do", "Do it.", "inside", second_step=True)}
    roles = {"plain": Role("plain", "P", "p", ("team",), frozenset({"a.b"})), "both": Role("both", "B", "b", ("team",), frozenset(rights))}
    assert [Roles(rights, roles).needs_second_step(one) for one in ("plain", "both", "gone")] == [False, True, False]


def test_the_database_and_the_file_agree_on_who_is_not_of_the_staff():
    """The view of what people hold names the roles of those outside; it cannot read the file.

    Two more it names are of the staff and are given by the view itself: team-member comes with a post, emergency-reader
    with emergency access that runs.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_viewdef('organisations_held'::regclass)")
        view = cursor.fetchone()[0]
    assert all(f"'{role}'" in view for role in all_roles().outside)
    assert [role for role in all_roles().roles if f"'{role}'" in view and role not in all_roles().outside | {"team-member", "emergency-reader"}] == []
    assert not all_roles().outside & {"team-member", "emergency-reader"}
