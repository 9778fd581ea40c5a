"""Masking what pods say in a picture: it becomes events, which are shown and recorded. Pure."""

from collections.abc import Callable
from dataclasses import replace

from tui.model.masking import MASK, Mask
from tui.model.rollouts import Container, Pod, Rollout

Masking = Callable[[str], str]


def hidden(text: str) -> str:
    """Mask a text as a whole: it is not known yet what in it is secret."""
    return MASK if text else ""


def with_masked(rollout: Rollout, mask: Masking) -> Rollout:
    """Return the picture with all that apps may have said in it masked."""
    if isinstance(mask, Mask) and not mask:
        return rollout
    return replace(rollout, pods=tuple(_pod(pod, mask) for pod in rollout.pods))


def _pod(pod: Pod, mask: Masking) -> Pod:
    """Mask what containers and the cluster's warnings say; a probe's output is in the latter."""
    return replace(
        pod,
        containers=tuple(_container(one, mask) for one in pod.containers),
        message=mask(pod.message),
        warnings=tuple(replace(one, message=mask(one.message)) for one in pod.warnings),
    )


def _container(container: Container, mask: Masking) -> Container:
    last = container.last
    if last is not None:
        lines = tuple(mask(line) for line in last.last_lines)
        last = replace(last, message=mask(last.message), last_lines=lines)
    return replace(
        container,
        message=mask(container.message),
        probe_message=mask(container.probe_message),
        last=last,
    )
