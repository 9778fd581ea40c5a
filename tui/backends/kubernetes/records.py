"""Records: what is written into the cluster of each release, so that any machine can read it.

A record is one Secret with the release itself, small enough that a whole history is read at once,
and others with its content: values and manifests, compressed, in as many pieces as the limit of a
Secret asks for. They are Secrets because values and manifests may hold some. Pure.

Teammates may have other versions of redraft: what a newer one writes into a record besides is kept
in it, and a record that cannot be read stands for its revision and its objects all the same.
"""

import base64
import binascii
import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tui.backends.kubernetes.labels import PART, REVISION, release_labels
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.picture.reading import created
from tui.model.faults import Fault
from tui.model.frozen import frozen
from tui.model.plain import from_plain, join, part, to_plain
from tui.model.releases import Release, unreadable

PIECE = 700_000
"""Bytes in one Secret; the API's limit is 1 MiB with everything around them."""
TYPE = "redraft.dev/release.v1"

Means = Literal["chart", "manifests", "outside"]
"""How a release came about: by helm, by our own apply, or by somebody else."""
Identity = tuple[str, str, str, str]
"""An object's API group, kind, namespace and name."""


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """One object of a release by its name."""

    api_version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def identity(self) -> Identity:
        """What tells objects apart: of one object there may be several versions."""
        return self.api_version.rpartition("/")[0], self.kind, self.namespace, self.name


@frozen
class Mark:
    """How far a workload had come when the release was made, to tell it from what follows."""

    kind: str
    name: str
    uid: str = ""
    generation: int = 0
    """The API's count of changes to its spec."""
    revision: str = ""
    """The workload's own revision: a Deployment's number, the name of a ControllerRevision."""
    template: str = ""
    """The digest of its pod template, empty where it is not known."""


@frozen
class Record:
    """A release as it is kept."""

    release: Release
    means: Means = "manifests"
    helm_revision: int = 0
    """What helm counts it as, also where helm failed at it."""
    marks: tuple[Mark, ...] = ()
    objects: tuple[Ref, ...] = ()
    """What it consists of; of one that is not whole, what may be in the cluster."""
    hashes: tuple[str, ...] = ()
    """What its pods bear as a label, to know them again as old ones."""
    pieces: int = 0
    """Secrets that hold its content."""
    deleted: bool = False
    """Whether what it tells of was removed since."""
    fault: Fault | None = None
    """Why it could not be asked for."""
    applied: float = 0.0
    """Unix time at which all of it had been asked for; 0 where that is not known."""
    ran: tuple[Ref, ...] = ()
    """What helm ran before and after it, as a chart's hooks, as far as that is known."""
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """What a newer redraft wrote besides."""
    made: float = field(default=0.0, compare=False)
    """Unix time in whole seconds at which the API made it, by the cluster's clock; 0 for one that
    is not on record.
    """


@frozen
class Content:
    """What a release was asked to be."""

    documents: tuple[RawObject, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


def secret_name(release: str, revision: int, piece: int = 0) -> str:
    """Return the Secret's name; 0 is the record, from 1 on are the pieces of its content."""
    stem = f"redraft.v1.{release}.{revision}"
    return f"{stem}.{piece}" if piece else stem


def record_secret(name: str, record: Record) -> RawObject:
    """Return the Secret that holds a record without its content."""
    plain = join(to_plain(replace(record, unknown={})), record.unknown)
    del plain["unknown"], plain["made"]
    return _secret(name, record.release.revision, 0, json.dumps(plain).encode())


def content_secrets(name: str, revision: int, content: Content) -> tuple[RawObject, ...]:
    """Return the Secrets that hold a release's content."""
    plain = {"documents": content.documents, "values": content.values}
    packed = gzip.compress(json.dumps(plain).encode(), mtime=0)
    pieces = [packed[at : at + PIECE] for at in range(0, len(packed), PIECE)]
    return tuple(
        _secret(name, revision, number, piece) for number, piece in enumerate(pieces, start=1)
    )


def is_whole(record: Record) -> bool:
    """Whether it is on record what was asked for: not for one that failed or was interrupted."""
    asked = record.pieces or record.helm_revision or record.means == "outside"
    return bool(asked) and record.fault is None


def read_record(secret: RawObject) -> Record:
    """Return the record in a Secret; raises ValueError for what is not ours or damaged."""
    known, unknown = part(Record, json.loads(_bytes(secret)))
    record: Record = from_plain(Record, known)
    return replace(record, unknown=unknown, made=created(secret))


def legible(secret: RawObject, revision: int) -> Record:
    """Return what can be told of a record that cannot be read, or not as a whole.

    What it may have in the cluster is pruned and deleted all the same.
    """
    record = Record(unreadable(revision), made=created(secret))
    try:
        known, _ = part(Record, json.loads(_bytes(secret)))
        objects = from_plain(tuple[Ref, ...], known["objects"])
        means: Means = "chart" if known["means"] == "chart" else record.means
    except (ValueError, KeyError, TypeError):
        return record
    return replace(record, means=means, objects=objects)


def read_content(secrets: Sequence[RawObject]) -> Content:
    """Return the content in all its pieces, in order; raises ValueError when damaged."""
    try:
        plain = json.loads(gzip.decompress(b"".join(_bytes(secret) for secret in secrets)))
        return Content(tuple(plain["documents"]), plain["values"])
    except (EOFError, OSError, zlib.error, KeyError, TypeError) as error:
        raise ValueError(f"the content cannot be read: {error}") from error


def _secret(name: str, revision: int, piece: int, content: bytes) -> RawObject:
    labels = release_labels(name) | {
        REVISION: str(revision),
        PART: "content" if piece else "release",
    }
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": TYPE,
        "metadata": {"name": secret_name(name, revision, piece), "labels": labels},
        "data": {"content": base64.b64encode(content).decode()},
    }


def _bytes(secret: RawObject) -> bytes:
    try:
        return base64.b64decode(secret["data"]["content"], validate=True)
    except (KeyError, TypeError, binascii.Error) as error:
        raise ValueError(f"no content: {error!r}") from error
