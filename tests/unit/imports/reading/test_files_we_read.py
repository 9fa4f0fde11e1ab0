"""The reference names every reason for which a file is refused, and the limits that hold."""

from __future__ import annotations

import re
from pathlib import Path

from espalier.imports.reading import LIMITS, opening

ROOT = Path(__file__).resolve().parents[4]
WORDS = (ROOT / "docs/reference/files-we-read.md").read_text(encoding="utf-8")
SOURCE = Path(opening.__file__).parent


def test_every_code_of_a_refusal_is_named() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.glob("*.py"))
    codes = set(re.findall(r'refusal\(\s*[\w.\["\]]+,\s*"([a-z-]+)"', text))
    codes |= set(re.findall(r'(?:Wrong\(|^    \()\s*"([a-z-]+)"', (SOURCE / "sniffing.py").read_text(encoding="utf-8"), re.MULTILINE))
    assert len(codes) > 25
    assert sorted(code for code in codes if f"`{code}`" not in WORDS) == []


def test_the_limits_stand_as_they_are() -> None:
    for number in (LIMITS.columns, LIMITS.cells, LIMITS.rows, LIMITS.text_length, LIMITS.parts):
        assert f"{number:,}" in WORDS
    for megabytes in (LIMITS.file_bytes, LIMITS.unpacked_bytes, LIMITS.memory_bytes):
        assert f"{megabytes // 1_000_000} MB" in WORDS
