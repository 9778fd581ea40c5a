"""The pull secret: docker's credentials for the registry, for the pods of one release."""

import base64

from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.labels import release_labels
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.records import Ref
from tui.clients.docker.auth import credentials_for, pull_secret
from tui.clients.docker.engine import Engine
from tui.model.images import Image


async def read_pull_secret(engine: Engine, name: str, image: Image) -> RawObject:
    """Return the secret as docker's credentials are now; raises FaultError."""
    return pull_secret_object(name, pull_secret(await credentials_for(image.name, engine.environ)))


async def write_pull_secret(cluster: Cluster, secret: RawObject) -> None:
    """Write the secret over what it was; raises FaultError."""
    from tui.clients.kube.applying import apply
    from tui.clients.kube.resources import Resources

    session = await cluster.session()
    await apply(session, Resources(session), secret, cluster.namespace, force=True)


def pull_secret_name(name: str) -> str:
    """Return what the release's pull secret is called."""
    return f"{name}-pull"


def pull_secret_ref(name: str, namespace: str) -> Ref:
    """Return where it is."""
    return Ref("v1", "Secret", namespace, pull_secret_name(name))


def pull_secret_object(name: str, config: bytes) -> RawObject:
    """Return the secret as the kubelet reads it."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "kubernetes.io/dockerconfigjson",
        "metadata": {"name": pull_secret_name(name), "labels": release_labels(name)},
        "data": {".dockerconfigjson": base64.b64encode(config).decode()},
    }
