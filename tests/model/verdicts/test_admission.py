"""Pods that were refused, in words that the recordings do not hold.

Pod Security Admission and ValidatingAdmissionPolicy are not in v1.20; their words are from their
documentation.
"""

from dataclasses import replace

import pytest

from tests.model.verdicts.pictures import READY, pod, rollout
from tui.model.rollouts import Rollout, Verdict
from tui.model.verdicts import judge


def refused(words: str, *, old: bool = False) -> Verdict:
    before = (pod(READY, name="web-0", revision=1),) if old else ()
    picture: Rollout = rollout(*before)
    workload = replace(picture.workloads[0], desired=1, refused=words, refusals=9)
    return judge(replace(picture, workloads=(workload,)), 1000.0)


@pytest.mark.parametrize(
    ("words", "cause", "says"),
    [
        (
            'pods "web-x" is forbidden: violates PodSecurity "restricted:latest": '
            "allowPrivilegeEscalation != false (container must set it)",
            "pod-security",
            "restricted:latest: allowPrivilegeEscalation != false",
        ),
        (
            'pods "web-x" is forbidden: PodSecurityPolicy: unable to admit pod: []',
            "pod-security",
            "unable to admit pod",
        ),
        (
            "pods \"web-x\" is forbidden: ValidatingAdmissionPolicy 'require-nonroot' with binding "
            "'require-nonroot-binding' denied request: must run as non-root",
            "policy-denied",
            "the admission policy require-nonroot refuses it: must run as non-root",
        ),
        (
            'Error creating: pods "web-x" is forbidden: minimum cpu usage per '
            "Container is 100m, but request is 50m",
            "limit-range",
            "minimum cpu usage per Container is 100m, but request is 50m",
        ),
        (
            'Pod "web-x" is invalid: spec.containers[0].ports: Invalid value: 0',
            "pod-invalid",
            "spec.containers[0].ports",
        ),
        ("the moon is full", "pods-refused", "the moon is full"),
    ],
)
def test_who_refused_is_told_with_his_words(words: str, cause: str, says: str) -> None:
    verdict = refused(words)
    assert (verdict.outcome, verdict.cause) == ("failed", cause)
    assert says in verdict.sentence


@pytest.mark.parametrize(
    "words",  # of current releases, and of v1.20
    [
        'pods "web-x" is forbidden: error looking up service account shop/default: serviceaccount '
        '"default" not found',
        'No API token found for service account "default", retry after the token is automatically '
        "created and added to the service account",
    ],
)
def test_the_default_account_of_a_namespace_that_was_just_made_is_waited_for(words: str) -> None:
    verdict = refused(words)
    assert (verdict.outcome, verdict.cause) == ("progressing", "service-account-missing")
    assert "ServiceAccount default is not ready yet" in verdict.sentence


def test_a_quota_that_old_pods_may_leave_room_in_is_not_final() -> None:
    words = "exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1"
    assert refused(words).outcome == "failed"
    assert refused(words, old=True).outcome == "progressing"
