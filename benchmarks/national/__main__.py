"""Make the country where it is not there yet, then measure every page on it.

It takes 0.2 GB and half a minute at 1 %, 0.6 GB and two minutes at 10 %, 4 GB and some fifteen minutes at 100 %; the
database is kept between runs in a folder of the temporary directory (`--home`), and `--delete` removes it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.national", description=__doc__)
    parser.add_argument("--scale", type=float, default=0.1, help="1 is 300 organisations and 60,000 teams")
    parser.add_argument("--home", type=Path, help="where its database lives")
    parser.add_argument("--only", default="", help="pages whose name holds this word")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--delete", action="store_true", help="remove the database and stop")
    options = parser.parse_args()
    home = options.home or Path(tempfile.gettempdir()) / f"espalier-national-{round(options.scale * 1000)}"
    os.environ["ESPALIER_HOME"] = str(home)
    os.environ.setdefault("PYTHONPATH", os.pathsep.join(sys.path))
    cli = [sys.executable, "-m", "espalier.config.cli"]
    if options.delete:
        return subprocess.run([*cli, "stop", "--delete"], check=True).returncode
    made = _prepare(home, options.scale, cli)
    from benchmarks.national import measure

    try:
        return 0 if measure.run(only=options.only, repeats=options.repeats, made=made) else 1
    finally:
        subprocess.run([*cli, "stop"], check=True, stdout=subprocess.DEVNULL)


def _prepare(home: Path, scale: float, cli: list[str]) -> bool:
    """Migrate, gather static files, and load unless it was loaded to the end before; return whether it was loaded now."""
    subprocess.run([*cli, "migrate"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*cli, "manage", "collectstatic", "--noinput", "-v", "0"], check=True)
    from espalier.config import cli as command

    command.database_ready()
    command.django_ready()
    mark = home / "loaded"
    if mark.exists() and mark.read_text() == str(scale):
        return False
    from benchmarks.national import load

    load.load(scale)
    mark.write_text(str(scale))
    return True


if __name__ == "__main__":
    sys.exit(main())
