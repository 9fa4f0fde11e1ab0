"""`python -m plotthedots`: the same as the command `plotthedots`."""

from __future__ import annotations

import sys

from plotthedots.cli import main

if __name__ == "__main__":
    sys.exit(main())
