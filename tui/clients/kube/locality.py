"""Whether a cluster is on this machine, so that it can be used without asking twice."""

import ipaddress
from urllib.parse import urlsplit

LOCAL_HOSTS = frozenset(
    {"localhost", "kubernetes.docker.internal", "host.docker.internal", "k8s.orb.local"}
)
LOCAL_NAMES = frozenset(
    {"docker-desktop", "docker-for-desktop", "microk8s", "minikube", "orbstack", "rancher-desktop"}
)
LOCAL_PREFIXES = ("kind-", "k3d-", "colima", "lima-", "minikube-")


def is_local(server: str, context: str) -> bool:
    """Whether the API server's URL, or the context's name beside it, says: this machine.

    A name alone proves nothing: `kind-` could be anyone's prefix. It counts where the server's
    address is a private one, as of minikube's virtual machine.
    """
    host = urlsplit(server).hostname or ""
    if host in LOCAL_HOSTS:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if address.is_loopback or address.is_unspecified:
        return True
    return address.is_private and _is_local_name(context)


def _is_local_name(context: str) -> bool:
    return context in LOCAL_NAMES or context.startswith(LOCAL_PREFIXES)
