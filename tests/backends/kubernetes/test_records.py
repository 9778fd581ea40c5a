import base64
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.backends.kubernetes.test_leasing import held
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.deploying import next_revision
from tui.backends.kubernetes.ledger import Ledger
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.records import (
    PIECE,
    Content,
    Mark,
    Record,
    Ref,
    content_secrets,
    is_whole,
    read_content,
    read_record,
    record_secret,
)
from tui.model.changes import Commit
from tui.model.images import Image
from tui.model.releases import Release, unreadable

NO_CLUSTER = cast("Cluster", None)
RELEASE = Release(
    7, Image("r/app", "abc", "sha256:1"), commit=Commit("1a2b", "main", True), changed=("a.py",)
)
RECORD = Record(
    RELEASE,
    "chart",
    4,
    (Mark("Deployment", "app", "u-1", 3, "2"),),
    (Ref("apps/v1", "Deployment", "team", "app"),),
    ("5d8c",),
    2,
)


def test_a_record_comes_back_from_its_secret_as_it_was() -> None:
    secret = record_secret("app", RECORD)
    assert secret["metadata"]["name"] == "redraft.v1.app.7"
    assert secret["metadata"]["labels"] == {
        "app.kubernetes.io/managed-by": "redraft",
        "redraft.dev/release": "app",
        "redraft.dev/revision": "7",
        "redraft.dev/part": "release",
    }
    assert read_record(secret) == RECORD


def test_when_a_record_was_made_the_cluster_tells() -> None:
    secret = record_secret("app", replace(RECORD, made=1.0))
    assert b"made" not in base64.b64decode(secret["data"]["content"])
    assert read_record(secret).made == 0.0
    secret["metadata"]["creationTimestamp"] = "2023-11-14T22:13:20Z"
    assert read_record(secret).made == 1_700_000_000.0


def written(secret: RawObject) -> dict[str, Any]:
    """Return what a Secret holds."""
    fields: dict[str, Any] = json.loads(base64.b64decode(secret["data"]["content"]))
    return fields


def rewritten(secret: RawObject, fields: dict[str, Any]) -> RawObject:
    """Return the Secret with other fields in it, as another version writes them."""
    content = base64.b64encode(json.dumps(fields).encode()).decode()
    return {**secret, "data": {"content": content}}


def test_what_a_newer_redraft_wrote_besides_is_read_over_and_kept() -> None:
    fields = written(record_secret("app", RECORD))
    fields["approved"] = ["by", "two"]
    fields["release"]["image"]["platform"] = "linux/arm64"
    fields["marks"][0]["zone"] = "a"
    read = read_record(rewritten(record_secret("app", RECORD), fields))
    assert read == RECORD
    ready = replace(read, release=replace(read.release, outcome="ready"))
    fields["release"]["outcome"] = "ready"
    del fields["marks"][0]["zone"]
    assert written(record_secret("app", ready)) == fields


async def test_a_record_that_cannot_be_read_stands_for_its_revision_and_is_left_as_it_is() -> None:
    secret = record_secret("app", RECORD)
    fields = written(secret)
    fields["release"]["outcome"] = "canary"
    ledger = Ledger(NO_CLUSTER, "app")
    (record,) = ledger.read([rewritten(secret, fields)])
    assert record.release == unreadable(7)
    assert (record.means, record.objects) == ("chart", RECORD.objects)
    assert not is_whole(record)
    assert next_revision((record,)) == 8
    cluster = SimpleNamespace(namespace="here", session=ReadOnly(rewritten(secret, fields)).opened)
    await Ledger(cast(Cluster, cluster), "app").change(
        7, lambda known: replace(known, deleted=True)
    )


class ReadOnly:
    """Answers what a Secret is, and cannot be written."""

    def __init__(self, secret: RawObject) -> None:
        self._secret = secret

    async def opened(self) -> "ReadOnly":
        return self

    async def get(self, path: str) -> RawObject:
        return self._secret


@pytest.mark.parametrize(
    "fields",
    [{}, {"objects": [], "means": 1}, {"objects": [{"kind": "Pod"}], "means": "chart"}, [], 7],
)
def test_of_a_record_that_is_damaged_the_revision_is_told(fields: Any) -> None:
    secret = rewritten(record_secret("app", RECORD), fields)
    (record,) = Ledger(NO_CLUSTER, "app").read([secret])
    assert record == Record(unreadable(7))


async def test_the_newest_record_is_the_last_one_that_a_purge_removes() -> None:
    content = content_secrets("app", 10, Content())
    records = [
        record_secret("app", replace(RECORD, release=replace(RECORD.release, revision=n)))
        for n in (9, 10)
    ]
    session = RemembersDeletions([*records, *content])
    cluster = SimpleNamespace(namespace="here", session=session.opened)
    await Ledger(cast(Cluster, cluster), "app").forget({9, 10}, held)
    assert session.deleted == ["redraft.v1.app.10.1", "redraft.v1.app.9", "redraft.v1.app.10"]


class RemembersDeletions:
    def __init__(self, secrets: Sequence[RawObject]) -> None:
        self.deleted: list[str] = []
        self._secrets = secrets

    async def opened(self) -> "RemembersDeletions":
        return self

    async def get(self, path: str, query: object) -> RawObject:
        return {"items": self._secrets}

    async def delete(self, path: str) -> RawObject:
        self.deleted.append(path.rpartition("/")[2])
        return {}


def test_content_too_large_for_one_secret_is_spread_over_several() -> None:
    noise = random.Random(1).randbytes(2 * PIECE).hex()
    content = Content(({"kind": "ConfigMap", "metadata": {"name": "big"}, "data": noise},))
    secrets = content_secrets("app", 7, content)
    assert len(secrets) == 3
    assert all(len(str(secret)) < 1 << 20 for secret in secrets)
    assert read_content(secrets) == content


def test_content_of_which_a_piece_is_missing_is_told_from_a_whole_one() -> None:
    noise = random.Random(1).randbytes(2 * PIECE).hex()
    secrets = content_secrets("app", 7, Content((), {"noise": noise}))
    with pytest.raises(ValueError, match="cannot be read"):
        read_content(secrets[:-1])
    with pytest.raises(ValueError, match="cannot be read"):
        read_content(secrets[1:])


@pytest.mark.parametrize("secret", [{}, {"data": None}, {"data": {"content": "!"}}])
def test_a_secret_that_is_no_record_is_a_value_error(secret: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no content"):
        read_record(secret)


def test_only_what_is_known_to_have_been_asked_for_can_be_gone_back_to() -> None:
    assert not is_whole(Record(RELEASE))
    assert is_whole(Record(RELEASE, pieces=1))
    assert is_whole(Record(RELEASE, "outside"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=4), json_values))
def test_any_values_come_back_as_they_were(values: dict[str, object]) -> None:
    content = Content(({"kind": "X"},), values)
    assert read_content(content_secrets("app", 1, content)) == content
