"""`redraft doctor`: is everything there that redraft needs."""

from typing import Any

import click

from tui.cli.options import Call, shared_options
from tui.cli.running import run
from tui.cli.telling import answer, answer_json
from tui.ports.backend import Checked

ICONS = {"ok": "✔", "warning": "!", "failed": "✖"}


@click.command()
@shared_options
def doctor(call: Call) -> None:
    """Check what redraft needs: each thing with a verdict and a remedy."""
    from tui.wiring.checks import check_all

    checked = run(check_all(call.project, call.environment))
    for one in checked:
        if call.json:
            answer_json(checked_fields(one))
            continue
        for line in present_checked(one):
            answer(line)
    if any(one.outcome == "failed" for one in checked):
        raise click.exceptions.Exit(1)


def checked_fields(one: Checked) -> dict[str, Any]:
    """Return one line of `doctor --output json`."""
    return {
        "subject": one.subject,
        "outcome": one.outcome,
        "detail": one.detail,
        "evidence": list(one.fault.evidence) if one.fault else [],
        "remedy": one.fault.remedy if one.fault else "",
    }


def present_checked(one: Checked) -> list[str]:
    """Return what was checked, with the evidence and the remedy where something is the matter."""
    told = [f"{ICONS[one.outcome]} {one.subject}: {one.detail}"]
    if one.fault is None:
        return told
    told += [f"    │ {line}" for line in one.fault.evidence if line]
    return [*told, f"    → {one.fault.remedy}"] if one.fault.remedy else told
