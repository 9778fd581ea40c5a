"""When Secrets are known, by an API that answers when it is told to."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from tests.clients.kube.scripted import NothingGranted
from tests.cluster import eventually
from tui.backends.kubernetes.used_secrets import UsedSecrets
from tui.clients.kube.session import KubeSession
from tui.model.faults import Fault, FaultError
from tui.model.masking import MASK

VALUE = "k9#Fq2!xLw"


class Api:
    """Answers lists of one Secret once it is `open`."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.refused = False
        self.nonsense = False
        self.asked: list[str] = []

    def grants(self, namespace: str) -> NothingGranted:
        return NothingGranted()

    async def get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        name = query["fieldSelector"].removeprefix("metadata.name=")
        self.asked.append(name)
        if self.nonsense:
            return {}
        await self.open.wait()
        if self.refused:
            raise FaultError(Fault("api-forbidden", "you may not list secrets"))
        data = {"value": base64.b64encode(VALUE.encode()).decode()}
        item = {"metadata": {"uid": name, "name": name}, "data": data}
        metadata = {"resourceVersion": "1"}
        return {"kind": "SecretList", "apiVersion": "v1", "items": [item], "metadata": metadata}

    @asynccontextmanager
    async def stream(self, *_: object) -> AsyncIterator[None]:
        await asyncio.Event().wait()
        yield


def pod(*names: str) -> dict[str, Any]:
    return {"spec": {"volumes": [{"secret": {"secretName": name}} for name in names]}}


@pytest.fixture
async def api() -> Api:
    return Api()


@pytest.fixture
async def secrets(api: Api) -> AsyncIterator[UsedSecrets]:
    one = UsedSecrets(cast(KubeSession, api), "here")
    yield one
    await one.close()


async def test_a_secret_is_asked_for_once_however_many_pods_use_it(
    api: Api, secrets: UsedSecrets
) -> None:
    api.open.set()
    secrets.use([pod("a"), pod("a", "b")])
    await secrets.read([pod("a"), pod("b")])
    secrets.use([pod("b"), pod("a")])
    assert sorted(api.asked) == ["a", "b"]
    assert secrets.mask(f"it is {VALUE}") == f"it is {MASK}"


async def test_what_is_used_no_more_stays_masked(api: Api, secrets: UsedSecrets) -> None:
    api.open.set()
    secrets.use([pod("a")])
    await secrets.read([pod("a")])
    secrets.use([])
    await secrets.read([pod("a")])
    assert secrets.mask(VALUE) == MASK


async def test_after_a_close_secrets_can_be_used_again(api: Api, secrets: UsedSecrets) -> None:
    api.open.set()
    for time in (1, 2):
        secrets.use([pod("a")])
        await secrets.read([pod("a")])
        await eventually(lambda: len(api.asked) == time)  # noqa: B023
        await secrets.close()
    assert secrets.mask(VALUE) == MASK


async def test_what_was_never_read_is_not_taken_for_read_when_it_is_used_no_more(
    api: Api, secrets: UsedSecrets
) -> None:
    secrets.use([pod("a")])
    reading = asyncio.create_task(secrets.read([pod("a")]))
    await eventually(lambda: api.asked)
    secrets.use([])
    secrets.use([pod("b")])
    api.open.set()
    await secrets.read([pod("b")])
    assert not reading.done()
    secrets.use([pod("a")])
    await reading
    assert secrets.mask(VALUE) == MASK


async def test_what_may_not_be_read_is_not_waited_for_and_why_is_known(
    api: Api, secrets: UsedSecrets
) -> None:
    api.refused = True
    api.open.set()
    secrets.use([pod("a")])
    await secrets.read([pod("a")])
    assert not secrets.mask
    fault = secrets.unread(pod("a"))
    assert fault
    assert fault.sentence == "you may not list secrets"


async def test_a_watch_that_breaks_is_raised(api: Api, secrets: UsedSecrets) -> None:
    api.nonsense = True
    secrets.use([pod("a")])
    with pytest.raises(KeyError):
        await secrets.read([pod("a")])
