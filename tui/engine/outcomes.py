"""Faults that the engine itself raises, and the one an unexpected exception becomes."""

import logging

from tui.model.faults import Fault
from tui.model.rollouts import Verdict

log = logging.getLogger("redraft.engine")

DELETED = "environment-deleted"
"""The code of the fault of an iteration whose environment was deleted by another redraft."""


def rollout_fault(verdict: Verdict) -> Fault:
    """Return the fault of an iteration whose rollout failed."""
    return Fault(verdict.cause, verdict.sentence, evidence=verdict.evidence, remedy=verdict.remedy)


def unexpected(error: BaseException, doing: str) -> Fault:
    """Write the traceback to the log file and return a fault that says where to look."""
    log.error("unexpected error while %s", doing, exc_info=error)
    return Fault(
        "internal-error",
        f"redraft made a mistake while {doing}: {type(error).__name__}",
        evidence=(str(error),) if str(error) else (),
        remedy="look into redraft.log in the state folder, and report it with what you find there",
    )


def overtaken(revision: int, newer: int) -> str:
    """Return what is told when the verdict on a revision is not waited for any longer."""
    return f"revision {revision} was superseded: another redraft released revision {newer}"


def environment_deleted() -> Fault:
    """Return the fault of a rollout that another redraft took the environment from under."""
    return Fault(
        DELETED,
        "another redraft deleted the environment meanwhile",
        remedy="bring it up again where that was a mistake: `redraft up`",
    )


def no_such_revision(revision: int) -> Fault:
    """Return the fault of a rollback to nowhere."""
    what = f"there is no revision {revision}" if revision else "there is no earlier good revision"
    return Fault(
        "rollback-no-revision",
        f"{what} to roll back to",
        kind="usage",
        remedy="see `redraft history` for those there are",
    )


def waiting_for(holder: str) -> str:
    """Return what is told while another process does not let this one begin."""
    return f"waiting: {holder} is deploying or deleting this environment"


def locked_out(holder: str) -> Fault:
    """Return the fault of an iteration or a deletion that another process does not let begin."""
    return Fault(
        "environment-locked",
        f"{holder} is deploying or deleting this environment",
        kind="unreachable",
        remedy="wait until it is done and try again",
    )


def sync_too_slow(seconds: float) -> Fault:
    """Return the fault of a sync that was given up."""
    return Fault(
        "sync-slow",
        f"copying the saved files into what runs took longer than {seconds:.0f} s",
        kind="unreachable",
        remedy="nothing need be done: the tree is built instead",
    )


def synced_elsewhere(revision: int) -> Fault:
    """Return the fault of a sync into a revision that is not what it was taken for."""
    return Fault(
        "sync-overtaken",
        f"another redraft has synced files into revision {revision}, or released a newer one",
        remedy="nothing need be done: the tree is built instead",
    )


def not_offered(capability: str) -> Fault:
    """Return the fault of something this backend does not have."""
    return Fault(
        "not-offered",
        f"this backend offers no {capability}",
        kind="usage",
        remedy="use another backend: see `backend` in draft.toml",
    )
