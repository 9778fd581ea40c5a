"""The log file: where tracebacks go, since none belongs on the screen."""

import logging
import logging.handlers
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def logging_to(folder: Path) -> Iterator[None]:
    """Write what the `redraft` loggers say to `redraft.log` in `folder`, a megabyte and one old."""
    log = logging.getLogger("redraft")
    handler = logging.handlers.RotatingFileHandler(
        folder / "redraft.log", maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    log.addHandler(handler)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        handler.close()
