"""Waiting for a definition to be taken up; a real one is in integration/kube."""

import pytest

from tui.backends.kubernetes import defining
from tui.backends.kubernetes.defining import once_defined
from tui.model.faults import Fault, FaultError


class Refusing:
    """Refuses so many times, with a code."""

    def __init__(self, code: str, times: int) -> None:
        self.code, self.left = code, times

    async def __call__(self) -> str:
        if self.left:
            self.left -= 1
            raise FaultError(Fault(self.code, "not yet"))
        return "done"


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defining, "LOOK", 0.0)


@pytest.mark.parametrize("code", ["kind-unknown", "api-not-found", "api-invalid"])
async def test_what_is_refused_for_a_new_definition_is_asked_for_again(code: str) -> None:
    assert await once_defined(Refusing(code, 3)) == "done"


async def test_another_refusal_is_told_at_once() -> None:
    refusing = Refusing("api-denied", 3)
    with pytest.raises(FaultError, match="not yet"):
        await once_defined(refusing)
    assert refusing.left == 2


async def test_what_goes_on_being_refused_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defining, "PATIENCE", 0.0)
    with pytest.raises(FaultError, match="not yet"):
        await once_defined(Refusing("api-invalid", 1_000_000))
