"""What goes on with `up --watch` once another redraft deleted its release from the cluster."""

import pytest

from tests.integration.kube.deployed import Deployed
from tests.integration.test_deleted_elsewhere import following, line
from tests.integration.test_following import told, watching

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
DOCKERFILE = """\
FROM busybox:latest
COPY index.html /www/index.html
CMD ["sh", "-c", "echo listening; exec httpd -f -p $PORT -h /www"]
"""


def test_the_next_iteration_has_the_store_and_the_locks_that_others_have(app: Deployed) -> None:
    (app.project / "Dockerfile").write_text(DOCKERFILE)
    app.settings(watch=True, watch_delay=0.2)
    with watching(app.redraft) as process:
        app.redraft.good("delete", "--yes")
        told(process, "EnvironmentDeleted")
        app.redraft.good("up")
        first = app.history()[-1]["revision"]
        with following(app.redraft) as other:
            assert line(other) == first
            for revision, text in ((first + 1, "two"), (first + 2, "three")):
                app.edit(text)
                assert told(process, "IterationFinished")["outcome"] == "ready"
                assert app.answer().strip() == text
                assert line(other) == revision
    lines = app.redraft.json("logs", "--all-revisions")
    assert [line["revision"] for line in lines] == [first, first + 1, first + 2]
