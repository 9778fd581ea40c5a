"""Whether a history is legible: as long as it is not, nothing is pruned that a release may need."""

from tui.backends.history import E, History
from tui.model.faults import Fault, FaultError
from tui.model.releases import UNREADABLE
from tui.ports.backend import Checked


def check_history(history: History[E]) -> Checked:
    """Look whether all of it can be read. Blocking, raises nothing."""
    try:
        files = history.unreadable()
    except FaultError as error:
        return Checked("history", "failed", error.fault.sentence, error.fault)
    if not files:
        return Checked("history", "ok", "all releases can be read")
    sentence = "a release cannot be read, so nothing that one may need is deleted"
    fault = Fault(
        UNREADABLE,
        sentence,
        evidence=tuple(map(str, files)),
        remedy="make it readable, use the redraft that wrote it, or remove the file",
    )
    return Checked("history", "warning", sentence, fault)
