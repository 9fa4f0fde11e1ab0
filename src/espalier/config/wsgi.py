"""What the web server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "espalier.config.settings")

application = get_wsgi_application()

from espalier.config import warm  # noqa: E402  pages can be imported only once Django is ready

warm.up()
