"""`wait = false` on a real cluster: `up` ends with the deploy; the verdict follows."""

import time

import pytest

from tests.integration.kube.deployed import Deployed

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
PATIENCE = 90.0


def test_up_ends_with_the_deploy_and_the_next_one_finds_out_what_became_of_it(
    app: Deployed,
) -> None:
    app.settings(wait=False)
    assert "revision 1 is deployed; its rollout is not waited for" in app.up()
    assert app.history()[-1]["verdict"] == "pending"
    deadline = time.monotonic() + PATIENCE
    while app.redraft("why").stdout != "revision 1 is ready\n":
        assert time.monotonic() < deadline, app.redraft("why").stdout
    assert "nothing changed" in app.up()
    assert app.history()[-1]["verdict"] == "ready"
