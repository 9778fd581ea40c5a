"""The protocol of `create`, so that the view can offer it without knowing packs."""

from typing import Protocol

from tui.model.proposals import LOCAL, Proposal, Target


class Scaffolder(Protocol):
    """Proposes and writes the scaffold of one project; blocking, call it in a thread."""

    def propose(
        self,
        pack: str = "",
        name: str = "",
        port: int = 0,
        command: str = "",
        target: Target = LOCAL,
    ) -> Proposal:
        """Look at the project and return what create would do.

        Raises `FaultError` when no pack fits.
        """

    def write(self, proposal: Proposal, force: bool = False) -> tuple[str, ...]:
        """Write the proposal's files and return their paths.

        Raises `FaultError` before writing anything when a file that differs exists and `force` is
        False.
        """
