"""Service accounts, to speak to the cluster as somebody who may do less."""

import base64
import json
from pathlib import Path
from typing import Any

from tests.cluster import kubectl


def as_service_account(namespace: str, folder: Path, name: str) -> Path:
    """Write a kubeconfig that speaks as a service account of the namespace."""
    account = _get(namespace, "serviceaccount", name)
    secret = _get(namespace, "secret", account["secrets"][0]["name"])
    token = secret["data"]["token"]
    config = json.loads(kubectl("config", "view", "--raw", "-o", "json"))
    user = {"name": name, "user": {"token": base64.b64decode(token).decode()}}
    config["users"] = [user]
    for context in config["contexts"]:
        context["context"]["user"] = name
    path = folder / "reader.kubeconfig"
    path.write_text(json.dumps(config))
    path.chmod(0o600)
    return path


def _get(namespace: str, kind: str, name: str) -> Any:
    return json.loads(kubectl("-n", namespace, "get", kind, name, "-o", "json"))
