"""`python -m tui.supervisor STATE`: started by redraft, detached from it."""

import logging
import sys
from pathlib import Path

from tui.supervisor.processes import Processes
from tui.supervisor.supervising import supervise

if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    supervise(Path(sys.argv[1]), Processes)
