"""The table of differences says what a fresh count says."""

from __future__ import annotations

import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
sys.path.insert(0, str(PACKAGE / "tools"))


def test_every_difference_is_counted_afresh():
    import differences

    assert differences.PAGE.read_text(encoding="utf-8") == differences.page()


def test_nothing_differs_under_nhs_r_or_from_the_power_bi_engine():
    import differences

    tallies = [*differences.nhsr("nhs-r").values(), *differences.powerbi().values()]
    assert all(tally.points == tally.equal for tally in tallies)
    assert sum(tally.points for tally in tallies) > 30_000
