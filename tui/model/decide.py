"""Deciding what the loop does next: a pure function of what goes on and what is asked for.

The engine asks after every command, every group of changes and every end of an iteration, and does
what it is told. Rules, in order:

- a command of the user goes before changes on disk; of two commands the newer one holds;
- changes wait until the `pre-up` tasks are through, for these may have made them themselves;
- nothing interrupts a deploy under way; a build, a push, or the wait for a rollout gives way to
  anything newer, because what it makes is known to be stale;
- nothing starts in a protected place before its name was typed;
- changes wait while the user paused, and after a branch switch or a mass change until the user has
  been asked once.
"""

from tui.model.changes import Change, Commit, HoldReason
from tui.model.commands import Delete, Rollback, Up
from tui.model.frozen import frozen
from tui.model.releases import Trigger
from tui.model.stages import StageName

MASS_CHANGE = 200
"""More changed files than this in one group are held and asked about."""

Wanted = Up | Rollback | Delete


@frozen
class Inbox:
    """What is asked of the loop and not yet taken up."""

    wanted: Wanted | None = None
    paths: tuple[str, ...] = ()
    """Changed files that count, oldest first, without repeats."""
    saved: float = 0.0
    """Unix time at which the newest change was saved."""
    paused: bool = False
    protected: bool = False
    """Nothing may be changed before the place's name was typed."""
    held: HoldReason | None = None
    resumed: bool = False
    """The paths were let go after a pause or a hold."""


@frozen
class Running:
    """The iteration under way."""

    iteration: int
    stage: StageName | None = None


@frozen
class Start:
    """Begin an iteration."""

    wanted: Wanted
    trigger: Trigger
    paths: tuple[str, ...] = ()
    saved: float = 0.0


@frozen
class Supersede:
    """Cancel the iteration under way; ask again when it ended."""


@frozen
class Hold:
    """Do nothing now, and why."""

    reason: str = ""


Decision = Start | Supersede | Hold


def decide(running: Running | None, inbox: Inbox) -> Decision:
    """Return what to do next."""
    if running is not None and inbox.held and running.stage in {None, "build"}:
        return Supersede()
    start = _wish(inbox)
    if isinstance(start, Hold) or running is None:
        return start
    if running.stage == "pre-up" and inbox.wanted is None:
        return Hold("the tasks before the build are let finish")
    if running.stage == "deploy":
        return Hold("the deploy under way is let finish")
    return Supersede()


def _wish(inbox: Inbox) -> Start | Hold:
    if inbox.protected:
        return Hold("protected")
    if inbox.wanted is not None:
        return _start_wanted(inbox, inbox.wanted)
    if not inbox.paths:
        return Hold()
    if inbox.held:
        return Hold(f"held after a {inbox.held.replace('-', ' ')}")
    if inbox.paused:
        return Hold("paused")
    trigger: Trigger = "resume" if inbox.resumed else "save"
    return Start(Up(trigger), trigger, inbox.paths, inbox.saved)


def _start_wanted(inbox: Inbox, wanted: Wanted) -> Start:
    if isinstance(wanted, Up):
        return Start(wanted, wanted.trigger, inbox.paths, 0.0)
    return Start(wanted, "rollback" if isinstance(wanted, Rollback) else "command")


def add_changes(inbox: tuple[str, ...], changes: tuple[Change, ...]) -> tuple[str, ...]:
    """Return the waiting paths with the changes that count added, oldest first."""
    return tuple(dict.fromkeys((*inbox, *(c.path for c in changes if not c.ignored_by))))


def hold_reason(waiting: tuple[str, ...], before: Commit, after: Commit) -> HoldReason | None:
    """Return why a group of changes must be asked about, None when it need not be."""
    if before.id and after.id and _place(before) != _place(after):
        return "branch-switch"
    return "mass-change" if len(waiting) > MASS_CHANGE else None


def _place(commit: Commit) -> str:
    """Return the branch, or the commit itself where no branch is checked out."""
    return commit.branch or commit.id
