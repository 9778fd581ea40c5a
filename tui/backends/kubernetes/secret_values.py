"""Secrets as the API tells them: which a pod uses, and what they hold. Pure."""

import base64
from collections.abc import Iterable, Iterator

from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.picture.reading import part, parts, text
from tui.model.masking import SecretValue

CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
ACCOUNT = "kubernetes.io/service-account-token"
"""A service account's token, which clusters before 1.24 mount into every pod."""


def secrets_used(pod: RawObject) -> frozenset[str]:
    """Return the names of the Secrets that a pod gets values from, or its images by."""
    return frozenset((*_by_containers(pod), *_by_volumes(pod), *_by_images(pod))) - {""}


def _by_containers(pod: RawObject) -> Iterator[str]:
    for container in (one for kind in CONTAINERS for one in parts(pod, "spec", kind)):
        for variable in parts(container, "env"):
            yield text(variable, "valueFrom", "secretKeyRef", "name")
        for source in parts(container, "envFrom"):
            yield text(source, "secretRef", "name")


def _by_volumes(pod: RawObject) -> Iterator[str]:
    for volume in parts(pod, "spec", "volumes"):
        yield text(volume, "secret", "secretName")
        for source in parts(volume, "projected", "sources"):
            yield text(source, "secret", "name")


def _by_images(pod: RawObject) -> Iterator[str]:
    return (text(one, "name") for one in parts(pod, "spec", "imagePullSecrets"))


def values_held(objects: Iterable[RawObject]) -> frozenset[SecretValue]:
    """Return what the Secrets among objects hold that is not public."""
    held = (one for one in objects if one.get("kind") == "Secret")
    return frozenset(value for secret in held for value in _values(secret))


def _values(secret: RawObject) -> Iterator[SecretValue]:
    for name, written in part(secret, "stringData").items():
        yield SecretValue(name, str(written).encode())
    for name, encoded in part(secret, "data").items():
        if encoded is not None and (secret.get("type") != ACCOUNT or name == "token"):
            yield SecretValue(name, _decoded(str(encoded)))


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded)
    except ValueError:  # no base64, in a manifest that the API will refuse
        return encoded.encode()
