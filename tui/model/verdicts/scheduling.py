"""Scheduling: why no node takes a pod. Pure.

The scheduler counts its nodes by what each one lacks: `0/3 nodes are available: 1 Insufficient cpu,
2 node(s) had untolerated taint {a: b}. preemption: ...`. Texts differ between releases; all are
known here (v1.20: `had taint {a: b}, that the pod didn't tolerate`; since v1.34 the taint is not
named: `had untolerated taint(s)`, and a volume's node affinity is told apart from the pod's by its
name only).
"""

import re
from collections.abc import Iterator

from tui.model.rollouts import Pod, Verdict
from tui.model.verdicts.lacks import Lack, find_lack
from tui.model.verdicts.scene import Scene, passed, trouble

PATIENCE = 10.0
"""Seconds for which a pod may wait for room before we call it failed."""
REASON = re.compile(r"(?:, |: )\d+ (.+?)(?=, \d+ |\.? ?$)")
TAIL = re.compile(r"\.? (?:preemption: |no new claims |still not schedulable).*", re.DOTALL)
"""What it says besides: that to end other pods would not help either."""

LACKS = (
    Lack(
        "claim-missing",
        re.compile(r"persistentvolumeclaim \"([^\"]+)\" (?:not found|is being deleted)"),
        "there is no PersistentVolumeClaim {0}",
        "make the claim {0}, or correct its name in the pod's volumes",
    ),
    Lack(
        "claim-unbound",
        re.compile(r"unbound immediate PersistentVolumeClaims"),
        "a PersistentVolumeClaim of it has no volume yet",
        "look at the claim's StorageClass: does it exist, and can it make such a volume?",
    ),
    Lack(
        "unschedulable-volume",
        re.compile(
            r"(volume node affinity conflict|PersistentVolume's node affinity|max volume count"
            r"|didn't find available persis)"
        ),
        "its volume cannot be used there ({0})",
        "let the pod run where its volume is, or take another StorageClass",
    ),
    Lack(
        "unschedulable-resources",
        re.compile(r"Insufficient (\S+)|(Too many pods)"),
        "no node has enough {0} left{asked}",
        "ask for less in `resources.requests`, free some of it, or add a node",
    ),
    Lack(
        "unschedulable-node",
        re.compile(r"taint \{node\.kubernetes\.io/([\w-]+)"),
        "a node that might take it is in trouble of its own ({0})",
        "look at the nodes: `kubectl describe nodes` tells their conditions; the taint "
        "node.kubernetes.io/{0} goes with the trouble",
    ),
    Lack(
        "unschedulable-taint",
        re.compile(r"taint( \{[^}]*\})|taint"),
        "the nodes keep pods away by a taint{0} that it does not tolerate",
        "add a matching `tolerations` entry to the pod, or remove the taint from a node",
    ),
    Lack(
        "unschedulable-affinity",
        re.compile(r"didn't (?:match|satisfy) (.*(?:affinity|selector|spread constraints)[^,.]*)"),
        "no node matches {0}",
        "correct `nodeSelector` or `affinity`, label a node so that it matches, or add a node",
    ),
    Lack(
        "unschedulable-port",
        re.compile(r"didn't have free ports"),
        "its `hostPort` is taken on every node",
        "leave `hostPort` out and use a Service",
    ),
    Lack(
        "unschedulable-cordoned",
        re.compile(r"were unschedulable"),
        "the nodes are cordoned",
        "uncordon a node: `kubectl uncordon NODE`",
    ),
)
"""By the order in which we name them where several nodes lack different things."""


def unschedulable(at: Scene) -> Iterator[Verdict]:
    """Tell pods that no node takes."""
    leaving = any(p.phase == "Terminating" for p in at.rollout.pods)
    for pod in at.pods:
        if pod.unschedulable and not pod.node:
            waited = passed(pod.created + PATIENCE, pod.created, at.now)
            yield _judge(pod, final=waited and not leaving)


def _judge(pod: Pod, *, final: bool) -> Verdict:
    words = TAIL.sub("", pod.unschedulable)
    reasons = REASON.findall(words) or [words]
    warned = tuple(f"{w.reason}: {w.message}" for w in pod.warnings if "FailedSch" not in w.reason)
    evidence = (pod.unschedulable, *warned)
    if found := find_lack(LACKS, reasons):
        lack, groups = found
        named = next((group for group in groups if group), "")
        said = lack.sentence.format(named, asked=_asked(pod, named))
        sentence = f"{pod.name} has no node: {said}"
        return trouble(final, lack.cause, sentence, evidence, lack.remedy.format(named))
    sentence = f"{pod.name} has no node: {reasons[0]}"
    return trouble(final, "unschedulable", sentence, evidence, "change the pod or add a node")


def _asked(pod: Pod, resource: str) -> str:
    """Say how much of a resource the pod's containers ask for."""
    asked = [amount for c in pod.containers for name, amount in c.requests if name == resource]
    return f": it asks for {' + '.join(asked)}" if asked else ""
