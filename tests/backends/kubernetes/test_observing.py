"""What a real API never answers; the real one is observed in tests/integration/kube."""

import asyncio
from contextlib import aclosing
from typing import Any, cast

import pytest

from tui.backends.kubernetes.observing import Observer
from tui.backends.kubernetes.picture.wanted import Wanted
from tui.clients.kube.session import KubeSession


class Nonsense:
    """Answers, but not as an API."""

    local = True

    async def get(self, path: str, query: object) -> dict[str, Any]:
        return {}


async def test_a_watch_that_breaks_is_raised_and_not_waited_on_for_ever() -> None:
    observer = Observer(cast(KubeSession, Nonsense()), "here", Wanted(1, frozenset()))
    async with asyncio.timeout(10), aclosing(observer.rollouts()) as rollouts:
        with pytest.raises(ExceptionGroup):
            await anext(rollouts)
