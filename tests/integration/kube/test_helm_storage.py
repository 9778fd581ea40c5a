"""What the labels of helm's Secrets tell, beside what helm itself lists."""

import subprocess
from pathlib import Path

import pytest

from tests.cluster import kubectl
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.helm_storage import HelmStorage
from tui.clients.helm.program import Program
from tui.clients.helm.verbs import Helm
from tui.model.places import Place

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]
CHART = "apiVersion: v2\nname: small\nversion: 0.1.0\n"
SETTINGS = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: small}\ndata: {a: {{ .Values.a | quote }}}\n"
)


async def test_the_newest_revision_is_the_one_that_helm_lists(
    tmp_path: Path, namespace: str, context: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text(CHART)
    (tmp_path / "templates" / "settings.yaml").write_text(SETTINGS)
    helm = Helm(Program(context, namespace, tmp_path / "lock"))
    cluster = Cluster(Place(context, namespace))
    storage = HelmStorage(cluster, helm)
    try:
        assert await storage.newest("small") is None
        for number in range(1, 12):  # the tenth sorts before the second as text
            upgrade(namespace, tmp_path, number)
        for name in ("small-1", "smal"):
            assert await storage.newest(name) is None
        found, listed = await storage.newest("small"), await helm.find("small")
        assert found
        assert listed
        assert (found.revision, found.status) == (listed.revision, listed.status)
        assert (found.revision, found.status) == (11, "deployed")
        assert abs(found.updated - listed.updated) < 5

        monkeypatch.setenv("HELM_DRIVER", "configmap")
        assert await storage.newest("small") is None
        monkeypatch.delenv("HELM_DRIVER")
        label(namespace, 11, "pending-upgrade")
        pending = await storage.newest("small")
        assert pending
        assert pending.pending
    finally:
        await cluster.close()


def upgrade(namespace: str, chart: Path, number: int) -> None:
    command = ["helm", "upgrade", "--install", "--namespace", namespace, f"--set=a={number}"]
    subprocess.run([*command, "small", str(chart)], check=True, capture_output=True)


def label(namespace: str, revision: int, status: str) -> None:
    """Have helm's Secret of a revision bear a status."""
    secret = f"sh.helm.release.v1.small.v{revision}"
    kubectl("-n", namespace, "label", "--overwrite", "secret", secret, f"status={status}")
