"""The scene: what a rule looks at, and the words all rules share. Pure."""

import re
from collections.abc import Callable, Iterator

from tui.model.evidence import telling
from tui.model.frozen import frozen
from tui.model.rollouts import Container, Pod, Rollout, Verdict

WRONG_PORT_AFTER = 3.0
"""Seconds a container may listen elsewhere before we believe that it will stay so."""
SKEW = 2.0
"""Seconds a node's clock may be ahead of ours before we do without its times."""
EVIDENCE_LINES = 12
ID = re.compile(r" \"[0-9a-f]{64}\"")


@frozen
class Scene:
    """The picture at a moment, and the pods of the wanted revision that are to live."""

    rollout: Rollout
    pods: tuple[Pod, ...]
    now: float

    def containers(self) -> Iterator[tuple[Pod, Container]]:
        """Yield every container that is not well, with its pod."""
        for pod in self.pods:
            if pod.phase != "Succeeded":
                yield from ((pod, c) for c in pod.containers if not well(c, self.now))


Rule = Callable[[Scene], Iterator[Verdict]]
"""Finds one subject's troubles: each a verdict that failed, or that goes on with a cause."""


def scene(rollout: Rollout, now: float) -> Scene:
    """Return what there is to judge: pods of the wanted revision that nobody ends on purpose.

    A Job that is complete is done with, however many pods it took.
    """
    done = {workload.label for workload in rollout.workloads if workload.complete}
    new = (pod for pod in rollout.pods if pod.revision == rollout.revision)
    return Scene(
        rollout,
        tuple(pod for pod in new if pod.phase != "Terminating" and pod.owner not in done),
        now,
    )


def well(container: Container, now: float) -> bool:
    """Whether a container is ready and has run long enough to be believed."""
    return container.ready and passed(container.steady_at, container.started, now)


def unbegun(pod: Pod) -> bool:
    """Whether a pod has its node, and no container of it got as far as its image."""
    waiting = {container.waiting for container in pod.containers}
    started = any(container.running or container.last for container in pod.containers)
    before = waiting <= {"", "ContainerCreating", "PodInitializing"}
    return pod.phase == "Pending" and bool(pod.node) and before and not started


def passed(moment: float, since: float, now: float) -> bool:
    """Whether a moment told by a node, some time after `since`, has passed.

    A node whose clock is ahead would make us wait for as long as it is ahead.
    """
    return now >= moment or since > now + SKEW


def rolled_out(at: Scene) -> bool:
    """Whether the wanted revision serves with as many pods as were asked for."""
    rollout = at.rollout
    wanted = sum(w.desired for w in rollout.workloads if not w.complete)
    ready = sum(pod.ready and all(well(c, at.now) for c in pod.containers) for pod in at.pods)
    if not rollout.workloads and rollout.pods:
        wanted = 1
    return rollout.serving == rollout.revision and ready >= wanted


def trouble(
    final: bool, cause: str, sentence: str, evidence: tuple[str, ...], remedy: str
) -> Verdict:
    """Return a verdict with a cause: final, or only told while it goes on."""
    return Verdict("failed" if final else "progressing", cause, sentence, evidence, remedy)


def nearest_to_the_root(at: Scene, rules: tuple[Rule, ...]) -> Verdict | None:
    """Return the first final trouble, else the first one that is only told."""
    troubles = [verdict for rule in rules for verdict in rule(at)]
    final = (verdict for verdict in troubles if verdict.outcome == "failed")
    return next(final, troubles[0] if troubles else None)


def who(pod: Pod, container: Container) -> str:
    """Name a container: by its pod where that is clear, with its kind where it is not."""
    if len(pod.containers) == 1:
        return pod.name
    kinds = {"app": "container", "init": "init container", "sidecar": "sidecar"}
    return f"{kinds[container.kind]} {container.name} of {pod.name}"


def without_ids(words: str) -> str:
    """Leave out the ids of sandboxes and containers, which tell a reader nothing."""
    return ID.sub("", words)


def last_lines(container: Container) -> tuple[str, ...]:
    """Return what tells most of the end of what a container said before it ended."""
    return telling(container.last.last_lines, EVIDENCE_LINES) if container.last else ()
