"""Confirming: a yes before anything is changed, and for a protected place its name."""

import asyncio

import click

from tui.cli.telling import on_terminal, tell
from tui.engine.engine import Engine
from tui.model.commands import ConfirmName
from tui.model.faults import Fault, FaultError
from tui.model.places import Protection

confirm_option = click.option(
    "--confirm", metavar="NAME", default="", help="The name of a protected place, typed out."
)


def agree(question: str, *, default: bool = False) -> None:
    """Return once the question was answered with yes.

    Raises Abort for a no, and FaultError where nobody is there to answer, as in CI.
    """
    try:
        agreed = click.confirm(question, err=True, default=default)
    except click.Abort:
        if on_terminal():
            raise
        tell("")
        raise FaultError(_unanswered()) from None
    if not agreed:
        raise click.Abort


async def confirm_place(engine: Engine, given: str) -> None:
    """Have the engine's place confirmed where it is protected; raises FaultError without it."""
    protection = engine.state.protection
    if protection is None:
        return
    await asyncio.to_thread(require_name, protection, given)
    engine.submit(ConfirmName(protection.name))


def require_name(protection: Protection, given: str) -> None:
    """Return once the place's name was given or typed; raises FaultError otherwise.

    `--yes` is no answer to it: a script has to say which place it means.
    """
    if not given and on_terminal():
        tell(f"{protection.reason}.")
        given = click.prompt("Type its name to go on", default="", show_default=False, err=True)
    if given != protection.name:
        raise FaultError(_unconfirmed(protection, given))


def _unanswered() -> Fault:
    return Fault("not-confirmed", "nobody answered", kind="usage", remedy="add --yes")


def _unconfirmed(protection: Protection, given: str) -> Fault:
    return Fault(
        "name-not-confirmed",
        f"{given!r} is not the name of this place" if given else "the place's name was not given",
        kind="usage",
        evidence=(protection.reason,),
        remedy=f"add --confirm {protection.name}",
    )
