"""The keeper: the supervisor process of an environment that runs containers.

`python -m tui.backends.docker.keeper STATE [CONTEXT]`, started by redraft, detached from it.

Why a process of our own: the stable port has to be held, and connections switched and drained, by
something that outlives redraft. A proxy container would need its image on every engine (which may
have no registry in reach), could not listen on 127.0.0.1 of this machine where the engine runs in
a virtual machine, and would be one more thing to update under open connections. The supervisor of
the local backend does all of it already; only by what means its replicas run differs. It finishes a
rollout by itself when redraft was killed in the middle, and takes over the containers it finds when
it was killed itself: the app never depends on it for more than the stable port.
"""

import logging
import sys
from pathlib import Path

from tui.backends.docker.runtime import ContainerRuntime
from tui.clients.docker.engine import Engine
from tui.supervisor.supervising import supervise


def main(state: Path, context: str = "") -> None:
    """Keep an environment's containers until there is nothing to keep."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    supervise(state, lambda folder: ContainerRuntime(folder, Engine(context)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
