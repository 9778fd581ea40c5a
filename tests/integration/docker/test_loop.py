"""The whole loop on a real engine, as a user drives it."""

import pytest

from tests.integration.docker.hammer import hammered
from tests.integration.docker.project import name_of
from tests.integration.redraft import Redraft
from tests.integration.test_deleted_elsewhere import (
    HANGS,
    waits_for_an_up_unless_that_is_killed,
)
from tests.projects import greet
from tests.testbed import docker

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]


def test_up_edit_up_and_rollback_refuse_no_connection(redraft: Redraft) -> None:
    redraft.good("up")
    (status,) = redraft.json("status")
    assert redraft.answer() == "hello one"
    greet(redraft.project, "hello two")
    with hammered(status["url"]) as answers:
        redraft.good("up")
        redraft.good("rollback", "--yes")
    assert not [answer for answer in answers if answer.startswith("failed")]
    assert set(answers) == {"hello one", "hello two"}
    assert redraft.answer() == "hello one"
    history = redraft.json("history")
    assert [(one["revision"], one["rollback_of"], one["verdict"]) for one in history] == [
        (1, 0, "ready"),
        (2, 0, "ready"),
        (3, 1, "ready"),
    ]
    assert redraft.json("status")[0]["url"] == status["url"]


def test_the_seconds_of_a_release_are_those_of_all_its_stages(redraft: Redraft) -> None:
    stages, told = redraft.seconds_accounted_for()
    assert told >= stages - 0.001  # it is told in milliseconds


def test_an_unchanged_tree_starts_nothing(redraft: Redraft) -> None:
    redraft.good("up")
    before = docker("ps", "-q", "--filter", f"name={name_of(redraft.project)}")
    redraft.good("up")
    assert docker("ps", "-q", "--filter", f"name={name_of(redraft.project)}") == before
    assert len(redraft.json("history")) == 1


def test_a_crash_is_told_with_its_cause_and_the_old_revision_serves_on(redraft: Redraft) -> None:
    redraft.good("up")
    app = redraft.project / "app.py"
    app.write_text("import sys\nprint('cannot go on')\nsys.exit(37)\n")
    assert redraft("up").returncode == 1
    (why,) = redraft.json("why")
    assert (why["cause"], why["evidence"]) == ("crash-loop", ["cannot go on"])
    assert "37" in why["sentence"]
    assert redraft.answer() == "hello one"


def test_a_deletion_waits_for_an_up_unless_that_is_killed(redraft: Redraft) -> None:
    (redraft.project / "app.py").write_text(HANGS)
    waits_for_an_up_unless_that_is_killed(redraft)
    assert docker("ps", "-aq", "--filter", f"name={name_of(redraft.project)}") == ""


def test_delete_leaves_no_container_image_port_or_file(redraft: Redraft) -> None:
    redraft.good("up")
    greet(redraft.project, "hello two")
    redraft.good("up")
    name = name_of(redraft.project)
    assert docker("ps", "-aq", "--filter", f"name={name}")
    redraft.good("delete", "--yes")
    assert docker("ps", "-aq", "--filter", f"name={name}") == ""
    assert docker("images", "-q", name) == ""
    left = [path for path in (redraft.home / "state").rglob("*") if path.is_file()]
    assert left == []
