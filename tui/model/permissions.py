"""Permissions: which verbs can act now, and why the others cannot.

One answer feeds the greyed keys, the palette and the command line's refusals.
"""

from collections.abc import Callable, Mapping

from tui.model.places import PLACE_CHANGED
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
    "disconnect",
    "shell",
    "confirm-name",
)
CHANGING = frozenset({"up", "rollback", "delete"})
"""What has to wait in a protected place until its name was typed."""
OFFERED = frozenset({"connect", "shell"})
"""What a backend may offer beyond its verbs."""


def refusals(state: State) -> Mapping[str, str]:
    """Return for every verb why it cannot act now, in a sentence; an empty text where it can."""
    return {verb: _refusal(verb, state) for verb in VERBS}


def _refusal(verb: str, state: State) -> str:
    if state.deleting and verb != "create":
        return "the environment is being deleted"
    if state.deleted and verb not in {"create", "up"}:
        return "the environment was deleted"
    if verb in CHANGING and state.protection is not None:
        return f"type its name first: {state.protection.reason}"
    if verb in OFFERED and verb not in state.capabilities:
        return f"the {state.backend or 'present'} backend does not offer it"
    reason = REASONS.get(verb)
    return reason(state) if reason else ""


def _pause_refusal(state: State) -> str:
    if state.watch.mode == "off":
        return "files are not watched"
    return "watching is paused already" if state.watch.paused else ""


def _cancel_refusal(state: State) -> str:
    running = state.iteration is not None and state.iteration.running
    return "" if running else "nothing is being built"


def _rollback_refusal(state: State) -> str:
    if rollback_target(state) is not None:
        return ""
    if any(release.outcome == "ready" for release in state.releases[:-1]):
        return "every earlier good revision runs the same as the present one"
    return "there is no earlier good revision"


def _unless(possible: object, reason: str) -> str:
    return "" if possible else reason


REASONS: Mapping[str, Callable[[State], str]] = {
    "rollback": _rollback_refusal,
    "pause": _pause_refusal,
    "resume": lambda s: _unless(s.watch.paused, "watching is not paused"),
    "release-held": lambda s: _unless(s.watch.held, "no changes are held"),
    "drop-held": lambda s: _unless(s.watch.held, "no changes are held"),
    "cancel": _cancel_refusal,
    "open": lambda s: _unless(s.url, "nothing answers yet"),
    "disconnect": lambda s: _unless(s.connections, "nothing is connected"),
    "shell": lambda s: _unless(s.rollout and s.rollout.pods, "no pod runs"),
    "confirm-name": lambda s: _unless(s.protection, "no name has to be typed"),
    "history": lambda s: _unless(s.releases, "nothing was released yet"),
    "environment": lambda s: _unless(
        moved(s) or set(s.environments) - {s.environment}, "draft.toml has one environment only"
    ),
}


def moved(state: State) -> bool:
    """Whether draft.toml has the environment run elsewhere now than where it is open."""
    return state.settings_fault is not None and state.settings_fault.code == PLACE_CHANGED


def rollback_target(state: State, revision: int = 0) -> Release | None:
    """Return the release a rollback goes to, None where there is none.

    That is `revision`, or without one the newest good release that runs something else than the
    present one. So a rollback of a rollback brings back what it left, as `helm rollback` does.
    """
    if revision:
        return next((r for r in state.releases if r.revision == revision), None)
    if not state.releases:
        return None
    *earlier, present = state.releases
    return next((r for r in reversed(earlier) if _good_and_other(r, present)), None)


def _good_and_other(release: Release, present: Release) -> bool:
    same = (release.image.tag, release.spec) == (present.image.tag, present.spec)
    return release.outcome == "ready" and not same
