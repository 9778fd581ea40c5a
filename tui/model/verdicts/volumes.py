"""Volumes: why a pod that has its node cannot begin. Pure.

The kubelet tells it in events `FailedMount` and `FailedAttachVolume`, again and again while it
retries. Some are over at once (its caches were not filled yet), so that only what is named as
missing is final.
"""

import re
from collections.abc import Iterator

from tui.model.rollouts import Pod, Verdict, WarningEvent
from tui.model.verdicts.scene import Scene, trouble

REASONS = {"FailedMount", "FailedAttachVolume", "FailedMapVolume"}
VOLUME = re.compile(r"MountVolume\.\w+ failed for volume \"([^\"]+)\"\s*: (.*)", re.DOTALL)
MISSING = re.compile(r"(configmap|secret|persistentvolumeclaim) \"([^\"]+)\" not found")
MISSING_KEY = re.compile(r"references non-existent (config|secret) key: (\S+)")
KINDS = {
    "configmap": "ConfigMap",
    "secret": "Secret",
    "persistentvolumeclaim": "PersistentVolumeClaim",
}
TRANSIENT = "timed out waiting for the condition"
REPEATED = 3
"""Failures after which a mount counts as failed, whatever it says."""


def unmounted(at: Scene) -> Iterator[Verdict]:
    """Tell pods that wait for a volume."""
    for pod in at.pods:
        warned = [w for w in pod.warnings if w.reason in REASONS and not _early(w)]
        if pod.phase == "Pending" and pod.node and warned and _creating(pod):
            yield _judge(pod, warned)


def _early(warning: WarningEvent) -> bool:
    """Whether it only says that the kubelet has just begun, as it does of many a good pod."""
    return TRANSIENT in warning.message and warning.times < REPEATED


def _creating(pod: Pod) -> bool:
    waiting = {container.waiting for container in pod.containers}
    return bool(waiting & {"", "ContainerCreating", "PodInitializing"})


def _judge(pod: Pod, warned: list[WarningEvent]) -> Verdict:
    evidence = tuple(dict.fromkeys(warning.message for warning in warned))
    for warning in reversed(warned):
        if missing := MISSING.search(warning.message):
            kind, name = KINDS[missing[1]], missing[2]
            cause = "claim-missing" if kind == KINDS["persistentvolumeclaim"] else "mount-missing"
            sentence = f"{pod.name} mounts {kind} {name}, which is not there"
            return trouble(
                True, cause, sentence, evidence, f"make {kind} {name}, or correct its name"
            )
        if key := MISSING_KEY.search(warning.message):
            kind = KINDS["secret" if key[1] == "secret" else "configmap"]
            sentence = f"{pod.name} mounts the key {key[2]} of a {kind} that has no such key"
            remedy = f"add {key[2]} to the {kind}, or correct `items` of the volume"
            return trouble(True, "mount-missing", sentence, evidence, remedy)
    return _other(pod, warned[-1], evidence)


def _other(pod: Pod, warning: WarningEvent, evidence: tuple[str, ...]) -> Verdict:
    match = VOLUME.search(warning.message)
    volume = f"volume {match[1]}" if match else "a volume"
    words = match[2] if match else warning.message
    final = warning.times >= REPEATED and TRANSIENT not in words
    sentence = f"{pod.name} cannot mount {volume}: {words}"
    return trouble(final, "mount-failed", sentence, evidence, "correct the volume that it names")
