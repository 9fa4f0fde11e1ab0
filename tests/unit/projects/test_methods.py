"""Methods and names of steps are content: what does not fit is refused with the place."""

import shutil
from pathlib import Path

import pytest

from espalier.projects.rules.methods import UnableToReadMethods, read_labels, read_methods

CONTENT = Path(__file__).resolve().parents[3] / "content"


def test_three_methods_with_a_sentence_for_each_step():
    found = {one.code: one for one in read_methods(CONTENT)}
    assert list(found) == ["model-for-improvement", "qsir", "a3"]
    assert all(step.about.endswith(".") for one in found.values() for step in one.steps)


def test_a_project_is_in_the_first_step_that_is_not_behind_it():
    model = read_methods(CONTENT)[0]
    assert [model.now(score).code for score in (0.5, 1.0, 1.5, 2.5, 3.5, 4.5, 5.0)] == [
        "aim", "measure", "change", "test", "keep", "spread", "spread",
    ]  # fmt: skip


def test_each_step_of_progress_has_a_name_and_says_whether_it_was_checked():
    found = read_labels(CONTENT)
    assert [one.step for one in found] == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0]
    assert {one.step for one in found if not one.verified} == {1.5, 2.0, 2.5, 3.5, 4.0, 4.5, 5.0}


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("methods", "code: qsir", "code: a3", "A code stands twice."),
        ("methods", "until: 1.5", "until: 1.4", "1.4 is not a multiple of 0.5"),
        ("methods", "until: 2.0}", "until: 0.5}", "The steps of model-for-improvement are out of order."),
        ("methods", "about: Three", "abuot: Three", "'abuot' was unexpected"),
        ("progress", "{step: 2.0,", "{step: 2.5,", "Each step from 0.5 to 5 needs one name."),
        ("progress", "steps:", "steps: [", "It cannot be read."),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, name, old, new, says):
    shutil.copytree(CONTENT / "projects", tmp_path / "projects")
    path = tmp_path / "projects" / f"{name}.yaml"
    words = path.read_text()
    assert old in words
    path.write_text(words.replace(old, new, 1))
    with pytest.raises(UnableToReadMethods) as refused:
        (read_methods if name == "methods" else read_labels)(tmp_path)
    assert says in str(refused.value)
    assert f"{name}.yaml" in refused.value.where
