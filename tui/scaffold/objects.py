"""Objects: whether a file seems to hold what a cluster takes, and nothing else. Pure.

Texts are looked at, not parsed: a manifest that is not right yet is the user's all the same, and
told of with its line where it is deployed.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

SEPARATOR = re.compile(r"^---(?:[ \t\r].*)?$", re.MULTILINE)
CONTENT = re.compile(r"^[^#\s.%]", re.MULTILINE)
API_VERSION = re.compile(r"^apiVersion: *[\"']?([^\s\"']+)", re.MULTILINE)
KIND = re.compile(r"^kind: *[\"']?(\w+)", re.MULTILINE)
NAME = re.compile(
    r"^metadata:(?: *\{.*\bname:|.*\n(?:[ #\r].*\n|\n)*? +[\"']?name\b)", re.MULTILINE
)
ITEMS = re.compile(r"^items:", re.MULTILINE)
TOOLS = frozenset(
    {"backstage.io", "ctlptl.dev", "eksctl.io", "k3d.io", "kind.x-k8s.io", "kops.k8s.io"}
    | {"kustomize.config.k8s.io", "kuttl.dev", "skaffold"}
)
"""API groups of the files of programs, which no cluster knows."""


def holds_objects(text: str) -> bool:
    """Whether all documents of a YAML text seem to be objects of a cluster, and there is one."""
    documents = [one for one in SEPARATOR.split(text) if CONTENT.search(one)]
    return bool(documents) and all(map(_is_object, documents))


def holds_json_objects(text: str) -> bool:
    """Whether a JSON text is an object of a cluster, or a list of them."""
    try:
        objects = list(_listed(json.loads(text)))
    except (ValueError, RecursionError):
        return False
    return bool(objects) and all(map(_is_named, objects))


def _is_object(document: str) -> bool:
    version, kind = API_VERSION.search(document), KIND.search(document)
    if not version or not kind or version[1].partition("/")[0] in TOOLS:
        return False
    contents = ITEMS if kind[1].endswith("List") else NAME
    return bool(contents.search(document))


def _listed(value: Any) -> Iterator[Any]:
    if isinstance(value, dict) and isinstance(value.get("items"), list):
        for item in value["items"]:
            yield from _listed(item)
    else:
        yield value


def _is_named(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("metadata"), dict):
        return False
    return all((value.get("apiVersion"), value.get("kind"), value["metadata"].get("name")))
