"""What the state says of a build and of a revision that was asked for. Pure."""

from tui.engine.outcomes import environment_deleted
from tui.model.faults import Fault
from tui.model.releases import Release
from tui.model.rollouts import Rollout, Verdict
from tui.model.state import State
from tui.ports.backend import Build


def overtaken_by(state: State, revision: int) -> int:
    """Return the newer revision that something else asked for since; 0 when there is none."""
    return state.rollout.revision if state.rollout and state.rollout.revision > revision else 0


def end_of_rollout(
    state: State, revision: int, before: Rollout | None, last: Rollout | None
) -> Verdict | Fault | int:
    """Return the final verdict on `revision`, or what keeps it from having one; 0 for neither.

    That is the fault of its environment's deletion, or the newer revision that overtook it. What
    was seen `before` its deploy is of neither, though its number may be higher: they begin anew
    where a namespace was deleted. Nor is a deletion that was the `last` thing seen in the deploy,
    which then had waited for it.
    """
    if deleted := deleted_since(state, last):
        return deleted
    if shows_same(state.rollout, before):
        return 0
    return final_verdict(state, revision) or overtaken_by(state, revision)


def shows_same(seen: Rollout | None, before: Rollout | None) -> bool:
    """Whether what is wanted in this picture is what was wanted `before`."""
    if seen is None or before is None:
        return False
    return (seen.revision, seen.started) == (before.revision, before.started)


def is_from_before(seen: Rollout, release: Release) -> bool:
    """Whether a picture whose number is as high as that of a release began earlier than that.

    It is of a history that ended since: numbers begin anew where a namespace was deleted.
    """
    return seen.revision >= release.revision and 0 < seen.started < release.started


def is_before_its_deploy(seen: Rollout, release: Release) -> bool:
    """Whether a picture is of a history before, or of a release that was only begun by then.

    The latter is also what stays to be seen of one whose redraft died.
    """
    begun = seen.begun and seen.revision == release.revision and release.outcome == "pending"
    return begun or is_from_before(seen, release)


def deleted_since(state: State, last: Rollout | None) -> Fault | None:
    """Return the fault of a rollout whose environment was deleted after this picture, else None."""
    seen = state.rollout
    return environment_deleted() if seen and seen.deleted and seen is not last else None


def final_verdict(state: State, revision: int) -> Verdict | None:
    """Return the verdict on `revision` once it is final, else None."""
    if state.rollout is None or state.rollout.revision != revision:
        return None
    return state.verdict if state.verdict.outcome in {"ready", "failed"} else None


def runs_already(state: State, build: Build, *, by_save: bool) -> bool:
    """Whether the wanted revision is this very build, so that there is nothing to deploy.

    A save that leaves the content as it was starts nothing even when that revision failed; the
    user's own `up` tries a failed or stopped one again, also one that was ready and fails now: an
    object of it may have been deleted. Where files were synced into its containers
    nobody knows that they hold what the image does.
    """
    if not state.releases:
        return False
    present = state.releases[-1]
    if present.synced or (present.image.tag, present.spec) != (build.image.tag, build.spec):
        return False
    serves = state.rollout is not None and state.rollout.serving == present.revision
    if by_save:
        return serves or present.outcome == "failed"
    return serves and state.verdict.outcome != "failed"
