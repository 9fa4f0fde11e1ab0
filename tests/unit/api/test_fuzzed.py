"""What the interface says of itself is what it does: thousands of made-up calls to a real server, as each kind of caller.

The short form runs with every other test; the long one with `make soak`.
"""

import copy
import json
import os
import warnings
from datetime import date

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

CALLERS = {"visitor": None, "reader": ("read",), "writer": ("read", "enter")}
CHECKS = [
    schemathesis.checks.not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, unsupported_method,
]  # fmt: skip
# Made-up codes lead nowhere: now and then real ones are put in their place, so that the good answers are tried too.
REAL = {
    "code": ["RR8", "DEMO-WARD-7", "team-falls", "ae-4-hours"], "unit": ["DEMO-WARD-7", "DEMO-TRUST", "ENG"], "below": ["DEMO-TRUST", "Y63"],
    "measure": ["team-falls", "team-joy", "ae-4-hours"], "kind": ["trust", "ward"],
}  # fmt: skip
MONTH = st.dates(min_value=date(1950, 1, 1), max_value=date(2025, 12, 31)).map(lambda day: day.strftime("%Y-%m"))
PLACE = {"unit": st.just("DEMO-WARD-7"), "period": MONTH}
GOOD = st.fixed_dictionaries({**PLACE, "measure": st.just("team-medicine-errors"), "numerator": st.integers(0, 99)})  # errors are counted whole
ODD = st.fixed_dictionaries({
    "unit": st.sampled_from(["DEMO-WARD-7", "DEMO-WARD-12", "nosuch"]), "measure": st.sampled_from(["team-falls", "team-joy", "nosuch"]),
    "period": st.dates().map(str), "numerator": st.floats(0, 1e6) | st.integers(-1, 10**12),
}, optional={"denominator": st.none() | st.floats(0, 1e6)})  # fmt: skip


@pytest.fixture(scope="module")
def described(served):
    return schemathesis.openapi.from_url(f"{served.address}/api/v1/openapi.json")


@pytest.fixture(scope="module")
def headers(served):
    return {name: {"Authorization": f"Bearer {served.token(scopes=scopes)}"} if scopes else {} for name, scopes in CALLERS.items()}


def made_real(case, draw):
    """Put codes that exist in the place of made-up ones."""
    for part in (case.path_parameters, case.query):
        for name in part or {}:
            if name in REAL:
                part[name] = draw.draw(st.sampled_from(REAL[name]))
    if isinstance(case.body, dict) and "figures" in case.body:
        case.body = {"figures": draw.draw(st.lists(GOOD, min_size=1, max_size=3) | st.lists(GOOD | ODD, min_size=1, max_size=4))}
        case.headers = {**(case.headers or {}), "Idempotency-Key": "k" + draw.draw(st.text("abc", min_size=1, max_size=9))}


def drift_of(case):
    """What an answer does that its description does not say, in words; empty where nothing does."""
    try:
        case.validate_response(case.call(), checks=CHECKS)
    except BaseExceptionGroup as failures:
        return " ".join(str(one) for one in failures.exceptions)
    except AssertionError as failure:
        return str(failure)
    return ""


def fuzz(described, headers, many):
    """Make so many calls of each kind to each address, more to those that store; return (method, address, status) of all of them."""
    statuses = set()
    for result in described.get_all_operations():
        times = many * 4 if result.ok().method.upper() == "POST" else many  # few made-up figures are good ones
        for mode in GenerationMode:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fuzz_one(result.ok().as_strategy(generation_mode=mode), mode, headers, times, statuses)
    return statuses


def fuzz_one(strategy, mode, headers, many, statuses):
    @settings(
        max_examples=many, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(case=strategy, real=st.booleans(), draw=st.data())
    def one(case, real, draw):
        if real and mode == GenerationMode.POSITIVE:
            made_real(case, draw)
        answer = case.call(headers=headers, timeout=30)
        case.validate_response(answer, checks=CHECKS, headers=headers)
        statuses.add((case.method.upper(), case.path, answer.status_code))

    one()


@pytest.mark.parametrize("caller", CALLERS)
def test_what_is_described_is_what_happens(described, headers, caller):
    statuses = fuzz(described, headers[caller], many=int(os.environ.get("ESPALIER_FUZZ", "8")))
    good = {path for _, path, status in statuses if status < 300}
    wrong = {status for _, _, status in statuses}
    assert len(good) >= 6, "the good answers were tried too"
    assert wrong >= {404, 422} and (caller == "writer" or wrong & {401, 403})
    writes = {(path, status) for method, path, status in statuses if method == "POST"}
    if caller == "writer":
        assert ("/api/v1/points", 201) in writes
    else:  # who may not write is told so whatever is sent, before it is looked at
        assert {status for _, status in writes} <= {"visitor": {400, 401, 404, 405}, "reader": {400, 401, 403, 404, 405}}[caller]


@pytest.mark.slow
@pytest.mark.parametrize("caller", CALLERS)
def test_what_is_described_is_what_happens_a_thousand_times(described, headers, caller):
    fuzz(described, headers[caller], many=1000)


def test_the_token_is_looked_at_wherever_one_is_needed(served, described):
    """A call that is good with a token is refused without one, and with one that nobody made."""
    token = served.token()
    for result in described.get_all_operations():
        operation = result.ok()
        if operation.method.upper() == "GET":
            continue
        address = f"{served.address}{operation.path.format(batch='00000000-0000-4000-8000-000000000000')}"
        body = json.dumps({"figures": [{"measure": "team-medicine-errors", "unit": "DEMO-WARD-7", "period": "2011-01", "numerator": 1}]})
        sent = {"Content-Type": "application/json", "Idempotency-Key": f"looked-at-{operation.path[-4:]}"}
        assert requests.post(address, body, headers={**sent, "Authorization": f"Bearer {token}"}, timeout=30).status_code in {201, 404}
        for instead in (
            {},
            {"Authorization": "Bearer esp_nobody"},
            {"Authorization": f"Bearer {token[:-1]}"},
            {"Authorization": f"Basic {token}"},
        ):
            assert requests.post(address, body, headers={**sent, **instead}, timeout=30).status_code == 401


def test_what_would_drift_is_seen(served, described):
    """The checks can fail: a described field that is not in the answer is found."""
    claims = copy.deepcopy(described.raw_schema)
    claims["components"]["schemas"]["UnitWhole"]["required"].append("nosuch")
    claims["components"]["schemas"]["UnitWhole"]["properties"]["nosuch"] = {"type": "string"}
    for schema, drifts in ((described.raw_schema, []), (claims, ["nosuch"])):
        found = schemathesis.openapi.from_dict(schema)
        found.config.update(base_url=served.address)
        case = found["/api/v1/units/{code}"]["GET"].Case(path_parameters={"code": "RR8"})
        assert [name for name in ("nosuch",) if name in drift_of(case)] == drifts
