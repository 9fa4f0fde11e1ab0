"""One HTML file with everything in it: a summary table, and a chart with its explanation for each series."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from plotthedots.chance import expected_flags
from plotthedots.codes import Variation
from plotthedots.dependence import lag1
from plotthedots.drawing import CSS, draw
from plotthedots.drawing.scale import Unit
from plotthedots.drawing.times import labels
from plotthedots.explaining import ASSURANCES, VARIATIONS, explain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plotthedots.result import Result

MOST: Final = 200  # charts on one page; the table names all
_ORDER: Final = (
    Variation.CONCERN,
    Variation.HIGH,
    Variation.LOW,
    Variation.SPECIAL,
    Variation.IMPROVEMENT,
    Variation.COMMON,
    Variation.NONE,
)
_STYLE: Final = (
    CSS
    + """:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,Arial,sans-serif;margin:0 auto;max-width:60rem;padding:1rem}
table{border-collapse:collapse;width:100%}
caption{text-align:left;padding-bottom:.5rem}
th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8888;vertical-align:top}
.wide{overflow-x:auto}
section{margin-top:2.5rem;break-inside:avoid}
"""
)


def attention(result: Result) -> list[int]:
    """Return the series in the order in which they need attention: worse than usual first."""
    rank = {code: place for place, code in enumerate(_ORDER)}
    shown = [rank[Variation(code)] for code in result.variation.tolist()]
    return sorted(range(len(shown)), key=lambda index: (shown[index], index))


def chance_words(result: Result) -> str:
    """Say how many charts are flagged, and how many would be by chance alone.

    >>> from plotthedots import Batch, evaluate
    >>> chance_words(evaluate(Batch.of([[4, 5, 3, 4, 5, 4, 3, 5, 4, 4, 3, 5, 4]] * 2)))
    'None of 2 charts is flagged at its last point; by chance alone about 0.0 would be.'
    """
    flagged = int((result.variation > Variation.COMMON).sum())
    charts = int((result.variation != Variation.NONE).sum())
    which = f"{flagged} of {charts} charts {'is' if flagged == 1 else 'are'}" if flagged else f"None of {charts} charts is"
    out = f"{which} flagged at {'their' if flagged > 1 else 'its'} last point"
    if result.plan.rules not in ("mdc", "anhoej"):
        return f"{out}."
    ends = result.offsets
    seen = np.concatenate([[0], np.cumsum(~np.isnan(result.values))])
    leans = lag1(result.batch)
    lean = float(np.median(leans[~np.isnan(leans)])) if (~np.isnan(leans)).any() else 0.0
    expected = expected_flags(seen[ends[1:]] - seen[ends[:-1]], lean, rules=result.plan.rules).sum()
    return f"{out}; by chance alone about {expected:.1f} would be."


def html_report(result: Result, *, names: Sequence[str] | None = None, title: str, unit: str = "") -> str:
    """Return a whole page without scripts or anything to fetch: to send, to print, to keep.

    Charts that need attention come first; beyond 200, series are in the table only. The page allows itself nothing but
    its own style (content security policy), so it may be opened anywhere.

    >>> from plotthedots import Batch, evaluate
    >>> page = html_report(evaluate(Batch.of([[4, 5, 3]])), names=["Elm"], title="Falls")
    >>> page.count("<svg"), "<script" in page, " style=" in page
    (1, False, False)
    """
    called = [f"Series {index}" for index in range(result.batch.series)] if names is None else list(names)
    order = attention(result)
    allowed = b64encode(sha256(_STYLE.encode()).digest()).decode()
    drawn = [index for index in order if result.batch.lengths[index]][:MOST]
    left = len(order) - len(drawn)
    more = f"<p>{left} more series are in the table only.</p>" if left else ""
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{allowed}'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>"
        f"<p>{escape(chance_words(result))}</p>{_table(result, order, called, unit)}"
        f"{''.join(_section(result, index, called[index], (title, unit)) for index in drawn)}{more}"
        f"<p>{escape(result.method)}.</p></main></body></html>\n"
    )


def _table(result: Result, order: Sequence[int], names: Sequence[str], unit: str) -> str:
    rows = "".join(_row(result, index, names[index], unit) for index in order)
    heads = "".join(f'<th scope="col">{word}</th>' for word in ("Series", "Last value", "Variation", "Target"))
    return (
        '<div class="wide" role="region" aria-label="Summary" tabindex="0"><table><caption>All series, those that need'
        f" attention first</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(result: Result, index: int, name: str, unit: str) -> str:
    series, words = result.series(index), label_words(result, index)
    last = f"{Unit(unit).brief(float(series.values[series.last]))} ({words[series.last]})" if series.last >= 0 else ""
    return (
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(last)}</td>'
        f"<td>{VARIATIONS[series.variation]}</td><td>{ASSURANCES[series.assurance]}</td></tr>"
    )


def _section(result: Result, index: int, name: str, how: tuple[str, str]) -> str:
    title, unit = how
    begin, end = int(result.offsets[index]), int(result.offsets[index + 1])
    dates = None if result.batch.dates is None else result.batch.dates[begin:end]
    said = "".join(f"<li>{escape(sentence)}</li>" for sentence in explain(result, index, unit=unit))
    # draw() shows at most 5,000 points; a longer series is told in words alone.
    chart = draw(result, index, title=f"{title}: {name}", dates=dates, unit=unit) if end - begin <= 5000 else ""
    return (
        f'<section><h2>{escape(name)}</h2><div class="wide" role="region" aria-label="Chart of {escape(name)}"'
        f' tabindex="0">{chart}</div><ul>{said}</ul></section>'
    )


def label_words(result: Result, index: int) -> list[str]:
    """Return what the points of a series are called: its dates in words, or numbers."""
    begin, end = int(result.offsets[index]), int(result.offsets[index + 1])
    return labels(None if result.batch.dates is None else result.batch.dates[begin:end], end - begin)
