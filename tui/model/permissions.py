"""Permissions: which verbs can act now, and why the others cannot.

One answer feeds the greyed keys, the palette and the command line's refusals.
"""

from collections.abc import Mapping

from tui.model.releases import Release
from tui.model.state import State

VERBS = (
    "create",
    "up",
    "rollback",
    "pause",
    "resume",
    "release-held",
    "drop-held",
    "cancel",
    "open",
    "history",
    "logs",
    "delete",
    "environment",
    "why",
    "connect",
    "exec",
)


def refusals(state: State) -> Mapping[str, str]:
    """Return for every verb why it cannot act now, in a sentence; an empty text where it can."""
    return {verb: _refusal(verb, state) for verb in VERBS}


def _refusal(verb: str, state: State) -> str:  # noqa: PLR0911 - one line a verb reads best
    running = state.iteration is not None and state.iteration.running
    if state.deleted and verb not in {"create", "up"}:
        return "the environment was deleted"
    match verb:
        case "rollback":
            return "" if rollback_target(state) else "there is no earlier good revision"
        case "pause":
            return _pause_refusal(state)
        case "resume":
            return "" if state.watch.paused else "watching is not paused"
        case "release-held" | "drop-held":
            return "" if state.watch.held else "no changes are held"
        case "cancel":
            return "" if running else "nothing is being built"
        case "open":
            return "" if state.rollout and state.rollout.url else "nothing answers yet"
        case "history":
            return "" if state.releases else "nothing was released yet"
        case "environment":
            return "" if len(state.environments) > 1 else "draft.toml has one environment only"
        case "connect" | "exec":
            offered = verb in state.capabilities
            return "" if offered else f"the {state.backend} backend does not offer it"
        case _:
            return ""


def _pause_refusal(state: State) -> str:
    if state.watch.mode == "off":
        return "files are not watched"
    return "watching is paused already" if state.watch.paused else ""


def rollback_target(state: State, revision: int = 0) -> Release | None:
    """Return the release a rollback goes to: `revision`, or the last good one before the present.

    The present one is what serves; when the newest failed, the target is what served before it.
    """
    if revision:
        return next((r for r in state.releases if r.revision == revision), None)
    if not state.releases:
        return None
    newest = state.releases[-1]
    good = [r for r in state.releases[:-1] if r.outcome == "ready"]
    if newest.rollback_of:
        good = [r for r in good if r.revision < newest.rollback_of] or good
    different = [r for r in good if _runs_otherwise(r, newest)]
    return (different or good or [None])[-1]


def _runs_otherwise(release: Release, newest: Release) -> bool:
    return (release.image.tag, release.spec) != (newest.image.tag, newest.spec)
