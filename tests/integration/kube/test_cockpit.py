"""The cockpit, in a real terminal, on a real cluster: where it is reached, and what `D` removes."""

import subprocess
from collections.abc import Iterator

import pytest

from tests.integration.kube.deployed import Deployed
from tests.integration.redraft import COMMAND
from tests.terminal import Terminal

pytestmark = [pytest.mark.terminal, pytest.mark.integration, pytest.mark.timeout(240)]
LONG = 60.0


@pytest.fixture
def cockpit(app: Deployed) -> Iterator[Terminal]:
    app.settings(set=["service.type=NodePort"])
    app.up()
    with Terminal(COMMAND, cwd=app.project, env=app.redraft.env) as terminal:
        terminal.wait_for("revision 1 ✔ ready", LONG)
        yield terminal


def test_the_node_port_is_shown_with_its_answer(cockpit: Terminal) -> None:
    def shown(text: str) -> bool:
        header, *panels = text.splitlines()
        return "http://127.0.0.1:3" in header and any("HTTP 200" in line for line in panels)

    cockpit.wait_for(shown, LONG)


@pytest.mark.parametrize(
    "theirs",
    [
        "kubectl --namespace {0} set env deployment/{1} NOTE=theirs",
        "helm --namespace {0} upgrade {1} charts/{1} --reuse-values --set replicaCount=2 --wait",
    ],
)
def test_what_others_release_meanwhile_is_what_the_screen_tells_of(
    app: Deployed, cockpit: Terminal, theirs: str
) -> None:
    command = theirs.format(app.namespace, app.name).split()
    subprocess.run(command, cwd=app.project, check=True, capture_output=True)
    cockpit.wait_for("revision 2 ✔ ready", LONG)


@pytest.mark.parametrize(("key", "kept"), [("y", True), ("p", False)])
def test_a_deletion_shows_what_goes_and_the_history_goes_only_when_asked(
    app: Deployed, cockpit: Terminal, key: str, kept: bool
) -> None:
    cockpit.press("D")
    shown = cockpit.wait_for(f"Deployment {app.name}", LONG)
    assert f"Service {app.name}" in shown
    assert "y yes, keep the history · p purge it" in shown
    cockpit.press(key)
    cockpit.wait_for("deleted", LONG)
    assert app.get("deployments")["items"] == []
    assert bool(app.history()) is kept


@pytest.mark.parametrize("purge", [(), ("--purge",)])
def test_a_deletion_by_another_redraft_is_told(
    app: Deployed, cockpit: Terminal, purge: tuple[str, ...]
) -> None:
    app.redraft.good("delete", "--yes", *purge)
    cockpit.wait_for("deleted elsewhere", LONG)
