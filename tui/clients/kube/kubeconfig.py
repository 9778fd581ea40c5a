"""kubeconfig files: found and merged as kubectl does, and the contexts they name.

Reading a context here neither runs a plugin nor opens a connection; `credentials` does that.
https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
"""

import difflib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen

SHOWN = 12
"""Context names listed in a fault."""


@frozen
class Context:
    """One way to reach a cluster: where, as whom, and in which namespace by default."""

    name: str
    cluster: str
    user: str
    namespace: str
    server: str
    """The API server's URL; empty when the cluster's entry is missing."""


@frozen
class Kubeconfig:
    """What the files say together; of two entries with one name the first counts."""

    paths: tuple[Path, ...]
    contexts: Mapping[str, Context]
    current: str
    """The current context, told for suggestions only; redraft never follows it."""


def find_kubeconfig(environ: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Return the files that kubectl would read, there or not."""
    named = [name for name in environ.get("KUBECONFIG", "").split(os.pathsep) if name]
    if named:
        return tuple(Path(name).expanduser() for name in named)
    return (Path.home() / ".kube" / "config",)


def read_kubeconfig(paths: Sequence[Path]) -> Kubeconfig:
    """Read and merge the files; blocking.

    Raises `FaultError`: `kubeconfig-missing`, `kubeconfig-unreadable`, `kubeconfig-invalid`,
    `kubeconfig-empty`.
    """
    documents = {path: document for path in paths if (document := _read(path)) is not None}
    if not documents:
        raise FaultError(_missing(paths))
    merged = [document for document in documents.values() if document]
    kubeconfig = Kubeconfig(
        tuple(path for path, document in documents.items() if document),
        contexts(merged),
        next((str(d["current-context"]) for d in merged if d.get("current-context")), ""),
    )
    if not kubeconfig.contexts:
        raise FaultError(_empty(paths))
    return kubeconfig


def contexts(documents: Sequence[Mapping[str, Any]]) -> dict[str, Context]:
    """Return the contexts of parsed kubeconfig files by name."""
    servers = {
        name: str(cluster.get("server", ""))
        for name, cluster in _entries(documents, "clusters", "cluster").items()
    }
    found = {}
    for name, context in _entries(documents, "contexts", "context").items():
        cluster = str(context.get("cluster", ""))
        namespace = str(context.get("namespace") or "default")
        user = str(context.get("user", ""))
        found[name] = Context(name, cluster, user, namespace, servers.get(cluster, ""))
    return found


def choose(kubeconfig: Kubeconfig, name: str) -> Context:
    """Return the context of that name, never another one.

    Raises `FaultError`: `context-missing`, `context-broken`.
    """
    context = kubeconfig.contexts.get(name)
    if context is None:
        raise FaultError(_context_missing(kubeconfig, name))
    if not context.server:
        raise FaultError(
            Fault(
                "context-broken",
                f"the context `{name}` names the cluster `{context.cluster}`, which has no server",
                kind="usage",
                place=_places(kubeconfig.paths),
                remedy="add the cluster with its server to the kubeconfig",
            )
        )
    return context


def _read(path: Path) -> dict[str, Any] | None:
    """Return the file's mapping, empty for an empty file, None when there is no file."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise FaultError(_unreadable(path, error)) from None
    except yaml.YAMLError as error:
        raise FaultError(_invalid(path, error)) from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise FaultError(_invalid(path, None))
    return document


def _entries(
    documents: Sequence[Mapping[str, Any]], plural: str, singular: str
) -> dict[str, Mapping[str, Any]]:
    """Return the named entries of all files; the first of a name wins."""
    found: dict[str, Mapping[str, Any]] = {}
    for document in documents:
        entries = document.get(plural)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get(singular), dict):
                found.setdefault(str(entry.get("name", "")), entry[singular])
    return found


def _places(paths: Sequence[Path]) -> str:
    return ", ".join(str(path) for path in paths)


def _missing(paths: Sequence[Path]) -> Fault:
    return Fault(
        "kubeconfig-missing",
        "there is no kubeconfig, so no cluster is known",
        kind="usage",
        place=_places(paths),
        remedy="set KUBECONFIG, or let your cluster's tool write ~/.kube/config",
    )


def _empty(paths: Sequence[Path]) -> Fault:
    return Fault(
        "kubeconfig-empty",
        "the kubeconfig names no context",
        kind="usage",
        place=_places(paths),
        remedy="let your cluster's tool write a context into it, or set KUBECONFIG",
    )


def _unreadable(path: Path, error: Exception) -> Fault:
    return Fault(
        "kubeconfig-unreadable",
        "the kubeconfig cannot be read",
        kind="usage",
        evidence=(str(error),),
        place=str(path),
        remedy="make it a text file that you may read",
    )


def _invalid(path: Path, error: yaml.YAMLError | None) -> Fault:
    mark = getattr(error, "problem_mark", None)
    return Fault(
        "kubeconfig-invalid",
        "the kubeconfig is not a YAML mapping",
        kind="usage",
        evidence=(str(getattr(error, "problem", None) or "the document is no mapping"),),
        place=f"{path}:{mark.line + 1}" if mark else str(path),
        remedy="repair the file",
    )


def _context_missing(kubeconfig: Kubeconfig, name: str) -> Fault:
    names = sorted(kubeconfig.contexts)
    nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return Fault(
        "context-missing",
        f"the kubeconfig has no context `{name}`",
        kind="usage",
        evidence=(f"contexts there: {', '.join(names[:SHOWN])}{more}",),
        place=_places(kubeconfig.paths),
        remedy=f"did you mean `{nearest[0]}`? set it as `context` in draft.toml"
        if nearest
        else "set one of them as `context` in draft.toml",
    )
