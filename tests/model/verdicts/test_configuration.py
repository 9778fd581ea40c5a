"""Containers that cannot be made, in words that the recordings do not hold: containerd 2.1.9's."""

import pytest

from tests.model.verdicts.pictures import NOW, judged, waiting
from tui.model.verdicts.configuration import RETRIED


def test_an_image_that_names_no_command_is_told_without_the_containers_id() -> None:
    said = f'failed to generate container "{"0f" * 32}" spec: failed to generate spec: no command'
    verdict = judged(waiting("CreateContainerError", f"{said} specified"))
    assert (verdict.outcome, verdict.cause) == ("failed", "create-error")
    assert verdict.sentence.endswith(
        "made: failed to generate container spec: failed to generate spec: no command specified"
    )
    assert "CMD" in verdict.remedy


@pytest.mark.parametrize(
    ("created", "since_release", "outcome"),
    [
        (900.0, RETRIED - 1, "progressing"),  # the release may have made it
        (900.0, RETRIED, "failed"),  # the kubelet has tried again since
        (NOW - 4, 5.0, "failed"),
        (0.0, 5.0, "failed"),
    ],
)
@pytest.mark.parametrize("said", ['configmap "settings" not found', "something else"])
def test_what_a_pod_from_before_a_release_lacks_is_final_once_it_was_tried_again(
    said: str, created: float, since_release: float, outcome: str
) -> None:
    lacking = waiting("CreateContainerConfigError", said, created=created)
    verdict = judged(lacking, started=NOW - since_release)
    assert verdict.outcome == outcome
    assert said in verdict.evidence[0]
