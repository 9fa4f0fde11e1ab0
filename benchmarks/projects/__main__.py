"""Make the projects where they are not there yet, then measure their pages; --delete removes the database."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Make, measure, and say with the exit code whether every budget is kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.projects", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "espalier-projects", help="where its database lives")
    parser.add_argument("--only", default="", help="pages whose name holds this word")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--delete", action="store_true", help="remove the database and stop")
    options = parser.parse_args(arguments)
    os.environ["ESPALIER_HOME"] = str(options.home)
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    cli = [sys.executable, "-m", "espalier.config.cli"]
    if options.delete:
        (options.home / "loaded").unlink(missing_ok=True)
        return subprocess.run([*cli, "stop", "--delete"], check=True).returncode
    _prepare(options.home, cli)
    from benchmarks.national import measure

    try:
        return 0 if measure.run(only=options.only, repeats=options.repeats, kinds=_kinds(measure.Kind)) else 1
    finally:
        subprocess.run([*cli, "stop"], check=True, stdout=subprocess.DEVNULL)


def _prepare(home: Path, cli: list[str]) -> None:
    subprocess.run([*cli, "migrate"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*cli, "manage", "collectstatic", "--noinput", "-v", "0"], check=True)
    from espalier.config import cli as command

    command.database_ready()
    command.django_ready()
    from benchmarks.projects import load

    mark = home / "loaded"
    if not mark.exists():
        load.load()
        mark.write_text(str(load.PROJECTS))


def _kinds(kind: type) -> list:
    from benchmarks.projects import load

    regions, trust, measures = load.regions(), load.largest(), load.a_measure()
    some = load.projects_of(20)
    narrow = ("?state=active", "?which=still", "?page=40", f"?place={trust}", "?q=fewer+12", "?q=nosuchword", "?which=mine")
    over = "/projects/portfolio/"
    return [
        kind("projects: everybody's", ("/projects/", "/projects/?page=7"), who="bench-nurse"),
        kind("projects: a visitor", ("/projects/", "/projects/?which=still")),
        kind("projects: a nation", ("/projects/", *(f"/projects/{one}" for one in narrow)), who="bench-nation"),
        kind("projects: of a region", tuple(f"/projects/?place={one}" for one in regions), who="bench-nation"),
        kind("project", tuple(f"/projects/{one}/" for one in some), who="bench-nurse"),
        kind("tests of a project", tuple(f"/projects/{one}/tests/" for one in some), who="bench-nurse"),
        kind("value of a project", tuple(f"/projects/{one}/value/" for one in some), who="bench-nurse"),
        kind("portfolio: an organisation", (f"{over}?unit={trust}",), who="bench-trust"),
        kind("portfolio: one's region", (f"{over}?unit={regions[0]}",), who="bench-region"),
        kind("portfolio: a region", tuple(f"{over}?unit={one}" for one in regions), who="bench-nation"),
        kind("portfolio: England", (f"{over}?unit=ENG",), who="bench-nation"),
        kind("portfolio: a list, a region", tuple(f"{over}list/?unit={one}&standing=still" for one in regions), who="bench-nation"),
        kind("portfolio: a list, England", tuple(f"{over}list/?unit=ENG&standing=still&page={n}" for n in (1, 9, 99)), who="bench-nation"),
        kind(
            "portfolio: line of sight, a region", tuple(f"{over}measure/?unit={regions[0]}&measure={one}" for one in measures),
            who="bench-region",
        ),
        kind("portfolio: line of sight, England", tuple(f"{over}measure/?unit=ENG&measure={one}" for one in measures), who="bench-nation"),
    ]


if __name__ == "__main__":
    sys.exit(main())
