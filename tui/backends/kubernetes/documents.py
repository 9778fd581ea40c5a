"""YAML documents as Kubernetes reads them: what of it is an object, and where it stands. Pure."""

import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import yaml

from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.records import Ref
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen

TIMESTAMP = "tag:yaml.org,2002:timestamp"
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]  # the C loader where libyaml is there
    """Leaves dates as texts, as Kubernetes does: JSON has no dates."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != TIMESTAMP]
    for first, resolvers in _Base.yaml_implicit_resolvers.items()
}


@frozen
class Document:
    """One object with where it was read."""

    object: RawObject
    place: str = ""
    """File and line, such as `k8s/web.yaml:12`."""


def read_documents(text: str, place: str) -> tuple[Document, ...]:
    """Return the objects in a text of YAML documents; raises FaultError with its place.

    Empty documents are skipped; the items of a List are documents of their own.
    """
    try:
        return tuple(_documents(text, place))
    except yaml.YAMLError as error:
        raise FaultError(_invalid(place, error)) from error
    except (RecursionError, ValueError, TypeError) as error:
        raise FaultError(_unfit(place, str(error))) from error


def read_values(text: str) -> Any:
    """Return a chart's values; raises ValueError where the text is not a single document."""
    try:
        return yaml.load(text, _Loader)
    except (yaml.YAMLError, RecursionError, TypeError) as error:
        raise ValueError(str(error)) from error


def ref_of(obj: RawObject, namespace: str) -> Ref:
    """Return how an object is called; `namespace` is where it goes if it names none."""
    metadata = obj["metadata"]
    own = metadata.get("namespace") or namespace
    return Ref(str(obj["apiVersion"]), str(obj["kind"]), str(own), str(metadata["name"]))


def is_object(value: Any) -> bool:
    """Whether a value has what every object of the API has."""
    if not isinstance(value, dict) or not isinstance(value.get("metadata"), dict):
        return False
    told = (value.get("apiVersion"), value.get("kind"), value["metadata"].get("name"))
    return all(isinstance(text, str) and text for text in told)


def _documents(text: str, place: str) -> Iterator[Document]:
    loader = _Loader(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            value = loader.construct_document(node)
            if value is not None:
                yield from _objects(value, f"{place}:{node.start_mark.line + 1}")
    finally:
        loader.dispose()


def _objects(value: Any, place: str) -> Iterator[Document]:
    if isinstance(value, dict) and str(value.get("kind", "")).endswith("List") and "items" in value:
        for item in value["items"] or ():
            yield from _objects(item, place)
        return
    json.dumps(value)  # what has no JSON cannot be sent: a ValueError or TypeError
    if not is_object(value):
        raise FaultError(_no_object(value, place))
    yield Document(value, place)


def _no_object(value: Any, place: str) -> Fault:
    sentence, remedy = _why_not(value, PurePath(place.rpartition(":")[0]))
    return Fault("manifest-incomplete", sentence, kind="usage", place=place, remedy=remedy)


def _why_not(value: Any, file: PurePath) -> tuple[str, str]:
    """Return why a document is no object, and what to do."""
    told = value if isinstance(value, dict) else {}
    if file.stem.lower() == "kustomization" or told.get("kind") == "Kustomization":
        return (
            "this is a file of kustomize, which redraft does not run",
            "list the other files in `manifests`, or write what it makes of them into one: "
            f"`kubectl kustomize {file.parent.as_posix()}`",
        )
    if isinstance(told.get("metadata"), dict) and told["metadata"].get("generateName"):
        return (
            "this object has no name of its own, only `generateName`",
            "give it `metadata.name`: what is applied at each release has to be found again",
        )
    return (
        "this document is no object of a cluster",
        "every object needs apiVersion, kind and metadata.name",
    )


def _invalid(place: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    line = f":{mark.line + 1}" if mark else ""
    words = str(getattr(error, "problem", "") or error)
    return Fault(
        "manifest-invalid",
        "this manifest is not valid YAML",
        kind="usage",
        evidence=(words,),
        place=f"{place}{line}",
        remedy="correct the line; `kubectl apply --dry-run=client -f` says the same",
    )


def _unfit(place: str, why: str) -> Fault:
    return Fault(
        "manifest-invalid",
        "this manifest holds what cannot be sent to a cluster",
        kind="usage",
        evidence=(why,),
        place=place,
        remedy="use texts, numbers, lists and tables only",
    )
