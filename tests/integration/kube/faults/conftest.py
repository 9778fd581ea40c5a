"""What these tests share: a way to the cluster that can be cut, and the app gone it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cutting import Way, way_to_the_cluster
from tests.integration.kube.deployed import Deployed


@pytest.fixture
async def way(tmp_path: Path) -> AsyncIterator[Way]:
    async with way_to_the_cluster(tmp_path) as (one, _):
        yield one


@pytest.fixture
def over(app: Deployed, way: Way, tmp_path: Path) -> Deployed:
    """The app, whose redraft goes the way to the cluster."""
    config = str(tmp_path / "kubeconfig-over-the-way")
    return replace(app, redraft=replace(app.redraft, variables={"KUBECONFIG": config}))
