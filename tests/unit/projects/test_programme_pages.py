"""The pages of programmes, month ends, coaches and conversations: for whom, and what they say."""

import pytest
from tests.contracts.routes import sign_in

pytestmark = pytest.mark.django_db

PAGES = (
    ("demo-leader", "/projects/programmes/"), ("demo-improver", "/projects/programmes/new/"), ("demo-leader", "/projects/programmes/1/"),
    ("demo-improver", "/projects/programmes/1/"), ("demo-improver", "/projects/programmes/1/month/2026-07/"),
    ("demo-improver", "/projects/programmes/1/month/2019-07/"), ("demo-improver", "/projects/programmes/1/measures/"),
    ("demo-improver", "/projects/programmes/1/sessions/"), ("demo-leader", "/projects/1/month/"),
    ("demo-improver", "/projects/1/month/"), ("demo-leader", "/projects/1/talk/"), ("demo-leader", "/projects/1/talk/?about=point:2026-03"),
    ("demo-leader", "/projects/1/coach/"), ("demo-improver", "/projects/coaches/"), ("demo-leader", "/projects/coaches/"),
    ("demo-improver", "/projects/coaches/mine/"), ("demo-nurse", "/projects/coaches/mine/"), ("demo-leader", "/"), ("demo-improver", "/"),
)  # fmt: skip


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_pages_open(client, who, path):
    sign_in(client, who)
    assert client.get(path).status_code == 200
