"""Containers that cannot be made, in words that the recordings do not hold: containerd 2.1.9's."""

from dataclasses import replace

import pytest

from tests.model.verdicts.pictures import NOW, judged, waiting


def test_an_image_that_names_no_command_is_told_without_the_containers_id() -> None:
    said = f'failed to generate container "{"0f" * 32}" spec: failed to generate spec: no command'
    verdict = judged(waiting("CreateContainerError", f"{said} specified"))
    assert (verdict.outcome, verdict.cause) == ("failed", "create-error")
    assert verdict.sentence.endswith(
        "made: failed to generate container spec: failed to generate spec: no command specified"
    )
    assert "CMD" in verdict.remedy


@pytest.mark.parametrize(
    ("retry_at", "outcome"), [(NOW + 1, "progressing"), (NOW, "failed"), (0.0, "failed")]
)
@pytest.mark.parametrize("said", ['configmap "settings" not found', "something else"])
def test_what_a_container_lacks_is_final_once_it_was_tried_again(
    said: str, retry_at: float, outcome: str
) -> None:
    lacking = waiting("CreateContainerConfigError", said)
    (container,) = lacking.containers
    verdict = judged(replace(lacking, containers=(replace(container, retry_at=retry_at),)))
    assert verdict.outcome == outcome
    assert said in verdict.evidence[0]


@pytest.mark.parametrize(
    "said",
    [
        "failed to sync secret cache: timed out waiting for the condition",
        "failed to sync configmap cache: context deadline exceeded",
        'Get "https://10.0.0.1:6443/api/v1/namespaces/a/secrets/b": dial tcp: connection refused',
        'object "team"/"settings" not registered',
        "services have not yet been read at least once, cannot construct envvars",
    ],
)
def test_what_the_node_could_not_read_in_time_may_be_there_all_the_same(said: str) -> None:
    verdict = judged(waiting("CreateContainerConfigError", said))
    assert (verdict.outcome, verdict.cause) == ("progressing", "config-unread")
    assert verdict.evidence == (said,)
