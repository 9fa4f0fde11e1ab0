"""The example in the documents works as it stands there, and the page that explains the interface leaves nothing out."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from espalier.config import api

HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "use-the-api-from-python-and-r.md"


def example():
    return re.search(r"```python\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)[1]


def run(served, token=""):
    environment = {"PATH": os.environ["PATH"], "ESPALIER_API": f"{served.address}/api/v1", "ESPALIER_TOKEN": token}
    return subprocess.run([sys.executable, "-I", "-c", example()], env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_the_python_example_runs_with_a_token(served):
    done = run(served, served.token())
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Ward 7, care of older people (made up) · 2019-03-01 · ")
    assert any(line.endswith(" figures") and int(line.split()[0]) >= 72 for line in lines)  # two wards, three years
    assert any(line.startswith("new: 1 changed: 0 undo at: /api/v1/points/batches/") for line in lines)
    assert served.rows("SELECT numerator, denominator FROM measures_point p JOIN measures_series s ON s.id = p.series_id"
                       " JOIN organisations_unit u ON u.id = s.unit_id JOIN measures_measure m ON m.id = s.measure_id"
                       " WHERE m.code = 'team-falls' AND u.code = 'DEMO-WARD-7' AND period_on = '2019-04-01'") == [(3, 702)]  # fmt: skip


def test_the_python_example_runs_as_a_visitor(served):
    done = run(served)
    assert done.returncode == 0, done.stderr
    assert "new:" not in done.stdout


def test_the_python_example_says_what_a_problem_says(served):
    done = run(served, "esp_nobody")
    assert done.returncode == 1
    assert "We do not know this token." in done.stderr and "Traceback" not in done.stderr


@pytest.mark.django_db
def test_the_page_names_every_address_parameter_field_and_status(client):
    page = client.get("/api/v1/docs").content.decode()
    for address, methods in api.description()["paths"].items():
        for method, said in methods.items():
            assert f"{method.upper()} {address}" in page
            for one in said["parameters"]:
                assert f">{one['name']}</code>" in page
            for status in said["responses"]:
                assert f"<code>{status}</code>" in page
    for name, schema in api.description()["components"]["schemas"].items():
        if name not in {"Problem", "Part"}:
            for field in schema["properties"]:
                assert re.search(rf">(?:[\w.\[\]]+\.)?{field}</code>", page), f"{name}.{field}"


@pytest.mark.django_db
def test_the_page_needs_no_script_and_nobody_elses_host(client):
    page = client.get("/api/v1/docs").content.decode()
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.split("</header>")[1].split("<footer")[0])
    assert "style=" not in page


@pytest.mark.django_db
def test_the_reference_names_every_address():
    words = (HOW_TO.parents[1] / "reference" / "api.md").read_text(encoding="utf-8")
    for address, methods in api.description()["paths"].items():
        written = re.sub(r"\{(\w+)\}", lambda found: found[1].upper(), address)
        for method in methods:
            assert f"`{method.upper()} {written}`" in words


def test_everything_described_has_words():
    for address, methods in api.description()["paths"].items():
        for said in methods.values():
            assert said["description"], address
            for one in said["parameters"]:
                assert one.get("description") or one["in"] == "path", (address, one["name"])
            assert {"400", "401", "403", "422", "429"} <= {str(status) for status in said["responses"]}
