"""Faults: every way in which redraft tells a user that something is wrong.

A fault names what happened (sentence), how we know (evidence), where (place) and what to do
(remedy). Its code is stable: scripts and tests may rely on it. `FaultError` carries one up the
stack to whoever can show it.
"""

from typing import Literal

from tui.model.frozen import frozen

FaultKind = Literal["failed", "usage", "unreachable"]
"""What a caller can do about it: fix the project, fix the call or the settings, or try again."""

EXIT_CODES: dict[FaultKind, int] = {"failed": 1, "usage": 2, "unreachable": 3}


@frozen
class Fault:
    """What went wrong, as told to the user; all texts are plain data, never markup."""

    code: str
    """Stable identifier in kebab case, such as `config-unknown-key`."""
    sentence: str
    """One sentence without a full stop at the end."""
    kind: FaultKind = "failed"
    evidence: tuple[str, ...] = ()
    """Lines that prove it: an error text, the last lines of output, a rule."""
    place: str = ""
    """File and line, such as `draft.toml:12`; empty where there is none."""
    remedy: str = ""
    """What the user can do, as one imperative sentence."""

    @property
    def exit_code(self) -> int:
        """The process's exit code when this fault ends a command."""
        return EXIT_CODES[self.kind]


class FaultError(Exception):
    """Raised where work cannot go on; whoever catches it shows or publishes its fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.sentence)
        self.fault = fault
