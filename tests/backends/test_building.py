"""An install that loses its lock: another redraft deleted the environment and installs anew."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tui.backends.history import History
from tui.backends.local.building import Builder, Plan
from tui.backends.local.entries import LocalEntry
from tui.clients.lock import FileLock
from tui.model.faults import Fault, FaultError
from tui.model.recipes import LocalRecipe, LocalStep
from tui.ports.telling import Steps

INSTALL = LocalStep("install", ("true",), ("requirements.txt",))
PLAN = Plan("tag", LocalRecipe("plain", (INSTALL,), ("true",)), (), "key")


@pytest.mark.parametrize("fails", [True, False])
async def test_what_another_redraft_installs_since_a_deletion_is_left_alone(
    tmp_path: Path, fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    builder = Builder(tmp_path, state, History(state, LocalEntry))
    dependencies, theirs = builder.dependencies, FileLock(state / "install.lock")

    async def deleted_and_begun_anew(*_: Any) -> None:
        shutil.rmtree(state)
        assert theirs.acquire()
        dependencies.folder("key").mkdir(parents=True)
        if fails:
            raise FaultError(Fault("build-step-failed", "it was ended"))

    monkeypatch.setattr(dependencies, "begin", lambda *_: tmp_path)
    monkeypatch.setattr(builder, "_run", deleted_and_begun_anew)
    steps = Steps(1, "build", lambda _: None)
    try:
        await builder._install_alone(PLAN, steps)
    except FaultError:
        assert fails
    assert dependencies.folder("key").exists()
    assert not dependencies.complete("key")
