"""A call repeated is stored once, however often and however near together: over the wire, to a server of two processes."""

import http.client
import json
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

WARD, MEASURE = "DEMO-WARD-7", "team-medicine-errors"


def send(served, token, key, body):
    """One call; the answer as (status, body, whether it was a repetition)."""
    line = http.client.HTTPConnection(urlsplit(served.address).netloc, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}
    line.request("POST", "/api/v1/points", json.dumps(body), headers)
    answer = line.getresponse()
    said = answer.read()
    line.close()
    return answer.status, said, answer.getheader("Idempotency-Replayed") == "true"


def month(number):
    return f"{1950 + number // 12}-{number % 12 + 1:02}"


def stored(served, key):
    """Batches and versions of points that a key left behind."""
    return served.rows(
        f"SELECT count(DISTINCT p.id), count(v.id) FROM measures_posted p LEFT JOIN measures_pointversion v ON v.batch = p.id WHERE p.key = '{key}'"
    )[0]


def repeated(served, token, keys, times):
    """Send one batch for each key, each so many times, shuffled, 20 at once."""
    calls = [(key, number) for number, key in enumerate(keys) for _ in range(times)]
    random.Random(20190401).shuffle(calls)  # noqa: S311  an order, not a secret
    bodies = {
        key: {"figures": [{"measure": MEASURE, "unit": WARD, "period": month(number), "numerator": number % 9}]} for key, number in calls
    }
    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(lambda one: (one[0], *send(served, token, one[0], bodies[one[0]])), calls))


def check(served, keys, answers):
    assert Counter(status for _, status, _, _ in answers) == {201: len(answers)}
    for key in keys:
        assert len({said for other, _, said, _ in answers if other == key}) == 1, "every answer to one key is the same"
    assert sum(not again for *_, again in answers) == len(keys), "each was stored by one call and repeated by the others"
    assert {stored(served, key) for key in keys} == {(1, 1)}


def test_twenty_at_once_store_once(served):
    token = served.token()
    keys = [f"short-{number}" for number in range(5)]
    check(served, keys, repeated(served, token, keys, times=40))


def test_of_twenty_different_batches_with_one_key_one_is_stored(served):
    token = served.token()
    bodies = [{"figures": [{"measure": MEASURE, "unit": WARD, "period": "1949-01", "numerator": number}]} for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda body: send(served, token, "one-key", body), bodies))
    assert Counter(status for status, _, _ in answers) == {201: 1, 422: 19}
    assert stored(served, "one-key") == (1, 1)


def test_twenty_batches_for_one_month_are_stored_one_after_the_other(served):
    """Other keys, the same figure: each is a version of its own and none is lost or overwritten unseen."""
    token = served.token()
    bodies = [{"figures": [{"measure": MEASURE, "unit": WARD, "period": "1948-01", "numerator": number}]} for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda pair: send(served, token, f"many-{pair[0]}", pair[1]), enumerate(bodies)))
    assert {status for status, _, _ in answers} <= {201, 409}
    done = sum(status == 201 for status, _, _ in answers)
    versions = served.rows("SELECT old_numerator, new_numerator FROM measures_pointversion WHERE period_on = '1948-01-01'")
    assert len(versions) == done > 0
    # A chain without a break: what one found is what another left.
    assert Counter(new for _, new in versions) - Counter(old for old, _ in versions if old is not None) == Counter(
        [served.rows("SELECT numerator FROM measures_point WHERE period_on = '1948-01-01'")[0][0]]
    )


@pytest.mark.slow
def test_ten_thousand_repetitions_store_once(served):
    token = served.token()
    keys = [f"long-{number}" for number in range(100)]
    check(served, keys, repeated(served, token, keys, times=100))
