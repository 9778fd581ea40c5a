"""The log file: where tracebacks go, since none belongs on the screen."""

import logging
import logging.handlers
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_state_path

from tui.model.faults import Fault, FaultError
from tui.wiring.places import make_private


@contextmanager
def logging_to(folder: Path) -> Iterator[None]:
    """Write what the `redraft` loggers say to `redraft.log` in `folder`, a megabyte and one old."""
    log = logging.getLogger("redraft")
    handler = _LogFile(
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


class _LogFile(logging.handlers.RotatingFileHandler):
    """Goes on in a new file where its folder was removed, as it is with the environment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        file = Path(self.baseFilename)
        try:
            if not file.exists():
                self.close()
                make_private(file.parent)
        except (OSError, FaultError):
            self.handleError(record)
        else:
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - as logging has it
        """Leave out what the disk does not take: no traceback belongs on the screen."""


def log_unexpected(error: Exception) -> Fault:
    """Write an exception nobody expected to the common log file; return the fault to tell."""
    folder = user_state_path("redraft")
    evidence = [f"{type(error).__name__}: {error}"]
    try:
        make_private(folder)
        with logging_to(folder):
            logging.getLogger("redraft").error("unexpected error", exc_info=error)
        evidence.append(f"its traceback is in {folder / 'redraft.log'}")
    except (OSError, FaultError) as unwritable:
        evidence.append(f"no log file could be written: {unwritable}")
    return Fault(
        "internal-error",
        "redraft made a mistake",
        evidence=tuple(evidence),
        remedy="report it with what the log file says",
    )
