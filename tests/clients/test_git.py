import os
import subprocess
from pathlib import Path

import pytest

from tui.clients.git import Git, parse_status
from tui.model.changes import Commit

pytestmark = pytest.mark.integration


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-qb", "main")
    (tmp_path / "a").write_text("1")
    git(tmp_path, "add", "a")
    return tmp_path


async def test_commit_branch_and_dirt_are_told(repository: Path) -> None:
    assert await Git(repository).commit() == Commit("", "main", dirty=True)
    git(repository, "commit", "-qm", "one")
    head = git(repository, "rev-parse", "HEAD")
    assert await Git(repository).commit() == Commit(head, "main", dirty=False)
    (repository / "a").write_text("2")
    assert (await Git(repository).commit()).dirty
    git(repository, "checkout", "-q", "--detach")
    assert (await Git(repository).commit()).branch == ""


async def test_what_was_told_holds_until_head_moves(repository: Path) -> None:
    asked = Git(repository)
    assert asked.unmoved() is None
    git(repository, "commit", "-qm", "one")
    told = await asked.commit()
    (repository / "a").write_text("2")
    assert asked.unmoved() == told
    for moves in (
        ("commit", "-qam", "two"),
        ("checkout", "-qb", "other"),
        ("reset", "-q", "HEAD^"),
    ):
        git(repository, *moves)
        assert asked.unmoved() is None
        told = await asked.commit()
        assert asked.unmoved() == told


async def test_a_worktree_has_a_head_of_its_own(repository: Path, tmp_path: Path) -> None:
    git(repository, "commit", "-qm", "one")
    git(repository, "worktree", "add", "-qb", "beside", str(tmp_path / "beside"))
    asked = Git(tmp_path / "beside")
    assert (await asked.commit()).branch == "beside"
    git(tmp_path / "beside", "checkout", "-qb", "elsewhere")
    assert asked.unmoved() is None


async def test_outside_of_a_checkout_there_is_no_commit(tmp_path: Path) -> None:
    asked = Git(tmp_path)
    assert await asked.commit() == Commit()
    assert asked.unmoved() == Commit()
    git(tmp_path, "init", "-qb", "main")
    assert asked.unmoved() is None
    assert (await asked.commit()).branch == "main"


async def test_without_git_there_is_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await Git(tmp_path).commit() == Commit()


async def test_with_a_git_that_takes_too_long_there_is_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec sleep 1000\n")
    slow.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("tui.clients.git.PATIENCE", 0.2)
    assert await Git(tmp_path).commit() == Commit()


def test_a_strange_status_is_no_commit() -> None:
    assert parse_status("") == Commit()


async def test_gits_own_words_tell_why_it_refuses_a_checkout(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert await Git(repository).refusal() == ""
    broken = tmp_path_factory.mktemp("broken")
    assert await Git(broken).refusal() == "", "no checkout is there"
    (broken / ".git").write_text("gitdir: nowhere\n")
    assert "not a git repository" in await Git(broken).refusal()
