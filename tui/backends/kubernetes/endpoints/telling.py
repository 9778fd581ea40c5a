"""Telling endpoints in a picture. Pure."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from tui.backends.kubernetes.endpoints.finding import Target
from tui.model.rollouts import Rollout
from tui.model.routes import Endpoint, best_url


def worth_asking(rollout: Rollout) -> bool:
    """Whether anything could answer at all."""
    return any(pod.ready and pod.phase == "Running" for pod in rollout.pods)


def moment_of(rollout: Rollout) -> Hashable:
    """Return what makes earlier answers old when it changes: who serves."""
    ready = frozenset(pod.name for pod in rollout.pods if pod.ready and pod.phase == "Running")
    return rollout.revision, rollout.serving, ready


def with_endpoints(
    rollout: Rollout, targets: Sequence[Target], answers: Mapping[Target, Endpoint]
) -> Rollout:
    """Return the picture with its endpoints, and the best of them as its URL."""
    endpoints = tuple(answers.get(target, target.endpoint) for target in targets)
    return replace(rollout, endpoints=endpoints, url=best_url(endpoints))
