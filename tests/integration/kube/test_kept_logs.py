"""`redraft logs` on a real cluster: what pods said is kept when they are gone."""

import json
from dataclasses import replace

import pytest

from tests.integration.kube.deployed import Deployed

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
DOCKERFILE = """\
FROM busybox:latest
COPY index.html /www/index.html
CMD ["sh", "-c", "echo begun with $(cat /www/index.html); exec httpd -f -p $PORT -h /www"]
"""


def said(app: Deployed, *arguments: str) -> set[tuple[int, str]]:
    """Return revisions and messages of what the app said; no line is there twice.

    A busy node may make a new pod's sandbox once more, and its container with it: then the app says
    what it says at its start again, at another time.
    """
    rows = app.redraft.json("logs", *arguments)
    lines = [(row["pod"], row["time"]) for row in rows]
    assert len(lines) == len(set(lines))
    return {(row["revision"], row["message"]) for row in rows}


def test_lines_of_each_revision_are_kept_once_also_when_its_pods_are_gone(app: Deployed) -> None:
    (app.project / "Dockerfile").write_text(DOCKERFILE)
    app.up()
    assert said(app) == {(1, "begun with one")}
    app.edit("two")
    app.up()
    assert said(app) == {(2, "begun with two")}
    assert said(app, "--all-revisions") == {(1, "begun with one"), (2, "begun with two")}


def test_who_follows_the_logs_sees_what_another_redraft_releases(app: Deployed) -> None:
    (app.project / "Dockerfile").write_text(DOCKERFILE)
    app.up()
    with app.redraft.start("logs", "--follow", "--output", "json") as follower:
        assert follower.stdout is not None
        rows = map(json.loads, follower.stdout)
        first = next(rows)
        app.edit("two")
        replace(app.redraft, home=app.redraft.home / "other").good("up")
        second = next(row for row in rows if row["revision"] != 1)
        follower.terminate()
    assert (first["revision"], first["message"]) == (1, "begun with one")
    assert (second["revision"], second["message"]) == (2, "begun with two")
