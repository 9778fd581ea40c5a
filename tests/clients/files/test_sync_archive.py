import io
import os
import tarfile
from pathlib import Path

import pytest

from tui.clients.files.sync_archive import LARGEST, sync_archive
from tui.model.faults import FaultError
from tui.model.syncing import SyncFile


def test_files_are_packed_for_the_root_with_an_images_modes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "page.html").write_text("hello")
    (tmp_path / "a" / "page.html").chmod(0o600)
    (tmp_path / "run").write_text("#!/bin/sh")
    (tmp_path / "run").chmod(0o700)
    long = f"/srv/{'x' * 150}/run"
    files = (SyncFile("a/page.html", "/srv/page.html"), SyncFile("run", long))
    archive = sync_archive(tmp_path, (*files, SyncFile("gone.html", "/srv/gone.html")))
    assert archive.removed == ("/srv/gone.html",)
    with tarfile.open(fileobj=io.BytesIO(archive.tar)) as tar:
        found = [(one.name, one.mode, one.uid, one.isreg()) for one in tar.getmembers()]
        assert found == [("srv/page.html", 0o644, 0, True), (long[1:], 0o755, 0, True)]
        content = tar.extractfile("srv/page.html")
        assert content is not None
        assert content.read() == b"hello"


def test_there_is_no_tar_where_files_are_only_removed(tmp_path: Path) -> None:
    archive = sync_archive(tmp_path, (SyncFile("no/such.html", "/srv/such.html"),))
    assert (archive.tar, archive.removed) == (b"", ("/srv/such.html",))


def test_a_name_that_is_no_utf_8_is_kept(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.html")
    (tmp_path / name).write_text("x")
    archive = sync_archive(tmp_path, (SyncFile(name, f"/srv/{name}"),))
    assert b"srv/caf\xe9.html" in archive.tar


def test_links_folders_and_pipes_are_no_files_to_sync(tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    project.mkdir()
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (project / "link").symlink_to(outside / "secret")
    (project / "folder").mkdir()
    (project / "away").symlink_to(outside)
    os.mkfifo(project / "pipe")
    for path in ("link", "folder", "away/secret", "pipe", "../outside/secret"):
        with pytest.raises(FaultError) as raised:
            sync_archive(project, (SyncFile(path, "/srv/x"),))
        assert raised.value.fault.code == "sync-no-file", path


def test_too_much_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(LARGEST))
    sync_archive(tmp_path, (SyncFile("a", "/a"),))
    (tmp_path / "b").write_text("1")
    with pytest.raises(FaultError) as raised:
        sync_archive(tmp_path, (SyncFile("a", "/a"), SyncFile("b", "/b")))
    assert raised.value.fault.code == "sync-too-large"
