"""Where the command `redraft` begins: the two plainest calls go without the command line.

A plain cockpit needs nothing of it, and its first paint would wait for that. A plain `up` first
asks the witness whether to do anything. The supervisor of an environment may know for certain that
nothing has happened since the last `up`, and what that one would say again
(`tui.supervisor.witness`). Asking it takes a fraction of what looking at a large tree takes with
all that must be imported for it; so this module imports next to nothing. What is not answered, or
was not asked in the plainest way, goes the usual way. JSON lines do so too: they tell the times and
the commit of their very run.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

from tui import __version__
from tui.cli.descriptors import write_line
from tui.supervisor.doors import find_door, mounts_seen
from tui.supervisor.version import VERSION

PATIENCE = 0.5
"""Seconds a supervisor may take to answer."""
OBJECTS = 20_000
"""New objects after which Python looks for garbage among them: an import makes thousands."""
COMPLETING = "_REDRAFT_COMPLETE"
"""Variable by which a shell asks click what an unfinished command line may go on with."""
DECIDING = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "TMPDIR")
"""Variables by which redraft finds its state and the user's packs."""


def main() -> None:
    """Run the command line."""
    try:
        _run(sys.argv[1:])
    except KeyboardInterrupt:  # also while nothing is imported yet that ends in good order
        sys.exit(130)


def _run(arguments: Sequence[str]) -> None:
    environment = plain_up(arguments)
    told = ask(environment) if environment else None
    if told is None:
        _go_the_usual_way(arguments)
        return
    with suppress(OSError):  # a reader that went away is told nothing more
        for descriptor, line in told:
            write_line(descriptor, line)


def _go_the_usual_way(arguments: Sequence[str]) -> None:
    """Do what was asked for; what is imported for it is no garbage, neither now nor at the end."""
    import atexit
    import gc

    gc.set_threshold(OBJECTS)
    atexit.register(gc.freeze)
    if environment := plain_cockpit(arguments):
        _open_cockpit(environment)
        return
    from tui.cli.main import main as usual

    usual()


def _open_cockpit(environment: str) -> None:
    """Open the cockpit of this folder as the command line does."""
    from pathlib import Path

    from tui.cli.cockpit import open_cockpit
    from tui.cli.ending import end

    end(lambda: open_cockpit(Path.cwd(), environment))


def plain_up(arguments: Sequence[str]) -> str:
    """Return the environment of an `up` without other options; empty for any other command."""
    return _only_environment(arguments[1:]) if arguments[:1] == ["up"] else ""


def plain_cockpit(arguments: Sequence[str]) -> str:
    """Return the environment of a cockpit without other options; empty for anything else."""
    return "" if COMPLETING in os.environ else _only_environment(arguments)


def _only_environment(options: Sequence[str]) -> str:
    match options:
        case []:
            return "development"
        case ["-e" | "--environment", environment]:
            return environment
        case _:
            return ""


def ask(environment: str) -> Sequence[tuple[int, str]] | None:
    """Return what an `up` would tell, each line with its descriptor; None where nobody knows."""
    import json
    import socket

    try:
        project = os.getcwd()  # noqa: PTH109 - pathlib takes longer to import than all else here
        question = question_of(project, environment)
        asking = {"version": VERSION, "op": "unchanged", "question": question}
        with socket.socket(socket.AF_UNIX) as witness:
            witness.settimeout(PATIENCE)
            witness.connect(find_door(project, environment))
            witness.sendall(json.dumps(asking).encode() + b"\n")
            with witness.makefile("rb") as answers:
                told: Sequence[tuple[int, str]] | None = json.loads(answers.readline()).get("told")
    except (OSError, ValueError):
        return None
    return told


def question_of(project: str, environment: str) -> Mapping[str, object]:
    """Return everything by which one `up` may differ from another but what can be watched.

    Raises OSError when the project's folder is gone, and where the system is not Linux.
    """
    found = os.stat(project)  # noqa: PTH116 - see above
    return {
        "redraft": [__version__, __file__, sys.executable],
        "host": os.uname().nodename,
        "user": os.getuid(),
        "environment": environment,
        "project": [project, found.st_dev, found.st_ino],
        "mounts": mounts_seen(),
        "variables": [os.environ.get(name) for name in DECIDING],
    }
