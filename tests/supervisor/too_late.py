"""A supervisor for which another program takes the port that it found free: TAKEN, the first one.

Run in place of `python -m tui.supervisor`.
"""

import os
import sys
from itertools import chain
from pathlib import Path

from tui.supervisor import replica
from tui.supervisor.launching import free_port
from tui.supervisor.processes import Processes
from tui.supervisor.supervising import supervise

if __name__ == "__main__":
    ports = chain([int(os.environ["TAKEN"])], iter(free_port, 0))
    vars(replica)["free_port"] = lambda: next(ports)
    supervise(Path(sys.argv[1]), Processes)
