"""Containers that cannot be made, in words that the recordings do not hold: containerd 2.1.9's."""

from tests.model.verdicts.pictures import judged, waiting


def test_an_image_that_names_no_command_is_told_without_the_containers_id() -> None:
    said = f'failed to generate container "{"0f" * 32}" spec: failed to generate spec: no command'
    verdict = judged(waiting("CreateContainerError", f"{said} specified"))
    assert (verdict.outcome, verdict.cause) == ("failed", "create-error")
    assert verdict.sentence.endswith(
        "made: failed to generate container spec: failed to generate spec: no command specified"
    )
    assert "CMD" in verdict.remedy
