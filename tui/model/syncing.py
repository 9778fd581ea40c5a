"""Syncing: copying saved files into what runs, in place of an iteration. Pure.

It may be done only while what runs is known to hold the tree but for the files just saved: the
present revision is ready, and was built by this engine from the tree that has been watched since.
What is copied into a container is lost with its present incarnation: one that was started since, or
a pod that came in place of another, runs the image alone.
"""

from tui.model.decide import Start
from tui.model.frozen import frozen
from tui.model.images import Image
from tui.model.rollouts import Container, Rollout
from tui.model.state import State
from tui.model.synced import Incarnation

BY_ID = "sha256:"


@frozen
class SyncFile:
    """A file to be copied."""

    path: str
    """Relative to the project; one that is not there is removed from the container."""
    target: str
    """Where it lies in the container, absolute."""


def may_sync(state: State, start: Start) -> bool:
    """Whether what is to be started may be a sync, if rules match all its files."""
    rollout = state.rollout
    if start.trigger != "save" or not state.holds_tree or rollout is None or rollout.lost_since:
        return False
    serves = rollout.revision == rollout.serving == state.holds_tree
    told_well = state.settings_fault is None and not state.deleting
    return serves and state.verdict.outcome == "ready" and told_well


def incarnations(state: State, revision: int) -> tuple[Incarnation, ...]:
    """Return the containers of a revision that run the app's image now."""
    image = next((r.image for r in state.releases if r.revision == revision), None)
    if state.rollout is None or image is None:
        return ()
    return _running(state.rollout, revision, image)


def lost_pods(state: State) -> tuple[str, ...]:
    """Return the pods that run without the files synced, though they should have them."""
    into, revision = state.synced.into, state.synced.revision
    if not into or (state.rollout is not None and state.rollout.lost_since):
        return ()
    running = incarnations(state, revision)
    return tuple(dict.fromkeys(one.pod for one in running if one not in into))


def count_synced(state: State) -> str:
    """Return how many files what serves has that its image has not, in two words; empty for none.

    How many they are is known only to the redraft that synced them.
    """
    serving = state.rollout.serving if state.rollout else 0
    if state.synced.paths and state.synced.revision == serving:
        return f"{len(state.synced.paths)} synced"
    marked = any(release.synced and release.revision == serving for release in state.releases)
    return "files synced" if marked else ""


def _running(rollout: Rollout, revision: int, image: Image) -> tuple[Incarnation, ...]:
    return tuple(
        Incarnation(pod.name, container.name, container.started)
        for pod in rollout.pods
        if pod.revision == revision and pod.phase == "Running"
        for container in pod.containers
        if container.running and container.kind != "init" and _runs(container, image)
    )


def _runs(container: Container, image: Image) -> bool:
    """Whether a container runs the app; an engine tells ids, and only of the app's containers."""
    named = (f"{image.name}:", f"{image.name}@", BY_ID)
    return container.image.startswith(named)
