from typing import Any, cast

import pytest

from tui.backends.kubernetes.namespaces import ensure_namespace
from tui.model.faults import Fault, FaultError


class Faster:
    """A cluster in which another makes the namespace just before us, or whatever else happens."""

    namespace = "shop"

    def __init__(self, refusal: str) -> None:
        self._refusal = refusal

    async def session(self) -> "Faster":
        return self

    async def get(self, path: str) -> dict[str, Any]:
        raise FaultError(Fault("api-not-found", f"the cluster has no {path}"))

    async def post(self, path: str, body: object) -> None:
        raise FaultError(Fault(self._refusal, f"refused: {path}"))


async def test_a_namespace_that_another_redraft_makes_at_the_same_time_is_there() -> None:
    assert not await ensure_namespace(cast(Any, Faster("api-exists")), create=True)


async def test_a_namespace_that_may_not_be_made_is_told() -> None:
    with pytest.raises(FaultError, match="refused"):
        await ensure_namespace(cast(Any, Faster("api-forbidden")), create=True)
