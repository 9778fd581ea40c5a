"""Admission: why pods were not even made. Pure.

The words are the API server's, of its admission plugins ResourceQuota, LimitRanger, PodSecurity,
ServiceAccount and ValidatingAdmissionPolicy, and of webhooks; the workload's controller repeats
them.
"""

import re
from collections.abc import Iterator

from tui.model.frozen import frozen
from tui.model.rollouts import Verdict
from tui.model.verdicts.scene import Scene, trouble

PREFIX = re.compile(
    r"^(?:\(combined from similar events\): )?(?:Error creating: )?"
    r"(?:create Pod \S+ in StatefulSet \S+ failed error: )?(?:pods? \"[^\"]*\" is )?"
)


@frozen
class _Refusal:
    cause: str
    pattern: re.Pattern[str]
    sentence: str
    remedy: str
    may_pass: bool = False
    """Whether it may be over by itself: nothing to give up for at once."""


REFUSALS = (
    _Refusal(
        "quota",
        re.compile(r"exceeded quota: ([^,\s]+), requested: (\S+), used: (\S+), limited: (\S+)"),
        "the quota {0} leaves no room: {1} asked for, {2} used of {3}",
        "ask for less, free some of it, or have ResourceQuota {0} raised",
    ),
    _Refusal(
        "quota",
        re.compile(r"failed quota: ([^:\s]+): must specify (.+)"),
        "the quota {0} demands that each container states {1}",
        "state {1} in the chart's `resources`, or add a LimitRange with defaults",
    ),
    _Refusal(
        "limit-range",
        re.compile(
            r"((?:maximum|minimum) \S+ usage per \w+ is [^,]+, but \w+ is [^,.]+"
            r"|\S+ max limit to request ratio per \w+ is [^,]+, but [^,]+)"
        ),
        "the namespace's LimitRange refuses it: {0}",
        "change the chart's `resources` to what the LimitRange allows",
    ),
    _Refusal(
        "pod-security",
        re.compile(r"violates PodSecurity \"([^\"]+)\": (.+)", re.DOTALL),
        "the pod breaks the Pod Security Standard {0}: {1}",
        "set the `securityContext` that it names, or have the namespace's level changed",
    ),
    _Refusal(
        "pod-security",
        re.compile(r"(PodSecurityPolicy|pod security policy): (.+)", re.DOTALL),
        "no {0} allows the pod: {1}",
        "set the `securityContext` that it names, or have a policy bound to its service account",
    ),
    _Refusal(
        "policy-denied",
        re.compile(
            r"ValidatingAdmissionPolicy '([^']+)' with binding '[^']+' denied request:?\s*(.*)",
            re.DOTALL,
        ),
        "the admission policy {0} refuses it: {1}",
        "change the pod as the policy asks",
    ),
    _Refusal(
        "webhook-denied",
        re.compile(r"admission webhook \"([^\"]+)\" denied the request:?\s*(.*)", re.DOTALL),
        "the admission webhook {0} refuses it: {1}",
        "change the pod as the webhook asks",
    ),
    _Refusal(
        "webhook-unreachable",
        re.compile(r"failed calling webhook \"([^\"]+)\": (.*)", re.DOTALL),
        "the admission webhook {0} does not answer: {1}",
        "bring the webhook's own service up, or have it removed",
        may_pass=True,
    ),
    _Refusal(
        "service-account-missing",
        re.compile(
            r"serviceaccount \"(default)\" not found"
            r"|No API token found for service account \"([^\"]+)\""
        ),
        "the ServiceAccount {0} is not ready yet",
        "wait: a new namespace gets it within seconds",
        may_pass=True,
    ),
    _Refusal(
        "service-account-missing",
        re.compile(r"serviceaccount \"([^\"]+)\" not found"),
        "there is no ServiceAccount {0}",
        "make it, or correct `serviceAccountName`",
    ),
    _Refusal(
        "pod-invalid",
        re.compile(r"is invalid: (.+)|(?:^|: )(\S+: (?:Invalid|Required) value.*)", re.DOTALL),
        "the pod's description is wrong: {0}",
        "correct that field in the chart or manifest",
    ),
)


def refused_pods(at: Scene) -> Iterator[Verdict]:
    """Tell workloads whose pods are refused."""
    leaving = any(
        pod.phase == "Terminating" or pod.revision != at.rollout.revision for pod in at.rollout.pods
    )
    for workload in at.rollout.workloads:
        if workload.refused:
            yield _refused(workload.label, workload.refused, leaving=leaving)


def _refused(label: str, message: str, *, leaving: bool) -> Verdict:
    words = PREFIX.sub("", message).strip()
    for refusal in REFUSALS:
        if match := refusal.pattern.search(words):
            parts = [group for group in match.groups() if group is not None]
            final = not (refusal.may_pass or (refusal.cause == "quota" and leaving))
            sentence = f"{label} gets no pods: {refusal.sentence.format(*parts)}"
            return trouble(final, refusal.cause, sentence, (words,), refusal.remedy.format(*parts))
    sentence = f"{label} gets no pods: {words}"
    return trouble(True, "pods-refused", sentence, (words,), "change the pod as the words ask")
