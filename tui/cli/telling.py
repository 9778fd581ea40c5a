"""Telling: stdout carries data, stderr narration, and neither carries what a terminal obeys."""

import json
import sys
from typing import Any

import click

from tui.cli.narration import present_fault
from tui.model.faults import Fault
from tui.model.printing import printable


def tell(line: str, *, color: str | None = None, dim: bool = False) -> None:
    """Write one line of narration to stderr."""
    click.secho(printable(line), err=True, fg=color, dim=dim or None)


def answer(line: str) -> None:
    """Write one line of data to stdout."""
    click.echo(printable(line))


def answer_json(value: Any) -> None:
    """Write one JSON object a line to stdout."""
    click.echo(json.dumps(value, ensure_ascii=True))


def tell_fault(fault: Fault) -> None:
    """Tell a fault: sentence, place, evidence, remedy."""
    for line in present_fault(fault):
        tell(line)


def on_terminal() -> bool:
    """Whether a person sits at both ends: input can be asked for and a screen drawn."""
    return sys.stdin.isatty() and sys.stdout.isatty()
