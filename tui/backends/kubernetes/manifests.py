"""Manifests made ready for a release: image, labels and settings put in. Pure.

A container runs the app when its image names the app: `greeter` or `registry/greeter`, with any tag
or digest. Containers are found wherever they stand, so that kinds nobody has heard of are served.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tui.backends.kubernetes.documents import Document
from tui.backends.kubernetes.labels import release_labels
from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.images import Image

CONTAINERS = ("initContainers", "containers")
ORDER = (
    *("Namespace", "CustomResourceDefinition", "ResourceQuota", "LimitRange"),
    *("ServiceAccount", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"),
    *("Secret", "ConfigMap", "PersistentVolume", "PersistentVolumeClaim", "Service"),
)
"""Kinds that others need; the rest follows in the order of the files."""


@frozen
class Wanted:
    """What is put into manifests."""

    name: str
    image: Image
    replicas: int = 0
    env: tuple[tuple[str, str], ...] = ()
    pull_secret: str = ""


def wanted(environment: Environment, image: Image, pull_secret: str = "") -> Wanted:
    """Return what draft.toml and the build put into the manifests."""
    return Wanted(
        environment.name,
        image,
        environment.replicas,
        tuple(sorted(environment.env.items())),
        pull_secret,
    )


def prepare(documents: Sequence[Document], put: Wanted) -> tuple[Document, ...]:
    """Return the documents as they are applied; raises FaultError when none runs the app."""
    if not documents:
        raise FaultError(_empty())
    prepared = [Document(copy.deepcopy(dict(d.object)), d.place) for d in documents]
    runs = [_run_app(document.object, put) for document in prepared]
    if not any(runs):
        raise FaultError(_image_unused(prepared, put))
    for document in prepared:
        _label(document.object, release_labels(put.name))
    return tuple(sorted(prepared, key=_rank))


def repository(image: str) -> str:
    """Return an image's name without tag and digest; a port belongs to the registry."""
    name = image.partition("@")[0]
    head, slash, last = name.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"


def images_of(obj: Any) -> tuple[str, ...]:
    """Return the images that an object's containers run."""
    found = (str(container.get("image", "")) for _, container in _containers(obj))
    return tuple(dict.fromkeys(found))


def _run_app(obj: Any, put: Wanted) -> bool:
    """Put image and settings into the containers that run the app; return whether there are any."""
    names = {put.name, put.image.name}
    pods = []
    for pod, container in _containers(obj):
        if repository(str(container.get("image", ""))) in names:
            container["image"] = put.image.pulled
            container["env"] = merged_env(container.get("env") or [], put.env)
            if not container["env"]:
                del container["env"]
            pods.append(pod)
    if pods and put.replicas and obj.get("kind") in {"Deployment", "StatefulSet"}:
        obj["spec"]["replicas"] = put.replicas
    for pod in pods if put.pull_secret else ():
        secrets = [one for one in pod.get("imagePullSecrets") or [] if one != _named(put)]
        pod["imagePullSecrets"] = [*secrets, _named(put)]
    return bool(pods)


def merged_env(present: list[Any], env: tuple[tuple[str, str], ...]) -> list[Any]:
    """Return a container's `env` with these variables in place of those of the same name."""
    given = dict(env)
    kept = [one for one in present if not (isinstance(one, dict) and one.get("name") in given)]
    return [*kept, *({"name": name, "value": value} for name, value in env)]


def _named(put: Wanted) -> dict[str, str]:
    return {"name": put.pull_secret}


def _containers(value: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield every container with the pod spec around it."""
    if isinstance(value, dict):
        for key in CONTAINERS:
            listed = value.get(key)
            for container in listed if isinstance(listed, list) else ():
                if isinstance(container, dict) and "image" in container:
                    yield value, container
        for item in value.values():
            yield from _containers(item)
    elif isinstance(value, list):
        for item in value:
            yield from _containers(item)


def _label(obj: Any, labels: Mapping[str, str]) -> None:
    """Label an object, and the pods it makes."""
    metadata = obj["metadata"]
    metadata["labels"] = {**(metadata.get("labels") or {}), **labels}
    spec = obj.get("spec")
    template = spec.get("template") if isinstance(spec, dict) else None
    if isinstance(template, dict) and isinstance(template.get("spec"), dict):
        inner = template.setdefault("metadata", {})
        inner["labels"] = {**(inner.get("labels") or {}), **labels}


def _rank(document: Document) -> int:
    kind = document.object["kind"]
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def _empty() -> Fault:
    return Fault(
        "manifests-empty",
        "the manifests have no object in them",
        kind="usage",
        place="draft.toml",
        remedy="add a Deployment to one of the files, or correct `manifests`",
    )


def _image_unused(documents: Sequence[Document], put: Wanted) -> Fault:
    images = [image for document in documents for image in images_of(document.object)]
    return Fault(
        "image-unused",
        f"no container in the manifests runs the app's image {put.name}",
        kind="usage",
        evidence=tuple(f"image: {image}" for image in dict.fromkeys(images)),
        place=documents[0].place,
        remedy=f"write `image: {put.name}` in the container that runs the app",
    )
