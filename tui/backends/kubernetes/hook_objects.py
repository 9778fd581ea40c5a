"""What helm makes for a chart's hooks: what of it runs something, and whose it is. Pure.

Helm owns hooks by nothing but their names: it puts no mark of the release on them, and leaves them
where they are when the release is removed.
"""

from collections.abc import Iterable

from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.picture.reading import labels, text
from tui.backends.kubernetes.records import Ref
from tui.clients.helm.releases import Hook

HOOK = "helm.sh/hook"
POLICY = "helm.sh/resource-policy"
VERSIONS = {"Job": "batch/v1", "Pod": "v1"}
"""Kinds of hooks that run something, with their API versions."""
INSTANCE = ("app.kubernetes.io/instance", "release")
"""Labels by which charts tell their releases apart: helm's recommendation, and its older one."""


def hook_refs(hooks: Iterable[Hook], namespace: str) -> tuple[Ref, ...]:
    """Return those of a release's hooks that run something, once each.

    One that the cluster is to name (`generateName`) has no name to be known by.
    """
    running = (hook for hook in hooks if hook.kind in VERSIONS and hook.name)
    refs = (Ref(VERSIONS[hook.kind], hook.kind, namespace, hook.name) for hook in running)
    return tuple(dict.fromkeys(refs))


def is_hook_of(live: RawObject, release: str) -> bool:
    """Whether an object says that it is a hook, and not that it is another release's."""
    if not text(live, "metadata", "annotations", HOOK):
        return False
    told = next((labels(live)[label] for label in INSTANCE if labels(live).get(label)), release)
    return told == release


def is_kept(live: RawObject) -> bool:
    """Whether an object says that it is to outlive its release, as helm reads it."""
    return text(live, "metadata", "annotations", POLICY).strip().lower() == "keep"
