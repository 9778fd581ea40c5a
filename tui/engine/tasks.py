"""Tasks: the user's own commands at fixed points of the loop.

`pre-up` runs here before each build; `post-deploy` runs inside each pod of a new revision once it
is ready, a rollback's included; `post-up` runs here after that; `cleanup` runs here when the
environment was deleted. The commands of a hook run one after the other in the order in which they
are declared, each by `sh -c`; the first that fails is a fault, and those after it are not run. They
come from draft.toml as it is at that moment.
"""

import asyncio
from collections.abc import Awaitable, Callable

from tui.config.environment import Environment, TaskName
from tui.engine.outputs import Outputs
from tui.model.faults import Fault, FaultError
from tui.model.printing import printable
from tui.model.rollouts import Pod, Rollout
from tui.ports.backend import Backend, LoadEnvironment, Tell
from tui.ports.capabilities import Executing
from tui.ports.running import CommandEnd, CommandRunner, TellLines
from tui.ports.telling import Steps

Run = Callable[[tuple[str, ...], TellLines], Awaitable[CommandEnd]]
NAME_LENGTH = 60
"""Characters of a command in the name of its step."""


class Tasks:
    """Runs the tasks of one environment."""

    def __init__(self, load: LoadEnvironment, runner: CommandRunner, backend: Backend) -> None:
        self._load = load
        self._runner = runner
        self._backend = backend
        self.outputs = Outputs()

    async def any_of(self, *hooks: TaskName) -> bool:
        """Whether there are tasks of these hooks; raises FaultError."""
        environment = await asyncio.to_thread(self._load)
        return any(environment.tasks.get(hook) for hook in hooks)

    async def before_build(self, iteration: int, tell: Tell) -> None:
        """Run `pre-up`; raises FaultError."""
        with self.outputs.collected():
            await self._here("pre-up", Steps(iteration, "pre-up", tell), {})

    async def after_rollout(
        self, iteration: int, rollout: Rollout, hooks: tuple[TaskName, ...], tell: Tell
    ) -> None:
        """Run `post-deploy` in each pod of the new revision, then `post-up`; raises FaultError."""
        steps = Steps(iteration, "post-up", tell)
        environment = await asyncio.to_thread(self._load)
        for pod in rollout.pods:
            if pod.revision == rollout.revision and pod.ready:
                await self._inside(pod, environment, steps)
        if "post-up" in hooks:
            facts = {"REDRAFT_REVISION": str(rollout.revision), "REDRAFT_URL": rollout.url}
            await self._here("post-up", steps, facts)

    async def after_delete(self, tell: Tell) -> None:
        """Run `cleanup`; raises FaultError."""
        await self._here("cleanup", Steps(0, "post-up", tell), {})

    async def _here(self, hook: TaskName, steps: Steps, facts: dict[str, str]) -> None:
        environment = await asyncio.to_thread(self._load)
        names = {
            "REDRAFT_NAME": environment.name,
            "REDRAFT_ENVIRONMENT": environment.environment,
        }

        async def run(argv: tuple[str, ...], tell: TellLines) -> CommandEnd:
            return await self._runner.run(argv, names | facts, tell)

        await _in_turn(hook, environment.tasks.get(hook, ()), steps, run, where="")

    async def _inside(self, pod: Pod, environment: Environment, steps: Steps) -> None:
        commands = environment.tasks.get("post-deploy", ())
        if not commands:
            return
        backend = self._backend
        if not isinstance(backend, Executing):
            raise FaultError(_no_exec(environment.backend))

        async def run(argv: tuple[str, ...], tell: TellLines) -> CommandEnd:
            return await backend.execute(pod, argv, tell)

        await _in_turn("post-deploy", commands, steps, run, where=f" in {pod.name}")


async def _in_turn(
    hook: TaskName, commands: tuple[str, ...], steps: Steps, run: Run, *, where: str
) -> None:
    for number, command in enumerate(commands, 1):
        count = f" {number}/{len(commands)}" if len(commands) > 1 else ""
        name = f"{hook}{count}{where}: {shortened(command)}"
        async with steps.step(name):
            end = await _run_one(name, command, steps, run)
            if end.code:
                raise FaultError(_failed(hook, where, command, end))


async def _run_one(name: str, command: str, steps: Steps, run: Run) -> CommandEnd:
    try:
        return await run(("sh", "-c", command), lambda lines: steps.printed(name, lines))
    except (OSError, ValueError) as error:
        fault = Fault(
            "task-failed", f"the task `{name}` could not be started", evidence=(str(error),)
        )
        raise FaultError(fault) from error


def hooks_after(*, rollback: bool) -> tuple[TaskName, ...]:
    """Return the hooks that follow a rollout; going back is no `up`."""
    return ("post-deploy",) if rollback else ("post-deploy", "post-up")


def shortened(command: str) -> str:
    """Return a command on one line and not too long."""
    line = printable(" ".join(command.split()))
    return line if len(line) <= NAME_LENGTH else f"{line[: NAME_LENGTH - 1]}…"


def _failed(hook: str, where: str, command: str, end: CommandEnd) -> Fault:
    how = f"was ended by signal {-end.code}" if end.code < 0 else f"exited with code {end.code}"
    return Fault(
        "task-failed",
        f"the {hook} task `{shortened(command)}` {how}{where}",
        evidence=end.last_lines,
        remedy=f"read its last lines and correct the cause, or the `{hook}` tasks of draft.toml",
    )


def _no_exec(backend: str) -> Fault:
    return Fault(
        "task-no-exec",
        f"the {backend} backend cannot run post-deploy tasks",
        kind="usage",
        place="draft.toml",
        remedy="remove the `post-deploy` tasks",
    )
