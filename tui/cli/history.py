"""`redraft history`: what was released."""

from datetime import UTC, datetime
from typing import Any

import click

from tui.cli.options import Call, shared_options
from tui.cli.running import run
from tui.cli.status import first_picture
from tui.cli.telling import answer, answer_json, tell
from tui.model.releases import UNREADABLE, Release
from tui.model.rollouts import Rollout


@click.command()
@shared_options
def history(call: Call) -> None:
    """List the releases, oldest first."""
    rollout, releases = run(_look(call))
    if not releases:
        tell("nothing was released yet: `redraft up` begins")
    for release in releases:
        current = release.revision == rollout.serving
        if call.json:
            answer_json(history_fields(release, current))
        else:
            answer(present_release(release, current))


async def _look(call: Call) -> tuple[Rollout, tuple[Release, ...]]:
    from tui.wiring.opening import open_backend

    async with open_backend(call.project, call.environment) as backend:
        return await first_picture(backend), await backend.releases()


def history_fields(release: Release, current: bool) -> dict[str, Any]:
    """Return one line of `history --output json`: its keys are stable."""
    return {
        "revision": release.revision,
        "image": release.image.reference,
        "commit": release.commit.id,
        "branch": release.commit.branch,
        "dirty": release.commit.dirty,
        "changed": list(release.changed),
        "trigger": release.trigger,
        "rollback_of": release.rollback_of,
        "user": release.user,
        "host": release.host,
        "started": datetime.fromtimestamp(release.started, UTC).isoformat(),
        "seconds": round(release.seconds, 3),
        "verdict": release.outcome,
        "cause": release.cause,
        "synced": release.synced,
        "current": current,
    }


def present_release(release: Release, current: bool) -> str:
    """Return a release as one line."""
    mark = "*" if current else " "
    if release.cause == UNREADABLE:
        return (
            f"{mark}{release.revision:>4}  {UNREADABLE}: by another version of redraft, or damaged"
        )
    when = datetime.fromtimestamp(release.started).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    commit = release.commit.id[:9] + ("+" if release.commit.dirty else "")
    back = f" = revision {release.rollback_of}" if release.rollback_of else ""
    seconds = f"{release.seconds:5.1f} s" if release.seconds else f"{'-':>7}"
    changed = f"{len(release.changed)} changed" if release.changed else "-"
    return (
        f"{mark}{release.revision:>4}  {when}  {release.image.tag[:12]}  {commit or '-':<10}  "
        f"{changed:<11}  {seconds}  {release.outcome}{back}"
    )
