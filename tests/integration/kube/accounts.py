"""Service accounts, to speak to the cluster as somebody who may do less."""

import json
from pathlib import Path

from tests.cluster import kubectl


def as_service_account(namespace: str, folder: Path, name: str) -> Path:
    """Write a kubeconfig that speaks as a service account of the namespace."""
    token = kubectl("-n", namespace, "create", "token", name).strip()
    config = json.loads(kubectl("config", "view", "--raw", "-o", "json"))
    user = {"name": name, "user": {"token": token}}
    config["users"] = [user]
    for context in config["contexts"]:
        context["context"]["user"] = name
    path = folder / "reader.kubeconfig"
    path.write_text(json.dumps(config))
    path.chmod(0o600)
    return path
