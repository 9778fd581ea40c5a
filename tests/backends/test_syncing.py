"""The same files into several containers."""

from pathlib import Path

import pytest

from tui.backends.syncing import sync_into
from tui.clients.files.sync_archive import SyncArchive
from tui.model.faults import Fault, FaultError
from tui.model.synced import Incarnation
from tui.model.syncing import SyncFile

FILES = (SyncFile("a", "/srv/a"),)
TWO = (Incarnation("app-1", "app", 1.0), Incarnation("app-2", "app", 1.0))


async def test_all_containers_get_the_same(tmp_path: Path) -> None:
    got = []

    async def copy(one: Incarnation, archive: SyncArchive) -> None:
        got.append((one.pod, archive.removed))

    await sync_into(tmp_path, TWO, FILES, copy)
    assert sorted(got) == [("app-1", ("/srv/a",)), ("app-2", ("/srv/a",))]


async def test_one_that_fails_is_named_with_what_was_said(tmp_path: Path) -> None:
    async def copy(one: Incarnation, archive: SyncArchive) -> None:
        if one.pod == "app-2":
            raise FaultError(Fault("engine-refused", "refused", evidence=("read-only",)))

    with pytest.raises(FaultError) as raised:
        await sync_into(tmp_path, TWO, FILES, copy)
    fault = raised.value.fault
    assert (fault.code, fault.evidence) == ("sync-failed", ("refused", "read-only"))
    assert "app-2" in fault.sentence


async def test_without_a_container_nothing_is_taken_for_done(tmp_path: Path) -> None:
    async def copy(one: Incarnation, archive: SyncArchive) -> None:
        raise AssertionError(one)

    with pytest.raises(FaultError) as raised:
        await sync_into(tmp_path, (), FILES, copy)
    assert raised.value.fault.code == "sync-no-container"
