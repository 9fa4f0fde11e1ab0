"""Whatever is killed, whenever: what people were told is saved is there, nothing is half there, and nobody is told a lie."""

import re
import subprocess
import sys
import time

import psycopg
import pytest
from tests.conftest import embedded_free_port
from tests.unit.config import crashing

from espalier.common.errors import UnableTo
from espalier.config import backing_up, durable, roles


@pytest.fixture(scope="module")
def backup(databases, tmp_path_factory):
    """The demonstration, to be put into an installation of its own in a second."""
    folder = tmp_path_factory.mktemp("backups")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESPALIER_OWNER_URL", databases.server.url(roles.OWNER, databases.template))
        backing_up.back_up(None, folder, keep=1, say=lambda _: None)
    return folder


@pytest.fixture(scope="module")
def made(backup):
    with crashing.installation(backup, embedded_free_port(), workers=1) as made:
        yield made


def test_a_few_kills_lose_nothing_and_leave_nothing_half_saved(made, tmp_path):
    found, again = crashing.torment(made, tmp_path, kills=10, seed=1, pause=(0.3, 1.5), seconds=30)
    print(crashing.said(found))
    assert found["wrong"] == []
    assert all(found["kills"].values()), "each kind of victim at least once"
    assert min(found["figures"], found["notes"]) > 0, "there was load"
    assert found["statuses"].keys() <= {302, 422, 503}
    # And it would have been seen: one row less, of each kind.
    with psycopg.connect(made.server.url("postgres"), autocommit=True) as connection:
        connection.execute("DELETE FROM measures_pointversion WHERE id = (SELECT id FROM measures_pointversion WHERE why LIKE 'number %' LIMIT 1)")
        assert any("versions and" in words for words in again()), "an event without its version"
        connection.execute("DELETE FROM measures_markversion WHERE id = (SELECT id FROM measures_markversion WHERE words LIKE 'number %' LIMIT 1)")
        assert "notes and their versions differ" in again()
        connection.execute(
            "UPDATE measures_point p SET numerator = 1 FROM measures_series s, measures_measure m, organisations_unit u WHERE s.id = p.series_id"
            " AND m.id = s.measure_id AND u.id = s.unit_id AND m.code = 'team-medicine-errors' AND u.code = 'DEMO-WARD-7' AND p.period_on = '2019-02-01'"
        )
        assert any(words.startswith("the figure is 1.0") for words in again())


@pytest.mark.slow
def test_three_hundred_kills_lose_nothing_and_leave_nothing_half_saved(backup, tmp_path):
    with crashing.installation(backup, embedded_free_port(), workers=2) as own:
        found, _ = crashing.torment(own, tmp_path, kills=300, seed=2, pause=(0.3, 3.0), seconds=3 * 3600)
    print(crashing.said(found))
    assert found["wrong"] == []
    assert found["figures"] + found["notes"] >= 3000, "0 of 3,000 bounds the loss below 0.1 % (19 times of 20)"


def test_while_the_database_is_away_people_are_told_so_and_nothing_is_stored(made):
    browser = crashing.Browser(made.port)
    browser.sign_in("demo-leader")
    path = f"{crashing.FIGURES}enter/?month=2019-01"
    _, form = browser.form_of(path, "seen")
    sent = form | {"numerator": "77", "why": "away"}
    made.kill("database", None)
    began = time.monotonic()
    assert browser.send("GET", "/readyz")[0] == 503
    assert time.monotonic() - began < 10, "a load balancer hears of it soon"
    assert browser.send("GET", "/livez")[0] == 200
    status, _, html = browser.send("POST", path, sent)
    words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert (status, "Not saved yet" in words, "is not saved, because our database does not answer" in words) == (503, True, True)
    status, _, html = browser.send("GET", path)
    assert (status, "Not saved yet" in html, "Try again in a minute" in html) == (503, False, True)
    made.start_what_is_dead()
    made.wait()
    stored = "SELECT count(*) FROM measures_pointversion WHERE why = 'away'"
    assert crashing.asked(made, stored) == (0,)
    assert browser.send("POST", path, sent)[0] == 302, "the same form, sent again, is taken"
    assert browser.send("POST", path, sent)[0] == 302, "and once more"
    assert crashing.asked(made, stored) == (1,)


def test_pages_are_not_served_from_a_database_that_may_lose_what_is_saved(made):
    name = "synchronous_commit"
    url = made.server.url(roles.APP)
    with psycopg.connect(made.server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {roles.APP} SET {name} = off")
        try:
            with pytest.raises(UnableTo, match="may lose what people are told is saved"):
                durable.refuse_unless_kept(url)
            served = subprocess.run(
                [sys.executable, "-m", "espalier.config.cli", "serve", "--port", "1"], env=made.environment, capture_output=True, text=True,
                check=False, timeout=60,
            )  # fmt: skip
            assert (served.returncode, "Switch all three on" in served.stderr) == (1, True)
        finally:
            connection.execute(f"ALTER ROLE {roles.APP} RESET {name}")
    durable.refuse_unless_kept(url)


@pytest.mark.parametrize(("answer", "kept"), [((True, "on"), True), ((True, "remote_apply"), True), ((True, "off"), False), ((False, "on"), False), (None, False)])
def test_what_counts_as_kept(answer, kept):
    assert durable.keeps(answer) is kept


def test_a_database_that_is_not_there_yet_is_waited_for(tmp_path):
    durable.refuse_unless_kept(f"postgresql://nobody@/none?host={tmp_path}")
