"""The room ui alone: no database (asking for it fails), no collected files, only its own addresses."""

import django
import pytest
from django.apps import apps
from django.test import RequestFactory
from django.urls import include, path

from espalier.ui import menu, pages
from espalier.ui.brand import brand

urlpatterns = [path("", include("espalier.ui.urls"))]


@pytest.fixture(autouse=True, scope="session")
def _apps():
    # pytest-django starts Django only when somebody has read its settings by then; nothing here has.
    if not apps.ready:
        django.setup()


@pytest.fixture(autouse=True)
def _alone(_apps, settings):
    settings.ROOT_URLCONF = __name__
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    kept_menu, kept_wiring = list(menu._items), dict(pages._wired)
    menu.fill(
        [menu.Item("Home", "/"), menu.Item("Charts", "/measures/"), menu.Item("Projects", "/projects/", works=False)]
    )
    pages._wired.update(who=None, sign_in="", here=None)
    brand.cache_clear()
    yield
    menu.fill(kept_menu)
    pages._wired.update(kept_wiring)
    brand.cache_clear()


@pytest.fixture
def get():
    return RequestFactory().get


@pytest.fixture
def post():
    return RequestFactory().post
