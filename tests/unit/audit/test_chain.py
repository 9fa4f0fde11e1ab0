"""Whoever edits, deletes, reorders, inserts, cuts off or plays back an older log is found: a thousand attacks, each by chance."""

import random
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from espalier.audit import heads
from espalier.audit.chain import BEGINNING, BROKEN, CUT, DELETED, EDITED, GAP, REPLACED, Checker, Head, Link, canonical, chained, digest_of
from espalier.common.errors import UnableTo

AT = datetime(2026, 2, 3, 4, 5, 6, 789, tzinfo=UTC)


def event(number, **instead):
    facts = {
        "id": uuid.UUID(int=number), "at": AT + timedelta(seconds=number), "account_id": number % 5 or None, "verb": "change",
        "object_kind": "unit", "object_id": f"W{number}", "detail": {"before": {"name": "Ä"}, "n": number}, "owner_id": 3,
        "about_id": None, "way": "page", "place": "organisations:unit",
    }  # fmt: skip
    return facts | instead


def sealed(events, after=None, start=1):
    """An honest chain: (event or None, sequence, event id, digest, chain)."""
    rows, last = [], after or BEGINNING
    for sequence, one in enumerate(events, start=start):
        digest = digest_of(one)
        last = chained(last, sequence, str(one["id"]), digest)
        rows.append([one, sequence, str(one["id"]), digest, last])
    return rows


def findings(rows, *kept):
    checker = Checker(kept)
    checker.walk(Link(row[1], row[2], row[3], row[4], AT, digest_of(row[0]) if row[0] else None) for row in sorted(rows, key=lambda r: r[1]))
    return {one.what for one in checker.end()}


def head_of(rows):
    return Head(rows[-1][1], rows[-1][4])


# ---- The attacks. Each gets a chain and a chance, and returns the chain as it is afterwards. -------


def edit(rows, chance):
    row = chance.choice(rows)
    name, value = chance.choice([("account_id", 99), ("object_id", "X"), ("detail", {}), ("at", AT - timedelta(days=1)), ("verb", "look"), ("owner_id", None), ("place", "")])
    row[0] = row[0] | {name: value}
    return rows, {EDITED}


def edit_and_seal_anew(rows, chance):
    """With the whole database in hand the chain can be made anew from the edit on: only a head kept elsewhere shows it."""
    at = chance.randrange(len(rows))
    events = [row[0] for row in rows]
    events[at] |= {"account_id": 99}
    return sealed(events), {REPLACED}


def delete(rows, chance):
    chance.choice(rows)[0] = None
    return rows, {DELETED}


def delete_with_its_seal(rows, chance):
    del rows[chance.randrange(len(rows) - 1)]
    return rows, {GAP, BROKEN}


def delete_and_number_anew(rows, chance):
    del rows[chance.randrange(len(rows) - 1)]
    for sequence, row in enumerate(rows, start=1):
        row[1] = sequence
    return rows, {BROKEN}


def reorder(rows, chance):
    one, other = chance.sample(rows, 2)
    one[1], other[1] = other[1], one[1]
    return rows, {BROKEN}


def swap_events(rows, chance):
    one, other = chance.sample(rows, 2)
    one[0], other[0] = other[0], one[0]
    return rows, {EDITED}


def insert(rows, chance):
    at = chance.randrange(1, len(rows))
    new = event(10_000)
    forged = [new, at + 1, str(new["id"]), digest_of(new), chained(rows[at - 1][4], at + 1, str(new["id"]), digest_of(new))]
    for row in rows[at:]:
        row[1] += 1
    return [*rows[:at], forged, *rows[at:]], {BROKEN}


def insert_and_seal_anew(rows, chance):
    events = [row[0] for row in rows]
    events.insert(chance.randrange(len(rows)), event(10_000))
    return sealed(events), {REPLACED}


def truncate(rows, chance):
    return rows[: chance.randrange(len(rows))], {CUT}


def replay(rows, chance):
    """An older copy is put back, and the log goes on from there with other events."""
    old = rows[: chance.randrange(len(rows))]
    more = [event(20_000 + number) for number in range(len(rows))]
    return old + sealed(more, old[-1][4] if old else BEGINNING, len(old) + 1), {REPLACED}


ATTACKS = (
    edit, edit_and_seal_anew, delete, delete_with_its_seal, delete_and_number_anew, reorder, swap_events, insert, insert_and_seal_anew,
    truncate, replay,
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_every_attack_is_found_however_chance_has_it(attack):
    for seed in range(100):
        chance = random.Random(seed)  # noqa: S311  an attack, not a secret
        rows = sealed([event(number) for number in range(chance.randrange(3, 30))])
        kept = head_of(rows)
        assert findings(rows, kept) == set()
        tampered, expected = attack(rows, chance)
        found = findings(tampered, kept)
        assert found & expected, f"{attack.__name__}, seed {seed}: {found}"


def test_without_a_head_kept_elsewhere_a_shorter_or_a_new_chain_looks_whole():
    """The reason for heads: this is what a chain alone cannot show."""
    rows = sealed([event(number) for number in range(9)])
    assert findings(rows[:5]) == findings(sealed([event(number, verb="x") for number in range(9)])) == set()


def test_one_wound_is_one_finding():
    rows = sealed([event(number) for number in range(50)])
    rows[20][4] = "0" * 64
    checker = Checker()
    checker.walk(Link(row[1], row[2], row[3], row[4], AT, row[3]) for row in rows)
    assert [(one.what, one.sequence) for one in checker.end()] == [(BROKEN, 21), (BROKEN, 22)]


def test_a_chain_is_walked_in_pieces_as_well_as_whole():
    rows = [Link(row[1], row[2], row[3], row[4], AT, row[3]) for row in sealed([event(number) for number in range(50)])]
    checker = Checker()
    checker.walk(rows[:20])
    checker.walk(rows[20:])
    assert (checker.end(), checker.last.sequence) == ([], 50)


def test_the_bytes_of_an_event_are_these():
    """Written out by hand, so that another program can prove a log: a change of form must be seen here."""
    assert canonical(event(1)).decode() == (
        '[1,"00000000-0000-0000-0000-000000000001","2026-02-03T04:05:07.000789+00:00",1,"change","unit","W1",'
        '{"before":{"name":"Ä"},"n":1},3,null,"page","organisations:unit"]'
    )


def test_a_head_is_read_back_and_a_forged_one_is_not():
    text = heads.written(Head(7, "a" * 64, "2026-02-03"), "key")
    assert heads.read(text, "key") == heads.read(text) == Head(7, "a" * 64, "2026-02-03")
    forged = text.replace("7", "6", 1), heads.written(Head(7, "a" * 64)), heads.written(Head(7, "a" * 64), "other")
    for wrong in forged:
        with pytest.raises(UnableTo, match="signature"):
            heads.read(wrong, "key")


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"kind": "x"}', '{"kind":"espalier-audit-head","version":1,"events":"x","hash":"","at":""}'])
def test_what_is_no_head_is_refused(text):
    with pytest.raises(UnableTo, match="no head"):
        heads.read(text)
