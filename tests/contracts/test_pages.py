"""What each page costs and carries: questions to the database, bytes, and nothing that could ask further questions."""

import dataclasses
import gzip
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.db.models import Manager, QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test.utils import CaptureQueriesContext
from tests.contracts.routes import PAGES, REFUSALS, VISITOR, reader, sign_in

pytestmark = pytest.mark.django_db

MOST_QUESTIONS = 12
MOST_BYTES, MOST_BYTES_OF_MANY, MOST_CHARTS = 100_000, 300_000, 200
COUNTED = re.compile(r"\s*(?:WITH|SELECT|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


def is_wall(path):
    return re.fullmatch(r"/measures/[\w-]+/(\?.*)?", path) is not None


def questions(captured):
    """What counts: not savepoints, not telling the database who is looking."""
    return [q["sql"] for q in captured if COUNTED.match(q["sql"]) and "set_config('app.viewer'" not in q["sql"]]


def asked_by(client, path):
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return questions(captured)


@dataclasses.dataclass(frozen=True)
class Looked:
    """What there was to see when a page was opened."""

    response: HttpResponse
    asked: list
    asked_while_rendering: list
    live: list


LOOKED: dict[str, Looked] = {}


@pytest.fixture
def look_at(client, monkeypatch):
    """Open a page, as a visitor where one may; each page is opened once, however many tests look at it."""
    while_rendering, live = [], []
    render = TemplateResponse.render

    def watched(self):
        with CaptureQueriesContext(connection) as captured:
            done = render(self)
        while_rendering.extend(questions(captured))
        live.extend(live_things(given(self), "", set()))
        return done

    def opened(path):
        if path not in LOOKED:
            sign_in(client, reader(path))
            monkeypatch.setattr(TemplateResponse, "render", watched)
            with CaptureQueriesContext(connection) as captured:
                response = client.get(path)
            LOOKED[path] = Looked(response, questions(captured), while_rendering, live)
        return LOOKED[path]

    return opened


@pytest.fixture
def analyst(client):
    account = get_user_model().objects.get(username="demo-analyst")
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_what_is_counted():
    said = [
        "SELECT set_config('app.viewer', '3', true)",
        "SAVEPOINT x",
        "RELEASE SAVEPOINT x",
        "WITH a AS (SELECT 1) SELECT 2",
        "insert into x",
        "SELECT 1",
    ]
    assert questions({"sql": sql} for sql in said) == said[3:]


@pytest.mark.parametrize("path", [*PAGES, *REFUSALS])
def test_a_page_asks_few_questions_and_each_but_once(look_at, path):
    asked = look_at(path).asked
    assert len(asked) <= MOST_QUESTIONS, "\n".join(sql[:200] for sql in asked)
    # The same statement with other numbers, many times over, is a page that asks once a row.
    shapes = Counter(re.sub(r"\b\d+\b|'[^']*'", "?", sql) for sql in asked)
    assert [f"{times} × {sql[:200]}" for sql, times in shapes.items() if times > 2] == []


@pytest.mark.parametrize("path", PAGES)
def test_who_has_signed_in_costs_little_more(analyst, path):
    if reader(path) == VISITOR:  # else it was counted with somebody signed in above
        assert len(asked_by(analyst, path)) <= MOST_QUESTIONS


# ---- Weight ----------------------------------------------------------------------------------------


def weight_of_files(html):
    """Compressed bytes of every style sheet, script and picture the page asks for, and what style sheets ask for."""
    named = set(re.findall(r'(?:href|src)="(/static/[^"#?]+\.(?:css|js|mjs|svg))', html))
    for path in list(named):
        if path.endswith(".css"):
            words = Path(settings.STATIC_ROOT, path.removeprefix("/static/")).read_text()
            beside = re.findall(r"url\(\"?([^\")]+\.(?:svg|css))", words)
            named |= {str(Path(path).parent / name) for name in beside if not name.startswith("data:")}
    return sum(len(gzip.compress(Path(settings.STATIC_ROOT, path.removeprefix("/static/")).read_bytes(), 6)) for path in named), named


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light(look_at, path):
    response = look_at(path).response
    html = response.content.decode()
    files, named = weight_of_files(html)
    assert any(name.endswith(".css") for name in named) and any(name.endswith(".js") for name in named)
    page = len(gzip.compress(response.content, 6))
    if is_wall(path):
        assert len(re.findall(r'<svg class="ptd ', html)) <= MOST_CHARTS + 1  # and the one of all together
        assert page + files <= MOST_BYTES_OF_MANY
    else:
        assert page + files <= MOST_BYTES, f"page {page:,}, files {files:,}"


def test_files_of_a_page_are_found_and_weighed():
    bytes_, named = weight_of_files('<link rel="stylesheet" href="/static/ui/espalier.css"><script src="/static/ui/app.js"></script>')
    assert bytes_ > 2000 and len(named) >= 2


# ---- What templates are given ----------------------------------------------------------------------

LIVE = (models.Model, QuerySet, Manager)
SIMPLE = (str, bytes, int, float, bool, type(None))


def live_things(thing, at, seen):
    """Names of every table row, query or manager that can be reached from what a template was given."""
    if isinstance(thing, SIMPLE) or id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, LIVE):
        yield f"{at} is a {type(thing).__name__}"
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from live_things(value, f"{at}.{key}", seen)
    elif isinstance(thing, list | tuple | set | frozenset):
        for value in thing:
            yield from live_things(value, f"{at}[]", seen)
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        for one in dataclasses.fields(thing):
            yield from live_things(getattr(thing, one.name), f"{at}.{one.name}", seen)


def given(response):
    return {key: value for key, value in response.context_data.items() if key not in {"request", "view", "csrf_input", "csrf_token"}}


def test_a_table_row_given_to_a_template_would_be_found():
    account = get_user_model()(username="x")

    @dataclasses.dataclass
    class Page:
        rows: object

    assert list(live_things({"page": Page((1, {"who": account}))}, "", set())) == [".page.rows[].who is a Account"]
    assert list(live_things([get_user_model().objects.all(), get_user_model().objects], "", set())) == [
        "[] is a QuerySet",
        "[] is a AccountManager",
    ]


@pytest.mark.parametrize("path", PAGES)
def test_templates_get_plain_facts_and_ask_nothing(look_at, path):
    looked = look_at(path)
    assert isinstance(looked.response, TemplateResponse)
    assert looked.live == []
    assert looked.asked_while_rendering == [], "a template asked the database"
