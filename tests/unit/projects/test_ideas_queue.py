"""What a phone's queue sends, in any order and as often as it likes, is stored once and never under another's name."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from espalier.access.door import acting_as
from espalier.access.registry import viewer_of
from espalier.projects import actions
from espalier.projects.models import Idea

QUEUE = "/projects/ideas/queue/"
pytestmark = pytest.mark.django_db


def phone(name: str = "", **how: Any) -> Client:
    client = Client(**how)
    if name:
        account = get_user_model().objects.get(username=f"demo-{name}")
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ready(client: Client) -> dict[str, str]:
    return json.loads(client.get(QUEUE).content)


def send(client: Client, who: str, **facts: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(QUEUE, {"who": who, "kind": "idea", "edition": 1, "made": "2026-03-01T09:30:00.000Z"} | facts)
    return answer.status_code, json.loads(answer.content)


class Queues(RuleBasedStateMachine):
    """Two people, each with a phone; what the server must hold is kept beside it in a dictionary."""

    numbers = Bundle("numbers")
    WORDS = st.text(alphabet="abc éß“\u0000\u200b", min_size=1, max_size=8).filter(lambda text: text.replace("\0", "").replace("\u200b", "").strip())

    def __init__(self) -> None:
        super().__init__()
        self.phones = {name: phone(name) for name in ("nurse", "leader")}
        self.marks = {name: ready(client)["who"] for name, client in self.phones.items()}
        self.people = {name: viewer_of(get_user_model().objects.get(username=f"demo-{name}")) for name in self.phones}
        self.held: dict[uuid.UUID, list[Any]] = {}  # whose, words, edition, taken back

    @staticmethod
    def tidy(words: str) -> str:
        return " ".join(words.replace("\0", "").replace("\u200b", "").split())

    @rule(target=numbers, name=st.sampled_from(["nurse", "leader"]), words=WORDS)
    def types_one(self, name: str, words: str) -> uuid.UUID:
        number = uuid.uuid4()
        assert send(self.phones[name], self.marks[name], id=number, words=words)[1] == {
            "stored": True, "id": str(number), "again": False, "words": self.tidy(words), "edition": 1,
        }  # fmt: skip
        self.held[number] = [name, self.tidy(words), 1, False]
        return number

    @rule(number=numbers, words=WORDS, edition=st.integers(1, 4))
    def sends_it_again(self, number: uuid.UUID, words: str, edition: int) -> None:
        """A retry, a later wording, or an older one that was held up: the latest edition wins, and a taken back one stays so."""
        held = self.held[number]
        name, before, stands, gone = held
        status, said = send(self.phones[name], self.marks[name], id=number, words=words, edition=edition)
        if edition > stands and not gone and self.tidy(words) != before:
            held[1:3] = [self.tidy(words), edition]
        assert (status, said["stored"], said["again"], said["words"]) == (200, True, True, held[1])

    @rule(number=numbers, words=WORDS, edition=st.integers(1, 9))
    def somebody_else_sends_it(self, number: uuid.UUID, words: str, edition: int) -> None:
        other = "leader" if self.held[number][0] == "nurse" else "nurse"
        owner = self.marks[self.held[number][0]]
        assert send(self.phones[other], owner, id=number, words=words, edition=edition) == (409, {"problem": "somebody-else"})
        status, said = send(self.phones[other], self.marks[other], id=number, words=words, edition=edition)
        assert (status, said["problem"]) == (422, "number")

    @rule(number=numbers, words=WORDS)
    def nobody_sends_it(self, number: uuid.UUID, words: str) -> None:
        assert send(phone(), self.marks["nurse"], id=number, words=words) == (401, {"problem": "signed-out"})

    @rule(number=consumes(numbers))
    def takes_it_back(self, number: uuid.UUID) -> None:
        viewer = self.people[self.held[number][0]]
        with acting_as(viewer):
            actions.take_back_idea(actor=viewer, at=datetime(2026, 3, 2, tzinfo=UTC), idea=number)
        self.held[number][3] = True
        self.sends_it_again(number=number, words="again", edition=9)

    @invariant()
    def the_server_holds_each_once(self) -> None:
        for name, viewer in self.people.items():
            mine = {number: (words, gone) for number, (whose, words, _, gone) in self.held.items() if whose == name}
            with acting_as(viewer):
                rows = Idea.objects.filter(pk__in=self.held, account_id=viewer.account_id).values_list("pk", "words", "removed_at")
                assert sorted(map(str, (pk for pk, *_ in rows))) == sorted(map(str, mine))
                assert {pk: (words, gone is not None) for pk, words, gone in rows} == mine


def test_whatever_the_network_does_each_is_stored_once() -> None:
    few = settings(max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Queues, settings=few)


def test_a_fresh_token_is_given_and_an_old_one_refused() -> None:
    sam = phone("nurse", enforce_csrf_checks=True)
    me = ready(sam)
    assert send(sam, me["who"], id=uuid.uuid4(), words="A", csrfmiddlewaretoken=me["token"])[0] == 200
    assert sam.post(QUEUE, {"who": me["who"], "id": str(uuid.uuid4()), "words": "B"}).status_code == 403


def test_a_visitor_is_told_that_nobody_is_signed_in_and_marks_differ() -> None:
    marks = [ready(phone(name))["who"] for name in ("", "nurse", "leader")]
    assert marks[0] == ""
    assert len(set(marks)) == 3


@pytest.mark.parametrize(
    "facts",
    [{"id": "no number"}, {"id": ""}, {"words": ""}, {"words": " \0 "}, {"words": "x" * 1001}],
)
def test_what_will_never_be_taken_is_said_so_for_good(facts: dict[str, str]) -> None:
    sam = phone("nurse")
    status, said = send(sam, ready(sam)["who"], **({"id": str(uuid.uuid4()), "words": "A"} | facts))
    assert status == 422
    assert said["what"]
    assert said["to_do"]


@pytest.mark.parametrize("made", ["", "yesterday", "2999-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-03-01T09:30:00", "9999-12-31T23:59:59-23:59"])
def test_a_clock_that_cannot_be_right_is_not_believed(made: str) -> None:
    sam, number = phone("nurse"), uuid.uuid4()
    assert send(sam, ready(sam)["who"], id=number, words="A", made=made)[0] == 200
    viewer = viewer_of(get_user_model().objects.get(username="demo-nurse"))
    with acting_as(viewer):
        row = Idea.objects.get(pk=number)
    assert row.made_at == row.received_at


def test_an_idea_typed_an_hour_ago_in_the_cellar_says_so() -> None:
    sam, number = phone("nurse"), uuid.uuid4()
    then = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    send(sam, ready(sam)["who"], id=number, words="A", made=then.isoformat().replace("+00:00", "Z"))
    viewer = viewer_of(get_user_model().objects.get(username="demo-nurse"))
    with acting_as(viewer):
        assert Idea.objects.get(pk=number).made_at == then


@pytest.mark.parametrize("facts", [{"unit": "abc"}, {"unit": "-1"}, {"unit": "9" * 30}, {"edition": "x"}, {"edition": "9" * 30}, {"words": "\ud83d"}])
def test_odd_input_never_breaks(facts: dict[str, str]) -> None:
    sam = phone("nurse", raise_request_exception=False)
    body = "&".join(f"{name}={value}" for name, value in ({"who": ready(sam)["who"], "id": str(uuid.uuid4()), "words": "A"} | facts).items())
    answer = sam.post(QUEUE, body.encode("utf-8", "surrogatepass"), content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {200, 422}
