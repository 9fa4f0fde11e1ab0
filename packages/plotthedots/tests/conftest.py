"""Shared by all tests: the twin and the golden results, found beside this file."""

from __future__ import annotations

import csv
import gzip
import io
import sys
from itertools import groupby
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # `import ptd_twin` works however pytest was started


def golden(name: str, *keys: str) -> list[tuple[tuple[str, ...], list[dict[str, str]]]]:
    """Return the rows of a golden file, grouped by the columns named."""
    text = gzip.decompress((HERE / "golden" / f"{name}.csv.gz").read_bytes()).decode()
    rows = csv.DictReader(io.StringIO(text))
    return [(key, list(group)) for key, group in groupby(rows, key=lambda row: tuple(row[k] for k in keys))]
