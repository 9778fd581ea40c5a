"""The configuration of a release: everything besides the image that decides how it runs.

Its digest goes into the release, so that an `up` after an edit of a values file deploys although
the image is the one that runs already.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tui.backends.kubernetes.charts import find_chart
from tui.backends.kubernetes.documents import Document, read_documents
from tui.config.environment import Environment
from tui.config.manifests import manifests_at
from tui.model.faults import Fault, FaultError
from tui.model.releases import ReleaseSpec

DEADLINE = 600.0
"""Seconds a rollout may take; a Deployment's own default progress deadline."""


def release_spec(project: Path, environment: Environment) -> ReleaseSpec:
    """Return how a build would be run. Blocking; raises FaultError for a file that is not there."""
    return ReleaseSpec(
        replicas=environment.replicas or 1,
        env=tuple(sorted(environment.env.items())),
        probe_path=environment.probe_path,
        deadline=DEADLINE,
        config=digest(project, environment),
    )


def digest(project: Path, environment: Environment) -> str:
    """Return the digest of settings and files, the same on every machine."""
    sha = hashlib.sha256(json.dumps(_settings(environment), sort_keys=True).encode())
    for name, content in _files(project, environment):
        sha.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return sha.hexdigest()[:40]


def manifest_files(project: Path, environment: Environment) -> tuple[Path, ...]:
    """Return the files that `manifests` names, in its order; raises FaultError for one missing.

    An entry is a file, a folder (its YAML and JSON files, those below it too) or a glob.
    """
    found: dict[Path, None] = {}
    for entry in environment.manifests:
        files = sorted(manifests_at(project, entry))
        if not files:
            raise FaultError(_no_manifest(entry))
        found |= dict.fromkeys(files)
    return tuple(found)


def read_manifests(project: Path, environment: Environment) -> tuple[Document, ...]:
    """Return the objects in them, in order. Blocking; raises FaultError."""
    documents: list[Document] = []
    for path in manifest_files(project, environment):
        place = path.relative_to(project).as_posix()
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise FaultError(_unreadable(path, str(error))) from error
        documents += read_documents(text, place)
    return tuple(documents)


def _settings(environment: Environment) -> dict[str, Any]:
    return {
        "name": environment.name,
        "namespace": environment.namespace,
        "replicas": environment.replicas,
        "set": environment.set,
        **({"image-keys": environment.image_keys} if environment.image_keys else {}),
        "pull-secret": environment.pull_secret,
    }


def _files(project: Path, environment: Environment) -> Iterator[tuple[str, bytes]]:
    paths = (
        manifest_files(project, environment)
        if environment.manifests
        else (*_below(find_chart(project, environment)), *_values(project, environment))
    )
    for path in paths:
        try:
            yield path.relative_to(project).as_posix(), path.read_bytes()
        except OSError as error:
            raise FaultError(_unreadable(path, str(error))) from error


def _below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _values(project: Path, environment: Environment) -> list[Path]:
    return [project / name for name in environment.values]


def _no_manifest(entry: str) -> Fault:
    return Fault(
        "manifests-missing",
        f"`manifests` names {entry}, where there is no YAML or JSON file",
        kind="usage",
        place=entry,
        remedy="correct `manifests` in draft.toml, or add the file",
    )


def _unreadable(path: Path, why: str) -> Fault:
    return Fault(
        "file-unreadable",
        f"{path.name} cannot be read",
        kind="usage",
        evidence=(why,),
        place=str(path),
        remedy="correct the path in draft.toml, or make the file readable",
    )
