"""Special data stand in schemas that the app role cannot open; two roles, taken for one block, can."""

import ast
from pathlib import Path

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from espalier.access.door import acting_as
from espalier.access.special import COLLECT, RELEASE, SCHEMAS, taking
from espalier.access.viewer import VISITOR
from espalier.config import roles

SOURCE = Path(__file__).resolve().parents[2] / "src" / "espalier"
# The only modules that may take one of the roles. A new one is a decision, with a record in docs/adr.
MAY_TAKE = {"listening.collect": {"COLLECT"}, "listening.release": {"RELEASE"}, "workforce.release": {"RELEASE"}, "workforce.collect": {"COLLECT"}}


@pytest.fixture
def answers(as_owner):
    for schema in SCHEMAS:
        as_owner.execute(f"CREATE TABLE {schema}.answer (words text)")
        as_owner.execute(f"INSERT INTO {schema}.answer VALUES ('kept')")
    return as_owner


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("statement", ["SELECT * FROM {}.answer", "INSERT INTO {}.answer VALUES ('x')", "DELETE FROM {}.answer", "CREATE TABLE {}.other ()"])
def test_the_app_is_refused(answers, schema, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(VISITOR):
        run(statement.format(schema))


@pytest.mark.parametrize("schema", SCHEMAS)
def test_who_releases_reads_and_adds_nothing(answers, schema):
    with acting_as(VISITOR):
        with taking(RELEASE):
            assert run(f"SELECT words FROM {schema}.answer") == [("kept",)]
        assert run("SELECT current_user") == [(roles.APP,)]
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(VISITOR), taking(RELEASE):
        run(f"INSERT INTO {schema}.answer VALUES ('x')")
    assert answers.execute(f"SELECT count(*) FROM {schema}.answer").fetchone() == (1,)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_who_collects_adds_and_reads_nothing(answers, schema):
    with acting_as(VISITOR), taking(COLLECT):
        run(f"INSERT INTO {schema}.answer VALUES ('new')")
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(VISITOR), taking(COLLECT):
        run(f"SELECT * FROM {schema}.answer")
    assert answers.execute(f"SELECT count(*) FROM {schema}.answer").fetchone() == (2,)


def test_the_role_ends_with_an_error_and_with_the_transaction(answers):
    with pytest.raises(ZeroDivisionError), acting_as(VISITOR), taking(RELEASE):
        1 / 0  # noqa: B018
    with acting_as(VISITOR):
        assert run("SELECT current_user") == [(roles.APP,)]
    with pytest.raises(ProgrammingError), acting_as(VISITOR), taking(RELEASE):
        run("SELECT nothing FROM nowhere")
    with acting_as(VISITOR):
        assert run("SELECT current_user") == [(roles.APP,)]
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
            run("SELECT * FROM vault.answer")


def test_no_role_is_taken_outside_a_transaction_nor_one_that_is_not_for_it(own_database):
    with pytest.raises(RuntimeError), taking(RELEASE):
        pass
    with pytest.raises(ValueError, match="espalier_maintain"), acting_as(VISITOR), taking(roles.MAINTAIN):
        pass


def calls_of_taking():
    """Each call of taking() in the product: the module, and the name of the role it takes."""
    for path in sorted(SOURCE.rglob("*.py")):
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "taking":
                yield module, ast.unparse(node.args[0])


def test_nobody_else_takes_a_role():
    assert [(module, role) for module, role in calls_of_taking() if role not in MAY_TAKE.get(module, set())] == []


def test_no_other_code_changes_its_role():
    """Only migrations do, as the owner; and the commands that back up and restore, which say so."""
    told = {"access/special.py", "config/roles.py", "config/leaving.py", "config/backing_up.py", "exports/everything_in.py"}
    found = {
        str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts and ("SET ROLE" in (text := path.read_text(encoding="utf-8")) or "SET LOCAL ROLE" in text)
    }  # fmt: skip
    assert found == told
