"""Write docs/charts and docs/rules from what the code itself says: python tools/build_docs.py [FOLDER].

A page a chart is the docstring of its module; a page a rule is the text below, the settings of every rule set, and an
example that is run while it is written. A test holds the pages to be fresh.
"""

# ruff: noqa: INP001  a script: run by hand
from __future__ import annotations

import inspect
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import plotthedots as ptd
from plotthedots.charts import CHARTS
from plotthedots.rules import RULES
from plotthedots.settings import RULE_NAMES, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCS: Final = Path(__file__).parents[1] / "docs"
MODULES: Final = {"pp": "laney", "up": "laney"}
NEEDS: Final = {
    "nothing": "values only",
    "denominators": "numerators as values, and `denominators`",
    "subgroups": "the measurements of each subgroup: `Batch.of_subgroups`",
}
NOTE: Final = "<!-- Written by tools/build_docs.py from the code: change the docstring there, then run it. -->\n\n"


class Rule(NamedTuple):
    """What a page about a rule says: title, meaning, why, when it misleads, its setting, and an example."""

    title: str
    looks: str
    why: str
    care: str
    setting: str
    values: Sequence[float]
    plan: str


RULE_PAGES: Final = {
    "outside": Rule(
        "Outside the limits",
        "One point above the upper limit or below the lower one. A point exactly on a limit is not outside.",
        "As long as nothing changes, about one point in 370 lies that far out (for normal values and known limits).",
        "One point says that something happened, not that things are different now. Limits from few points are themselves"
        " uncertain: below 12 points a chart says so (`TRIAL_LIMITS`).",
        "",
        (4, 5, 3, 4, 5, 4, 3, 5, 4, 4, 3, 5, 12),
        'Plan(apply=["outside"])',
    ),
    "two-of-three": Rule(
        "Two of three beyond two sigma",
        "Two of three points in a row lie more than two sigma from the centre on the same side. Only the points"
        " beyond two sigma are marked.",
        "It sees a jump of about two sigma sooner than waiting for a point outside the limits.",
        "Tools differ here more than anywhere: whether the third point must lie on the same side of the centre, and whether"
        " points beyond three sigma count. Making Data Count announced in November 2023 that they do.",
        "two_of_three",
        (4, 5, 3, 4, 5, 4, 3, 5, 4, 4, 3, 5, 7.2, 4.9, 7.2),
        'Plan(apply=["two-of-three"])',
    ),
    "four-of-five": Rule(
        "Four of five beyond one sigma",
        "Four of five points in a row lie more than one sigma from the centre on the same side.",
        "It sees shifts of about one sigma early.",
        "Used by the Western Electric and Nelson sets only. It adds many false alarms where values lean on the last.",
        "",
        (4, 5, 3, 4, 5, 4, 3, 5, 4, 4, 3, 5, 6, 6.1, 4.4, 6, 6.2),
        'Plan(rules="western-electric", apply=["four-of-five"])',
    ),
    "shift": Rule(
        "Shift",
        "So many points in a row on one side of the centre: seven for Making Data Count.",
        "By chance points fall on both sides as with a coin; seven heads in a row are rare at any one place.",
        "In a long series they are not rare any more: 17 in 100 steady charts of 36 months have such a run somewhere. The"
        " Anhøj rules let the length grow with the series.",
        "shift",
        (4, 5, 3, 4, 5, 4, 3, 5, 6, 7, 6, 7, 6, 7, 6),
        'Plan(apply=["shift"])',
    ),
    "trend": Rule(
        "Trend",
        "So many points in a row, each higher (or each lower) than the one before. Seven points are six steps.",
        "By chance a series goes up and down.",
        "Studies find that trend rules add false alarms and little power, which is why the Anhøj rules have none. Tools count"
        " points or steps: seven points here are seven in NHSRplotthedots too.",
        "trend",
        (5, 4, 5, 6, 4, 1, 2, 3, 4, 5, 6, 7),
        'Plan(apply=["trend"])',
    ),
    "alternating": Rule(
        "Up and down by turns",
        "Fourteen points in a row that go up and down by turns.",
        "Two processes may be plotted as one: two shifts, two machines, two ways of counting.",
        "Nelson's set only.",
        "alternating",
        (4, 6, 3, 7, 4, 6, 3, 7, 4, 6, 3, 7, 4, 6, 3),
        'Plan(rules="nelson", apply=["alternating"])',
    ),
    "hugging": Rule(
        "Hugging the centre",
        "Fifteen points in a row within one sigma of the centre.",
        "There is less variation than the limits say: they are too wide, because the process improved or was mixed.",
        "Nelson's set only.",
        "hugging",
        (1, 9, 1, 9, 5, 5.5, 4.8, 5.2, 4.9, 5.4, 5.1, 4.7, 5, 5.3, 4.9, 5.2, 5, 5.4, 4.8, 5.1),
        'Plan(rules="nelson", apply=["hugging"], screen=False)',
    ),
    "avoiding": Rule(
        "Avoiding the centre",
        "Eight points in a row, all further than one sigma from the centre, on either side.",
        "Two processes may be mixed in one chart.",
        "Nelson's set only.",
        "avoiding",
        (5, 5.2, 4.9, 5.1, 5, 4.8, 5.2, 5, 4.9, 5.1, 2, 8, 8, 2, 2, 8, 8, 2, 2, 8),
        'Plan(rules="nelson", apply=["avoiding"])',
    ),
    "longest-run": Rule(
        "Longest run (Anhøj)",
        "The longest run on one side of the median is longer than round(log2 n) + 3, n being the points off the median.",
        "The limit grows with the series, so the chance of a false alarm stays below 5 in 100 at any length.",
        "It judges the series (or phase) as a whole, not a point.",
        "",
        (4, 6, 3, 7, 4, 8, 9, 8, 9, 8, 9, 8, 9, 3, 2, 3),
        'Plan(chart="run", rules="anhoej", apply=["longest-run"])',
    ),
    "crossings": Rule(
        "Crossings (Anhøj)",
        "The line crosses the median less often than the 5 % point of Binomial(n − 1, ½).",
        "A series that stays long on each side has moved, even where no single run is long enough.",
        "The signal stands on the last useful point, because it is about the whole series.",
        "",
        (1, 2, 1.5, 2.2, 1.8, 8, 9, 8.5, 7, 9.2, 8.1, 8.8, 2.3, 2.4),
        'Plan(chart="run", rules="anhoej", apply=["crossings"])',
    ),
    "runs": Rule(
        "Number of runs (IHI)",
        "Fewer or more runs about the median than the runs test allows (5 %, two-sided).",
        "Too few: the series has moved. Too many: it swings to and fro, as two mixed processes do.",
        "Needs ten points off the median. Printed tables differ by one run at some lengths; these limits are exact.",
        "",
        (4, 3, 4, 3, 2, 3, 8, 9, 8, 7, 9, 8),
        'Plan(chart="run", rules="ihi-run", apply=["runs"])',
    ),
}


def chart_page(name: str) -> str:
    """Return the page of a chart: its module's docstring, with the example fenced."""
    chart = CHARTS[name]
    module = import_module(f"plotthedots.charts.{MODULES.get(name, name)}")
    words, example = _split(inspect.getdoc(module) or "")
    title = f"{chart.words[0].upper()}{chart.words[1:]}"
    first, _, rest = words.partition("\n\n")
    return (
        f'# {title}\n\n{NOTE}{first}\n\nIn a plan: `chart="{name}"`. It needs {NEEDS[chart.needs]}.\n\n'
        f"{rest.strip()}\n\n## Example\n\n```pycon\n{example}\n```\n\n[All charts](../which-chart.md)\n"
    )


def _split(doc: str) -> tuple[str, str]:
    words, found, example = doc.partition(">>> ")
    return words.strip(), (found + example).strip()


def rule_page(name: str) -> str:
    """Return the page of a rule: words, the settings of every rule set, and an example run here and now."""
    page = RULE_PAGES[name]
    uses = [one for one in RULES if name in SETTINGS[one].apply]
    rows = "".join(f"| {one} | {getattr(SETTINGS[one], page.setting) if page.setting else 'yes'} |\n" for one in uses)
    names: dict[str, object] = {"Plan": ptd.Plan}
    plan = eval(page.plan, names)  # noqa: S307  our own text, above
    result = ptd.evaluate(ptd.Batch.of([list(page.values)]), plan)
    marked = [point for point, flags in enumerate(result.flags.tolist()) if flags]
    if not marked:
        raise SystemExit(f"The example of {name} breaks no rule.")
    seen = ptd.tidy(result)["signals"][marked[-1]].item()
    return (
        f"# {page.title}\n\n{NOTE}{page.looks}\n\n**Why.** {page.why}\n\n**With care.** {page.care}\n\n"
        f"| Rule set | {page.setting.replace('_', ' ') or 'looks for it'} |\n|---|---|\n{rows}\n"
        f'In a plan: `apply=["{name}", …]` switches rules on and off'
        f"{f'; `{page.setting}=` changes this one' if page.setting in ('shift', 'trend', 'two_of_three') else ''}.\n\n"
        "## Example\n\n```pycon\n>>> from plotthedots import Batch, Plan, evaluate, tidy\n"
        f">>> values = {list(page.values)}\n>>> result = evaluate(Batch.of([values]), {page.plan})\n"
        f">>> [point for point, flags in enumerate(result.flags.tolist()) if flags]\n{marked}\n"
        f'>>> tidy(result)["signals"][{marked[-1]}].item()\n{seen!r}\n```\n\n[All rules](index.md)\n'
    )


def rules_index() -> str:
    """Return the page of rule sets: one line a setting, one column a set."""
    sets = list(SETTINGS)
    heads = " | ".join(f"`{one}`" for one in sets)
    rules = "".join(
        f"| [{RULE_PAGES[rule].title}]({rule}.md) | " + " | ".join("yes" if rule in SETTINGS[one].apply else "–" for one in sets) + " |\n"
        for rule in RULE_NAMES
    )
    fields = [name for name in SETTINGS["mdc"].__dataclass_fields__ if name != "apply"]
    settings = "".join(f"| `{field}` | " + " | ".join(str(getattr(SETTINGS[one], field)) for one in sets) + " |\n" for field in fields)
    meaning = inspect.getdoc(type(SETTINGS["mdc"])) or ""
    return (
        f"# Rules and rule sets\n\n{NOTE}A rule set is named and exact; a chart always prints the one it used. Every rule can"
        " be switched, every setting changed in the plan. With `Plan(rules=…)`:\n\n"
        f"| Rule | {heads} |\n|---|{'---|' * len(sets)}\n{rules}\n## Settings\n\n"
        f"| Setting | {heads} |\n|---|{'---|' * len(sets)}\n{settings}\n## What the settings mean\n\n{_listed(meaning)}\n\n"
        "`mdc` differs from `nhs-r` in the settings that differ above, and in nothing else.\n"
    )


def _listed(doc: str) -> str:
    """Turn "name: words" paragraphs of a docstring into a list."""
    first, _, rest = doc.partition("\n\n")
    lines = [first, ""]
    lines += [f"  {line.strip()}" if line.startswith(" ") else f"- {line}" if line else line for line in rest.splitlines()]
    return "\n".join(lines).strip()


def pages() -> dict[str, str]:
    """Return every generated page by its path within docs."""
    out = {f"charts/{name}.md": chart_page(name) for name in CHARTS}
    out |= {f"rules/{name}.md": rule_page(name) for name in RULE_NAMES}
    return out | {"rules/index.md": rules_index()}


def main(folder: Path) -> None:
    """Write them all."""
    for path, text in pages().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)
