"""A glance: what can be told of an environment before its engine is there.

It reads draft.toml and the newest release kept on this machine, and imports no more than that
takes: the first paint of the cockpit waits for it.
"""

import socket
from pathlib import Path

from tui.backends.newest import newest_release
from tui.config.draft_toml import load_environment
from tui.model.state import State
from tui.wiring.places import state_folder


def glance(project: Path, environment: str) -> State:
    """Return the state as far as files tell it; raises FaultError when draft.toml is wrong."""
    loaded = load_environment(project, environment)
    newest = newest_release(state_folder(project, environment))
    local = loaded.backend == "local"
    return State(
        project=str(project),
        name=loaded.name,
        environment=loaded.environment,
        backend=loaded.backend,
        context=socket.gethostname() if local else loaded.context,
        namespace="" if local else loaded.namespace,
        pack=loaded.pack,
        releases=(newest,) if newest else (),
    )
