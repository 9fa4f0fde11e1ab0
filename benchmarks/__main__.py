"""Run every benchmark and say which budgets are kept. ESPALIER_BENCH_SCALE=1 measures pages on a whole country's figures."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks import kernel, pages

if __name__ == "__main__":
    kernel.main()
    print()
    kept = pages.run()
    print()
    scale = os.environ.get("ESPALIER_BENCH_SCALE", "0.01")
    # A process of its own: it speaks to another database than the demonstration's.
    national = subprocess.run([sys.executable, "-m", "benchmarks.national", "--scale", scale], check=False).returncode
    sys.exit(0 if kept and national == 0 else 1)
