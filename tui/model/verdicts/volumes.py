"""Volumes: why a pod that has its node cannot begin. Pure.

The kubelet tells it in events `FailedMount` and `FailedAttachVolume`, again and again while it
retries. Some are over at once (its caches were not filled yet, the authority's certificate is just
being put into a new namespace), so that only what is named as missing is final.
"""

import re
from collections.abc import Iterator

from tui.model.rollouts import Pod, Verdict, WarningEvent
from tui.model.verdicts.scene import Scene, trouble, unbegun

REASONS = {"FailedMount", "FailedAttachVolume", "FailedMapVolume"}
VOLUME = re.compile(r"MountVolume\.\w+ failed for volume \"([^\"]+)\"\s*: (.*)", re.DOTALL)
MISSING = re.compile(r"(configmap|secret|persistentvolumeclaim) \"([^\"]+)\" not found")
MISSING_KEY = re.compile(r"references non-existent (config|secret) key: (\S+)")
KINDS = {
    "configmap": "ConfigMap",
    "secret": "Secret",
    "persistentvolumeclaim": "PersistentVolumeClaim",
}
SUMMED_UP = re.compile(
    r"timed out waiting for the condition|failed to sync \w+ cache|object \S+ not registered"
    r"|^Unable to attach or mount volumes: .*: context deadline exceeded$"
)
"""What tells no more than that it waits; the last in the words of kubelets since v1.27."""
EARLY = re.compile(SUMMED_UP.pattern + r"|configmap \"kube-root-ca\.crt\" not found")
"""What many a good pod's first mounts say."""
REPEATED = 3
"""Failures after which a mount counts as failed, whatever it says."""


def unmounted(at: Scene) -> Iterator[Verdict]:
    """Tell pods that wait for a volume."""
    for pod in at.pods:
        warned = [w for w in pod.warnings if w.reason in REASONS and not _early(w)]
        if warned and unbegun(pod):
            yield _judge(pod, warned)


def _early(warning: WarningEvent) -> bool:
    """Whether it only says that the kubelet has just begun, as it does of many a good pod."""
    return bool(EARLY.search(warning.message)) and warning.times < REPEATED


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
    final = warning.times >= REPEATED and not SUMMED_UP.search(words)
    sentence = f"{pod.name} cannot mount {volume}: {words}"
    return trouble(final, "mount-failed", sentence, evidence, "correct the volume that it names")
