"""What a cockpit is opened on."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.model.faults import Fault
from tui.ports.scaffold import Scaffolder

if TYPE_CHECKING:
    from tui.engine.engine import Engine
    from tui.logs.reader import LogReader


@dataclass(frozen=True, slots=True)
class Session:
    """One environment of one project, or a project that has none yet."""

    project: Path
    environment: str
    scaffolder: Scaffolder
    engine: "Engine | None" = None
    """None while draft.toml is missing or wrong; `fault` tells which."""
    fault: Fault | None = None
    logs: "LogReader | None" = None
    notice: str = ""
    demo: bool = False
