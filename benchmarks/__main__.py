"""Run every benchmark and say which budgets are kept."""

from __future__ import annotations

import sys

from benchmarks import kernel, pages

if __name__ == "__main__":
    kernel.main()
    print()
    sys.exit(0 if pages.run() else 1)
