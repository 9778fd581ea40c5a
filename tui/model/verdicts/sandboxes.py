"""Sandboxes: why a pod that has its node gets no network or sandbox to run its containers in. Pure.

The kubelet tells it in events `FailedCreatePodSandBox`, in the runtime's and the network plugin's
words, and tries again. Each names the sandbox it tried, so that no two of them are counted as one.
"""

import re
from collections.abc import Iterator

from tui.model.rollouts import Pod, Verdict, WarningEvent
from tui.model.verdicts.scene import Scene, trouble, unbegun, without_ids

PREFIX = re.compile(
    r"^(?:\(combined from similar events\): )?Failed to create pod sandbox: "
    r"(?:rpc error: code = \w+ desc = )?"
)
REPEATED = 3
"""Failures after which it counts as failed: a node's network may just be coming up."""


def unsandboxed(at: Scene) -> Iterator[Verdict]:
    """Tell pods whose node cannot make a sandbox for them."""
    for pod in at.pods:
        warned = [w for w in pod.warnings if w.reason == "FailedCreatePodSandBox"]
        if warned and unbegun(pod):
            yield _judge(pod, warned)


def _judge(pod: Pod, warned: list[WarningEvent]) -> Verdict:
    words = PREFIX.sub("", warned[-1].message)
    return trouble(
        sum(warning.times for warning in warned) >= REPEATED,
        "sandbox-failed",
        f"node {pod.node} cannot make a sandbox for {pod.name}: {without_ids(words)}",
        (words,),
        "look at the node: its network plugin (CNI), its container runtime, its `runtimeClassName`",
    )
