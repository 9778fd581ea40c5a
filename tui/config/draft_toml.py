"""draft.toml: one table an environment, Draft's own keys with Draft's meaning, and ours.

Reading uses `tomllib` from the standard library, which is on the start-up path; `tomlkit` is for
writing only. A file without `backend` was written for Draft, which knew Kubernetes alone.
"""

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from tui.config import image_values, tables, values
from tui.config.documents import Document, parse_document, read_document
from tui.config.environment import DEFAULT_ENVIRONMENT, Environment
from tui.config.labels import dns_label
from tui.config.values import Check, UnfitError
from tui.model.faults import Fault, FaultError

FILE = "draft.toml"
TASKS_FILE = ".draft-tasks.toml"
FILES = frozenset({FILE, TASKS_FILE})
"""All that settings are read from, in the project's own folder."""

KEYS: Mapping[str, Check] = {
    "name": values.label,
    "backend": values.choice("local", "docker", "kubernetes"),
    "namespace": values.label,
    "create-namespace": values.flag,
    "registry": image_values.registry,
    "context": values.text,
    "pack": values.text,
    "command": values.command,
    "port": values.port,
    "probe-path": values.url_path,
    "replicas": values.replicas,
    "env": tables.strings,
    "set": values.several(values.assignment),
    "values": values.several(values.path),
    "manifests": values.several(values.file_glob),
    "chart": values.path,
    "image-keys": image_values.key_paths,
    "pull-secret": values.flag,
    "dockerfile": values.path,
    "image-build-args": tables.strings,
    "custom-tags": values.several(image_values.tag),
    "target": image_values.plain_name,
    "platforms": values.several(image_values.platform),
    "build-secrets": values.several(image_values.build_secret),
    "cache-from": values.several(image_values.cache),
    "cache-to": values.several(image_values.cache),
    "builder": image_values.plain_name,
    "push": values.choice("auto", "always", "never"),
    "wait": values.flag,
    "watch": values.flag,
    "watch-delay": values.seconds,
    "override-ports": values.several(values.port_pair),
    "auto-connect": values.flag,
    "rollback-on-failure": values.flag,
    "protected": values.flag,
    "sync": tables.sync,
    "tasks": tables.tasks,
}
"""Every key that counts, with its check; the Environment's field has the same name with `_`."""

REFUSED: Mapping[str, tuple[str, str]] = {
    "build-tar": ("built elsewhere as a tar file", "let redraft build from the project's folder"),
    "chart-tar": ("packed elsewhere as a tar file", 'unpack it and point `chart = "..."` at it'),
    "resource-group-name": ("for Azure's builder alone", "remove it; redraft builds with Docker"),
}
"""Draft's keys that redraft does not honour: what they were for, and what to do instead."""


def load_environment(project: Path, environment: str = DEFAULT_ENVIRONMENT) -> Environment:
    """Return one environment of the project's draft.toml; raises FaultError of kind usage."""
    document = read_document(project, FILE)
    tables = _environments(document)
    if environment not in tables:
        raise _missing_environment(environment, tuple(tables))
    fields = _fields(document, ("environments", environment), tables[environment])
    fields["tasks"] = {**_draft_tasks(project), **fields.get("tasks", {})}
    fields.setdefault("name", dns_label(project.resolve().name))
    return Environment(environment=environment, **fields)


def check_text(text: str) -> None:
    """Check what is to be written as draft.toml; raises FaultError of kind usage."""
    document = parse_document(text, FILE)
    for name, table in _environments(document).items():
        _fields(document, ("environments", name), table)


def environment_names(project: Path) -> tuple[str, ...]:
    """Return the environments of the project's draft.toml in its order; raises FaultError."""
    return tuple(_environments(read_document(project, FILE)))


def place_of_key(project: Path, environment: str, key: str) -> str:
    """Return `draft.toml:LINE` of a key, or of its table without it; raises FaultError."""
    return read_document(project, FILE).place(("environments", environment, key))


def _environments(document: Document) -> Mapping[str, Any]:
    for key in document.tables:
        if key != "environments":
            raise _unknown_key(document, (), key, ("environments",))
    tables = document.tables.get("environments", {})
    if not isinstance(tables, dict):
        raise _not_a_table(document, ("environments",))
    if not tables:
        raise _empty()
    return tables


def _fields(document: Document, where: tuple[str, ...], table: Any) -> dict[str, Any]:
    """Check every key of a table and return what the Environment takes."""
    if not isinstance(table, dict):
        raise _not_a_table(document, where)
    fields: dict[str, Any] = {}
    for written, value in table.items():
        key = written.replace("_", "-")
        if key == "container-builder" or key in REFUSED:
            _refuse(document, where, written, value)
            continue
        if key not in KEYS:
            raise _unknown_key(document, where, written, KEYS)
        field = key.replace("-", "_")
        if field in fields:
            raise _twice(document, where, written)
        fields[field] = _checked(document, (*where, written), KEYS[key], value)
    return fields


def _checked(document: Document, path: tuple[str, ...], check: Check, value: Any) -> Any:
    try:
        return check(value)
    except UnfitError as error:
        place = document.place((*path, error.key) if error.key else path)
        sentence = f"`{path[-1]}` {error.problem}"
        raise _fault(error.code, sentence, place, error.remedy) from error


def _refuse(document: Document, where: tuple[str, ...], written: str, value: Any) -> None:
    """Refuse a key of Draft's; `container-builder = "docker"` is what happens anyway."""
    key = written.replace("_", "-")
    place = document.place((*where, written))
    if key in REFUSED:
        purpose, remedy = REFUSED[key]
        sentence = f"`{written}` is not supported: it is {purpose}"
        raise _fault("config-refused-key", sentence, place, remedy)
    if value == "docker":
        return
    sentence = f'`{written}` must be "docker": Azure\'s builder is not supported'
    raise _fault("config-refused-key", sentence, place, "remove it; redraft builds with Docker")


def _draft_tasks(project: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the tasks of Draft's own file, where there is one."""
    if not (project / TASKS_FILE).exists():
        return {}
    document = read_document(project, TASKS_FILE)
    try:
        return tables.tasks(dict(document.tables))
    except UnfitError as error:
        sentence = f"{TASKS_FILE} {error.problem}"
        place = document.place((error.key,))
        raise _fault(error.code, sentence, place, error.remedy) from error


def _missing_environment(environment: str, there: tuple[str, ...]) -> FaultError:
    nearest = difflib.get_close_matches(environment, there, 1, 0.5)
    listed = ", ".join(there)
    remedy = f"use -e {nearest[0]}" if nearest else f"use -e with one of: {listed}"
    return _fault(
        "environment-missing",
        f"draft.toml has no environment {environment!r}",
        FILE,
        f"{remedy}, or add [environments.{environment}]",
        (f"environments there: {listed}",),
    )


def _empty() -> FaultError:
    return _fault(
        "draft-toml-empty",
        "draft.toml has no environment in it",
        f"{FILE}:1",
        "add [environments.development], or run `redraft create --force`",
    )


def _unknown_key(
    document: Document, where: tuple[str, ...], key: str, known: Collection[str]
) -> FaultError:
    nearest = difflib.get_close_matches(key.replace("_", "-"), known, 1, 0.5)
    valid = ", ".join(known) if len(known) == 1 else ""
    remedy = f"did you mean `{nearest[0]}`?" if nearest else "remove it"
    table = f"[{'.'.join(where)}]" if where else "draft.toml"
    sentence = f"{table} has no key {values.shown(key)}"
    evidence = (f"only [{valid}.NAME] tables stand there",) if valid else ()
    return _fault("config-unknown-key", sentence, document.place((*where, key)), remedy, evidence)


def _twice(document: Document, where: tuple[str, ...], written: str) -> FaultError:
    sentence = f"`{written}` is there twice, with a dash and with an underscore"
    return _fault(
        "config-duplicate-key", sentence, document.place((*where, written)), "keep one of them"
    )


def _not_a_table(document: Document, path: tuple[str, ...]) -> FaultError:
    dotted = ".".join(path)
    remedy = "write [environments.development] above its keys"
    return _fault("config-wrong-type", f"`{dotted}` must be a table", document.place(path), remedy)


def _fault(
    code: str, sentence: str, place: str, remedy: str, evidence: tuple[str, ...] = ()
) -> FaultError:
    return FaultError(Fault(code, sentence, "usage", evidence, place, remedy))
