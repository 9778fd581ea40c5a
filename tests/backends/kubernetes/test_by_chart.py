"""What is told of a chart; it is deployed in tests/integration/kube."""

from tui.backends.kubernetes.by_chart import NOTES, tell_notes
from tui.model import events as e
from tui.model.masking import MASK, SecretValue, mask_of
from tui.ports.telling import Steps


async def notes_told(notes: str) -> list[e.Event]:
    events: list[e.Event] = []
    mask = mask_of([SecretValue("password", b"hunter2")])
    await tell_notes(notes, mask, Steps(1, "deploy", events.append))
    return events


async def test_notes_are_told_without_what_the_charts_secrets_hold() -> None:
    (printed,) = [
        one for one in await notes_told("\nlog in\n as hunter2\n") if hasattr(one, "lines")
    ]
    assert printed == e.StepPrinted(1, "deploy", NOTES, ("log in", f" as {MASK}"))


async def test_a_chart_without_notes_tells_none() -> None:
    assert await notes_told("\n") == []
