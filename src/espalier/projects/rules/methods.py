"""Ways to run a project, and the names of the steps of progress, as content has them: read, checked, frozen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft202012Validator

from espalier.common.errors import UnableTo
from espalier.projects.rules.evidence import LADDER

if TYPE_CHECKING:
    from pathlib import Path


class UnableToReadMethods(UnableTo):
    """A file about methods or progress is not as it must be."""

    code = "methods"


@dataclass(frozen=True, slots=True)
class MethodStep:
    """One step of a method. until is the step of progress at which it is behind a project."""

    code: str
    name: str
    about: str
    until: float


@dataclass(frozen=True, slots=True)
class Method:
    """One way to run a project."""

    code: str
    name: str
    about: str
    steps: tuple[MethodStep, ...]

    def now(self, supports: float) -> MethodStep:
        """Return the step a project is in, by how far its record shows it to be; the last one when all are behind it."""
        return next((step for step in self.steps if supports < step.until), self.steps[-1])


@dataclass(frozen=True, slots=True)
class Label:
    """What a step of progress is called; verified says whether the name was checked against its source."""

    step: float
    name: str
    verified: bool


def read_methods(folder: Path) -> tuple[Method, ...]:
    """Read content/projects/methods.yaml; a file that does not fit its schema, or with steps out of order, is refused."""
    data = _checked(folder, "methods")
    found = tuple(
        Method(row["code"], row["name"], row["about"], tuple(MethodStep(**step) for step in row["steps"])) for row in data["methods"]
    )
    if len({one.code for one in found}) < len(found):
        raise UnableToReadMethods("A code stands twice.", where="methods.yaml", to_do="Give each method a code of its own.")
    for one in found:
        untils = [step.until for step in one.steps]
        if untils != sorted(untils):
            raise UnableToReadMethods(f"The steps of {one.code} are out of order.", where="methods.yaml", to_do="Let until only grow.")
    return found


def read_labels(folder: Path) -> tuple[Label, ...]:
    """Read content/projects/progress.yaml: one name for each step of progress, no more and no fewer."""
    found = tuple(Label(float(row["step"]), row["name"], row["verified"]) for row in _checked(folder, "progress")["steps"])
    if [one.step for one in found] != [step for step, _ in LADDER]:
        raise UnableToReadMethods("Each step from 0.5 to 5 needs one name.", where="progress.yaml", to_do="Put them in order.")
    return found


def _checked(folder: Path, name: str) -> Any:
    where = f"{name}.yaml"
    try:
        data = yaml.safe_load((folder / "projects" / where).read_text(encoding="utf-8"))
        schema = json.loads((folder / "projects" / f"{name}.schema.json").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, json.JSONDecodeError) as error:
        raise UnableToReadMethods("It cannot be read.", where=where, to_do="Check quotes and indentation.") from error
    for wrong in Draft202012Validator(schema).iter_errors(data):
        place = ", ".join([where, *(str(step) for step in wrong.absolute_path)])
        raise UnableToReadMethods(wrong.message[:200], where=place, to_do=f"Make it fit {name}.schema.json.")
    return data
