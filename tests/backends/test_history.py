"""The history's files, as two redrafts share them."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tui.backends.history import Entry, History
from tui.backends.newest import newest_release
from tui.model.images import Image
from tui.model.releases import Release, unreadable


def release(revision: int) -> Release:
    return Release(revision, Image("app", f"{revision:040d}"))


def test_what_another_redraft_writes_is_seen(tmp_path: Path) -> None:
    ours, theirs = History(tmp_path, Entry), History(tmp_path, Entry)
    ours.write(Entry(release(1)))
    assert [entry.release.outcome for entry in theirs.entries()] == ["pending"]
    ours.rewrite(replace(release(1), outcome="ready"))
    ours.write(Entry(release(2)))
    assert [entry.release.outcome for entry in theirs.entries()] == ["ready", "pending"]
    ours.forget([1])
    assert [entry.release.revision for entry in theirs.entries()] == [2]


def test_outcomes_that_are_recorded_at_once_are_recorded_in_turn(tmp_path: Path) -> None:
    history = History(tmp_path, Entry)
    history.write(Entry(release(1)))
    outcome = replace(release(1), outcome="interrupted")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(history.rewrite, [outcome] * 400))
    assert [entry.release.outcome for entry in history.entries()] == ["interrupted"]


def test_a_file_that_is_as_it_was_is_not_read_again(tmp_path: Path) -> None:
    history = History(tmp_path, Entry)
    history.write(Entry(release(1)))
    assert history.entry(1) is history.entry(1)


def test_a_file_that_is_damaged_after_it_was_read_is_left_out(tmp_path: Path) -> None:
    history = History(tmp_path, Entry)
    history.write(Entry(release(1)))
    assert history.entry(1) is not None
    (tmp_path / "releases" / "1.json").write_text("damaged")
    assert history.entries() == ()
    assert history.releases() == (unreadable(1),)
    assert history.next_revision() == 2


def test_what_a_newer_redraft_wrote_besides_is_read_over_and_kept(tmp_path: Path) -> None:
    history, file = History(tmp_path, Entry), tmp_path / "releases" / "1.json"
    history.write(Entry(release(1)))
    written = json.loads(file.read_text())
    written["approved"] = "by two"
    written["release"]["image"]["platform"] = "linux/arm64"
    file.write_text(json.dumps(written))
    assert [entry.release for entry in history.entries()] == [release(1)]
    history.rewrite(replace(release(1), outcome="ready"))
    written["release"]["outcome"] = "ready"
    assert json.loads(file.read_text()) == written
    assert newest_release(tmp_path) == replace(release(1), outcome="ready")


def test_what_was_released_here_is_lost_once_even_where_nobody_saw_it_run(tmp_path: Path) -> None:
    history = History(tmp_path, Entry)
    assert not history.lost()
    history.write(Entry(release(1)))
    History(tmp_path, Entry).forget([1])
    assert history.lost()
    assert not history.lost()


def test_what_was_found_is_lost_as_well(tmp_path: Path) -> None:
    history, theirs = History(tmp_path, Entry), History(tmp_path, Entry)
    theirs.write(Entry(release(1)))
    assert [found.revision for found in history.releases()] == [1]
    theirs.forget([1])
    assert history.lost()
    assert not history.lost()


def test_releases_that_cannot_be_read_are_not_lost(tmp_path: Path) -> None:
    history = History(tmp_path, Entry)
    history.write(Entry(release(1)))
    (tmp_path / "releases" / "1.json").write_text('{"release": "of a newer redraft"}')
    assert not history.lost()


def test_releases_are_lost_also_where_others_have_come_in_their_place(tmp_path: Path) -> None:
    history, theirs = History(tmp_path, Entry), History(tmp_path, Entry)
    history.write(Entry(release(2)))
    theirs.forget([2])
    theirs.write(Entry(release(1)))
    assert history.lost()
    assert not history.lost()
    history.write(Entry(release(3)))
    assert not history.lost()


def test_a_release_that_is_recorded_while_all_are_deleted_stays_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history, folder = History(tmp_path, Entry), tmp_path / "releases"
    history.write(Entry(release(1)))
    read = history._read

    def read_and_deleted(revision: int) -> Entry | None:
        entry = read(revision)
        shutil.rmtree(folder)
        return entry

    monkeypatch.setattr(history, "_read", read_and_deleted)
    history.rewrite(replace(release(1), outcome="ready"))
    assert not folder.exists()
    assert history.lost()
