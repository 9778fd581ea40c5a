"""What another redraft does while a cockpit is open on the same containers."""

import pytest

from tests.integration.redraft import COMMAND, Redraft
from tests.terminal import Terminal

pytestmark = [pytest.mark.terminal, pytest.mark.integration, pytest.mark.timeout(240)]
LONG = 60.0


def test_a_deletion_by_another_redraft_is_told(redraft: Redraft) -> None:
    redraft.good("up")
    with Terminal(COMMAND, cwd=redraft.project, env=redraft.env) as terminal:
        terminal.wait_for("revision 1 ✔ ready", LONG)
        redraft.good("delete", "--yes")
        terminal.wait_for("deleted elsewhere", LONG)
        terminal.wait_for("nothing runs yet")
