"""Options that every command takes, and the call they make up."""

from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from tui.model.frozen import frozen

Output = Literal["plain", "json"]
F = TypeVar("F", bound=Callable[..., Any])


@frozen
class Call:
    """What a command works on and how it answers."""

    project: Path
    environment: str
    output: Output

    @property
    def json(self) -> bool:
        """Whether stdout carries JSON lines."""
        return self.output == "json"


def shared_options(function: F) -> F:
    """Add --project, --environment and --output; the function receives a `call`.

    A command given after group options inherits what it does not say itself.
    """

    def with_call(
        *args: Any, project: str | None, environment: str | None, output: Output | None, **rest: Any
    ) -> Any:
        context = click.get_current_context()
        call = _call(context.find_object(Call), project, environment, output)
        context.obj = call
        return function(*args, call=call, **rest)

    wrapped = update_wrapper(with_call, function)
    for option in (
        click.option("--output", type=click.Choice(["plain", "json"]), help="How stdout answers."),
        click.option("--environment", "-e", metavar="NAME", help="Table of draft.toml to use."),
        click.option(
            "--project",
            type=click.Path(exists=True, file_okay=False),
            help="The project's folder; this one by default.",
        ),
    ):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[return-value]  # click's decorators change no visible signature


def _call(
    inherited: Call | None, project: str | None, environment: str | None, output: Output | None
) -> Call:
    before = inherited or Call(Path(), "development", "plain")
    return Call(
        Path(project).absolute() if project else before.project.absolute(),
        environment or before.environment,
        output or before.output,
    )


yes_option = click.option("--yes", "-y", is_flag=True, help="Do not ask.")
