"""Configuration: why a container whose image is there cannot be made. Pure.

`CreateContainerConfigError` is the kubelet's for what a container refers to, `CreateContainerError`
the runtime's for what it was given.
"""

import re
from collections.abc import Iterator

from tui.model.rollouts import Container, Pod, Verdict
from tui.model.verdicts.lacks import Lack, find_lack
from tui.model.verdicts.scene import Scene, trouble, who, without_ids

BUSY = re.compile(r"deadline exceeded|is reserved for|already in use by container", re.IGNORECASE)
"""What passes by itself: the runtime is slow, or still has the container from before."""
UNREAD = re.compile(
    r"failed to sync \w+ cache|object \S+ not registered|services have not yet been read"
    r"|/(?:secrets|configmaps)/\S+: .*(?:connection refused|timeout)"
)
"""What passes by itself, too: the kubelet did not get to read what the container refers to.

It waits a second for what is not in its cache yet (pkg/kubelet/util/manager, objectCache.Get), so
that on a busy machine it may say so of what is there, and of what is not. Just started it has not
read the Services, whose addresses it puts into the environment.
"""

LACKS = (
    Lack(
        "missing-secret",
        re.compile(r"secret \"([^\"]+)\" not found"),
        "needs Secret {0}, which is not there",
        "make Secret {0} in this namespace, or correct its name",
    ),
    Lack(
        "missing-configmap",
        re.compile(r"configmap \"([^\"]+)\" not found"),
        "needs ConfigMap {0}, which is not there",
        "make ConfigMap {0} in this namespace, or correct its name",
    ),
    Lack(
        "missing-key",
        re.compile(r"couldn't find key (\S+) in (Secret|ConfigMap) [^/\s]+/(\S+)"),
        "needs the key {0}, which {1} {2} does not have",
        "add {0} to {1} {2}, or correct the key's name",
    ),
    Lack(
        "runs-as-root",
        re.compile(r"(runAsNonRoot)"),
        "would run as root, which its `runAsNonRoot` forbids",
        "set USER in the Dockerfile to a number that is not 0, or set `runAsUser`",
    ),
)


def unmade(at: Scene) -> Iterator[Verdict]:
    """Tell containers that cannot be made."""
    for pod, container in at.containers():
        match container.waiting:
            case "CreateContainerConfigError":
                yield _misconfigured(pod, container, final=at.now >= container.retry_at)
            case "CreateContainerError" | "CreateContainer":
                yield _not_created(pod, container)


def _misconfigured(pod: Pod, container: Container, *, final: bool) -> Verdict:
    evidence = (container.message,)
    name = who(pod, container)
    if found := find_lack(LACKS, evidence):
        lack, named = found
        sentence = f"{name} {lack.sentence.format(*named)}"
        return trouble(final, lack.cause, sentence, evidence, lack.remedy.format(*named))
    if UNREAD.search(container.message):
        sentence = f"the node of {name} could not read yet what it refers to"
        return trouble(False, "config-unread", sentence, evidence, "wait: the node tries again")
    sentence = f"{name} is wrongly configured: {container.message}"
    return trouble(final, "config-error", sentence, evidence, "correct what it names")


def _not_created(pod: Pod, container: Container) -> Verdict:
    remedy = "correct what it names in the container's spec"
    if "o command specified" in container.message:
        remedy = "give the image a CMD, or the container a `command`"
    return trouble(
        not BUSY.search(container.message),
        "create-error",
        f"{who(pod, container)} cannot be made: {without_ids(container.message)}",
        (container.message,),
        remedy,
    )
