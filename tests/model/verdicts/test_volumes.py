from dataclasses import replace

import pytest

from tests.model.verdicts.pictures import NOW, RUNNING, judged, pod, waiting
from tui.model.rollouts import Verdict, WarningEvent

SETUP = 'MountVolume.SetUp failed for volume "data" : '


def mounting(message: str, times: int = 1) -> Verdict:
    warned = WarningEvent("FailedMount", message, times, NOW)
    return judged(waiting("ContainerCreating", warnings=(warned,)))


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        (f'{SETUP}configmap "settings" not found', "mount-missing"),
        (f"{SETUP}references non-existent secret key: token", "mount-missing"),
        (f'{SETUP}persistentvolumeclaim "data" not found', "claim-missing"),
    ],
)
def test_what_is_named_as_missing_is_final_at_once(message: str, cause: str) -> None:
    verdict = mounting(message)
    assert (verdict.outcome, verdict.cause) == ("failed", cause)


@pytest.mark.parametrize(
    ("words", "times", "outcome"),
    [
        ("rpc error: device is busy", 1, "progressing"),
        ("rpc error: device is busy", 3, "failed"),
        ("failed to sync secret cache: timed out waiting for the condition", 9, "progressing"),
        ("failed to sync secret cache: context deadline exceeded", 9, "progressing"),
        ('object "team"/"settings" not registered', 9, "progressing"),
    ],
)
def test_what_may_pass_is_final_when_it_repeats(words: str, times: int, outcome: str) -> None:
    verdict = mounting(SETUP + words, times)
    assert (verdict.outcome, verdict.cause) == (outcome, "mount-failed")


def test_a_mount_that_came_about_at_last_is_no_trouble() -> None:
    warned = WarningEvent("FailedMount", f'{SETUP}configmap "settings" not found', 9, NOW)
    assert judged(waiting("ErrImagePull", "not found", warnings=(warned,))).cause != "mount-missing"


@pytest.mark.parametrize(
    "words",
    [
        f"{SETUP}failed to sync secret cache: timed out waiting for the condition",
        "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], "
        "failed to process volumes=[]: context deadline exceeded",
        'MountVolume.SetUp failed for volume "kube-api-access-vxt5c" : '
        'configmap "kube-root-ca.crt" not found',
    ],
)
def test_what_the_first_mounts_of_good_pods_say_is_not_told_as_a_trouble(words: str) -> None:
    assert mounting(words).cause == ""


def test_a_namespace_that_never_gets_the_certificate_of_its_authority_is_told() -> None:
    verdict = mounting(f'{SETUP}configmap "kube-root-ca.crt" not found', 3)
    assert (verdict.outcome, verdict.cause) == ("failed", "mount-missing")


def test_a_mount_that_failed_before_an_init_container_began_is_no_trouble() -> None:
    warned = WarningEvent("FailedMount", f'{SETUP}configmap "settings" not found', 1, NOW)
    init = replace(RUNNING, name="migrate", kind="init")
    app = replace(RUNNING, running=False, waiting="PodInitializing")
    assert judged(pod(init, app, phase="Pending", warnings=(warned,))).cause == ""
