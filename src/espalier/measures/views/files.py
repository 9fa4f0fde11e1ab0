"""One chart, or the table of many, as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from espalier.exports.answers import file_response, made
from espalier.exports.shapes import Document
from espalier.measures import presenters, queries
from espalier.measures.presenters import exporting
from espalier.measures.views.charts import asked_chart, asked_wall

if TYPE_CHECKING:
    from django.http import HttpResponse

    from espalier.access.requests import Asked


def chart_file(request: Asked, measure: str, unit: str, kind: str) -> HttpResponse:
    """The chart as it is shown, as PNG, PDF, slide, workbook or Parquet."""
    picture = queries.picture_of(asked_chart(request, measure, unit))
    document = Document(title=picture.title, place=picture.place, made_on=timezone.localdate(), blocks=(picture,))
    return file_response(f"{measure}-{unit}", kind, made(kind, document))


def wall_file(request: Asked, measure: str, kind: str) -> HttpResponse:
    """The newest figures of everything that was chosen, as a workbook or Parquet."""
    shown = asked_wall(request, measure, page="1")
    rest = [asked_wall(request, measure, page=str(number)) for number in range(2, shown.page.pages + 1)]
    head, _ = presenters.wall_table(shown)
    rows = [row for one in (shown, *rest) for row in presenters.wall_table(one)[1]]
    return file_response(f"{measure}-{shown.unit.code}", kind, exporting.wall_made(kind, shown, head, rows))
