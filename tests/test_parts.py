"""Tests that stop parts of the test bed run while no other integration test does."""

import subprocess
import sys

import pytest

from tests.parts import sharing_the_bed

TAKING = "from tests.parts import sharing_the_bed\nwith sharing_the_bed(alone={alone}): print('in')"


def taking(tmpdir: str, *, alone: bool) -> "subprocess.Popen[str]":
    """Start a process that shares the bed and says so."""
    script = TAKING.format(alone=alone)
    return subprocess.Popen(
        [sys.executable, "-c", script], env={"TMPDIR": tmpdir}, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize(("mine", "theirs"), [(True, False), (False, True), (True, True)])
def test_whoever_is_to_be_alone_is(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, mine: bool, theirs: bool
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with sharing_the_bed(alone=mine):
        other = taking(str(tmp_path), alone=theirs)
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(1)
    assert other.communicate(timeout=20)[0] == "in\n"


def test_all_others_share(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with sharing_the_bed(alone=False):
        assert taking(str(tmp_path), alone=False).communicate(timeout=20)[0] == "in\n"


def test_who_waits_to_be_alone_is_not_overtaken(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with sharing_the_bed(alone=False):
        first = taking(str(tmp_path), alone=True)
        with pytest.raises(subprocess.TimeoutExpired):
            first.wait(1)
        second = taking(str(tmp_path), alone=False)
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(1)
    assert [one.communicate(timeout=20)[0] for one in (first, second)] == ["in\n", "in\n"]
