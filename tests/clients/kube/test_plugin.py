import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.clients.kube import plugin as plugins
from tui.clients.kube.plugin import run_plugin
from tui.model.faults import Fault, FaultError

pytestmark = pytest.mark.integration
VERSION = "client.authentication.k8s.io/v1"


def script(folder: Path, text: str) -> Path:
    path = folder / "login"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def answer(**status: str) -> str:
    return json.dumps({"apiVersion": VERSION, "kind": "ExecCredential", "status": status})


async def fault_of(folder: Path, text: str, **more: object) -> Fault:
    command = script(folder, text)
    with pytest.raises(FaultError) as raised:
        await run_plugin({"apiVersion": VERSION, "command": str(command)} | more, {}, folder)
    return raised.value.fault


async def test_a_relative_command_is_meant_from_the_kubeconfig(tmp_path: Path) -> None:
    script(tmp_path, f"echo '{answer(token='t')}'")
    plugin = {"apiVersion": VERSION, "command": f".{os.sep}login"}
    assert await run_plugin(plugin, {}, tmp_path) == {"token": "t"}


@pytest.fixture
def typed() -> Iterator[None]:
    """Have something typed on our own standard input."""
    before, (reading, writing) = os.dup(0), os.pipe()
    os.write(writing, b"secret")
    os.close(writing)
    os.dup2(reading, 0)
    yield
    os.dup2(before, 0)
    os.close(before)
    os.close(reading)


async def test_it_is_told_the_cluster_and_has_no_terminal(tmp_path: Path, typed: None) -> None:
    script(
        tmp_path, f"cat >stdin; echo \"$KUBERNETES_EXEC_INFO\" >info; echo '{answer(token='t')}'"
    )
    plugin = {
        "apiVersion": VERSION,
        "command": "sh",
        "args": ["-c", f'cd "{tmp_path}" && exec "$PROGRAM"'],
        "env": [{"name": "PROGRAM", "value": "./login"}],
        "provideClusterInfo": True,
    }
    await run_plugin(plugin, {"server": "https://x"}, tmp_path)
    spec = json.loads((tmp_path / "info").read_text())["spec"]
    assert spec == {"interactive": False, "cluster": {"server": "https://x"}}
    assert (tmp_path / "stdin").read_bytes() == b""


async def test_what_a_failed_plugin_said_is_the_evidence(tmp_path: Path) -> None:
    fault = await fault_of(tmp_path, "echo please log in >&2; exit 3")
    assert fault.code == "exec-plugin-failed"
    assert fault.evidence == ("it ended with 3", "please log in")


@pytest.mark.parametrize(
    "text",
    ["echo nonsense", "echo '[]'", "echo '{\"status\": {}}'", f"echo '{answer(token='')}'"],
)
async def test_an_answer_without_credentials_is_a_failure(tmp_path: Path, text: str) -> None:
    assert (await fault_of(tmp_path, text)).code == "exec-plugin-failed"


async def test_a_plugin_that_never_ends_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins, "PATIENCE", 0.2)
    fault = await fault_of(
        tmp_path, "echo $$ >pid; exec sleep 1000".replace("pid", f"{tmp_path}/pid")
    )
    assert fault.evidence == ("no answer in 0 s",)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


async def test_one_that_wants_the_terminal_is_not_started(tmp_path: Path) -> None:
    fault = await fault_of(tmp_path, "touch started", interactiveMode="Always")
    assert fault.code == "exec-plugin-failed"


async def test_a_missing_plugin_is_told_with_its_hint(tmp_path: Path) -> None:
    plugin = {"apiVersion": VERSION, "command": "no-such-plugin", "installHint": "get it there"}
    with pytest.raises(FaultError) as raised:
        await run_plugin(plugin, {}, tmp_path)
    assert raised.value.fault.code == "exec-plugin-missing"
    assert "get it there" in raised.value.fault.evidence
