"""Build steps: commands of a recipe, run and told as steps."""

from collections.abc import Mapping
from pathlib import Path

from tui.clients.process.steps import run_step
from tui.model.faults import Fault, FaultError
from tui.ports.running import CommandEnd
from tui.ports.telling import Steps


async def run_as_step(
    steps: Steps, name: str, argv: tuple[str, ...], cwd: Path, env: Mapping[str, str]
) -> None:
    """Run a command as a step; raises FaultError when it fails."""
    async with steps.step(name):
        try:
            end = await run_step(argv, cwd, env, lambda lines: steps.printed(name, lines))
        except (OSError, ValueError) as error:
            raise FaultError(not_started(name, argv[0], str(error))) from error
        if end.code:
            raise FaultError(step_failed(name, end))


def step_failed(name: str, end: CommandEnd) -> Fault:
    """Return the fault of a step that ended badly."""
    how = f"was ended by signal {-end.code}" if end.code < 0 else f"exited with code {end.code}"
    return Fault(
        "build-step-failed",
        f"the build step `{name}` {how}",
        evidence=end.last_lines,
        remedy="read its last lines, correct the cause and save",
    )


def not_started(name: str, program: str, why: str) -> Fault:
    """Return the fault of a step whose program cannot be run."""
    return Fault(
        "build-step-failed",
        f"the build step `{name}` could not be started",
        evidence=(why,),
        remedy=f"install {program}, or correct its name",
    )
