"""Every row of the matrix: from what a real API server told to cause, evidence and remedy."""

import pytest

from tests.situations.around import AROUND
from tests.situations.expected import AT_FIRST, CONTAINERD, EXPECTED, Expected
from tests.situations.recordings import FOLDER, recorded, recorded_at, wanted_of
from tests.situations.table import NEXT, SITUATIONS
from tui.backends.kubernetes.picture import picture
from tui.model.rollouts import Verdict
from tui.model.verdicts import judge
from tui.model.verdicts.scheduling import PATIENCE


def verdict_on(name: str, later: float) -> Verdict:
    objects = recorded(name)
    return judge(picture(objects, wanted_of(objects)), recorded_at(objects) + later)


def assert_says(verdict: Verdict, expected: Expected) -> None:
    assert (verdict.outcome, verdict.cause) == (expected.outcome, expected.cause), verdict
    text = "\n".join((verdict.sentence, *verdict.evidence, verdict.remedy))
    assert [words for words in expected.says if words not in text] == [], text
    if verdict.outcome == "failed":
        assert verdict.remedy


@pytest.mark.parametrize("name", EXPECTED)
def test_a_recorded_situation_has_its_cause_evidence_and_remedy(name: str) -> None:
    assert_says(verdict_on(name, PATIENCE), EXPECTED[name])


@pytest.mark.parametrize("name", CONTAINERD)
def test_a_node_with_another_runtime_is_understood_as_well(name: str) -> None:
    assert_says(verdict_on(name, PATIENCE), CONTAINERD[name])


@pytest.mark.parametrize("name", AT_FIRST)
def test_what_may_pass_is_told_at_first_but_is_not_final(name: str) -> None:
    assert_says(verdict_on(name, 0), AT_FIRST[name])


@pytest.mark.parametrize("name", [n for n in EXPECTED if n.startswith(("unsched", "claim"))])
def test_a_pod_without_a_node_is_told_at_once_and_is_final_only_after_a_while(name: str) -> None:
    assert_says(verdict_on(name, 0), Expected("progressing", EXPECTED[name].cause))


def test_every_situation_is_recorded_and_every_recording_is_judged() -> None:
    recordings = {path.stem for path in FOLDER.glob("*.json")}
    assert recordings == EXPECTED.keys() | AT_FIRST.keys() | CONTAINERD.keys()
    assert EXPECTED.keys() >= SITUATIONS.keys() | NEXT.keys() | AROUND.keys()
