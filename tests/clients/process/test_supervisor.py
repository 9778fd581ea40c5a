"""What is made of a supervisor that goes away."""

from pathlib import Path

import pytest

from tui.clients.process.conversing import SupervisorLostError
from tui.clients.process.supervisor import SupervisorClient
from tui.model.faults import FaultError
from tui.supervisor.protocol import App


class Dying(SupervisorClient):
    """Starts supervisors that end when they are asked to run something."""

    asked = 0

    async def ensure(self) -> None:
        (self._state / "supervisor.log").write_text("no room")

    async def apply(self, app: App) -> None:
        self.asked += 1
        raise SupervisorLostError


async def test_a_supervisor_that_ends_when_it_is_to_run_something_is_a_fault(
    tmp_path: Path,
) -> None:
    supervisor = Dying(tmp_path)
    with pytest.raises(FaultError) as caught:
        await supervisor.run(App(7, "greeter", ("true",), (), "/"))
    fault = caught.value.fault
    assert (fault.code, fault.evidence) == ("supervisor-lost", ("no room",))
    assert fault.sentence == "the supervisor ended when it was to start revision 7"
    assert supervisor.asked == 2
