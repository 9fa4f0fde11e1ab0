"""Make the country where it is not there yet, then measure every page on it.

It takes 0.2 GB and half a minute at 1 %, 0.3 GB and two minutes at 10 %, 2 GB and some ten minutes at 100 %; the
database is kept between runs in a folder of the temporary directory (`--home`), and `--delete` removes it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Make, measure, and say with the exit code whether every budget is kept."""
    options = _parser().parse_args(arguments)
    home = options.home or Path(tempfile.gettempdir()) / f"espalier-national-{round(options.scale * 1000)}"
    os.environ["ESPALIER_HOME"] = str(home)
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    cli = [sys.executable, "-m", "espalier.config.cli"]
    if options.delete:
        (home / "loaded").unlink(missing_ok=True)
        return subprocess.run([*cli, "stop", "--delete"], check=True).returncode
    _prepare(home, options.scale, cli)
    from benchmarks.national import measure

    try:
        return 0 if measure.run(only=options.only, repeats=options.repeats) else 1
    finally:
        subprocess.run([*cli, "stop"], check=True, stdout=subprocess.DEVNULL)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.national", description=__doc__)
    parser.add_argument("--scale", type=float, default=0.1, help="1 is 300 organisations and 60,000 teams")
    parser.add_argument("--home", type=Path, help="where its database lives")
    parser.add_argument("--only", default="", help="pages whose name holds this word")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--delete", action="store_true", help="remove the database and stop")
    return parser


def _prepare(home: Path, scale: float, cli: list[str]) -> None:
    """Migrate, gather static files, and load unless it was loaded to the end before."""
    subprocess.run([*cli, "migrate"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*cli, "manage", "collectstatic", "--noinput", "-v", "0"], check=True)
    from espalier.config import cli as command

    command.database_ready()
    command.django_ready()
    from benchmarks.national import load

    mark = home / "loaded"
    if not (mark.exists() and mark.read_text() == str(scale)):
        load.load(scale)
        mark.write_text(str(scale))
    load.add_people(scale)


if __name__ == "__main__":
    sys.exit(main())
