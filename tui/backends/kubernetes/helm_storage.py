"""What helm has stored of a release, told by the labels of its Secrets in a few milliseconds.

`helm list` starts a process that takes a tenth of a second and more, several times in each turn of
the loop. Helm 3 and 4 make a Secret for each revision, label it (pkg/storage/driver/secrets.go:
`owner`, `name`, `status`, `version`) and find their releases by these labels themselves. Their
`modifiedAt` is no help: a revision may bear that of an earlier one. When the Secret was made is.
Where HELM_DRIVER keeps releases elsewhere, helm is asked.
"""

import os

from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.objects import RawObject
from tui.clients.helm.releases import HelmRevision, unix_time
from tui.clients.helm.verbs import Helm
from tui.model.frozen import frozen

IN_SECRETS = {"", "secret", "secrets"}
"""The values of HELM_DRIVER for helm's own choice."""


@frozen
class HelmStorage:
    """Looks for releases where helm keeps them."""

    cluster: Cluster
    helm: Helm

    async def newest(self, release: str) -> HelmRevision | None:
        """Return the newest revision of a release, whatever its status; None when there is none.

        Raises FaultError.
        """
        if os.environ.get("HELM_DRIVER", "") not in IN_SECRETS:
            return await self.helm.find(release)
        session = await self.cluster.session()
        path = f"/api/v1/namespaces/{self.cluster.namespace}/secrets"
        told = await session.metadata(path, {"labelSelector": f"owner=helm,name={release}"})
        return max(map(revision_of, told), key=lambda one: one.revision, default=None)


def revision_of(metadata: RawObject) -> HelmRevision:
    """Return what the metadata of one Secret of helm's tells."""
    labels = metadata.get("labels") or {}
    version = str(labels.get("version", ""))
    return HelmRevision(
        int(version) if version.isdecimal() else 0,
        str(labels.get("status", "")),
        unix_time(str(metadata.get("creationTimestamp", ""))),
    )
