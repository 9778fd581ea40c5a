"""Troubles: told on the command line while a rollout that may still come right is waited for.

What is the matter with a rollout is often over a moment later. So it is told once it has lasted.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tui.model.printing import printable
from tui.model.rollouts import Verdict
from tui.model.state import State

PACE = 5.0
"""Seconds between two looks: what is seen in both is told."""
Tell = Callable[[str], None]


@asynccontextmanager
async def telling_troubles(now: Callable[[], State], tell: Tell) -> AsyncIterator[None]:
    """Tell what holds a rollout up while the `async with` lasts."""
    teller = asyncio.create_task(tell_troubles(now, tell, PACE))
    try:
        yield
    finally:
        teller.cancel()
        await asyncio.gather(teller, return_exceptions=True)


async def tell_troubles(now: Callable[[], State], tell: Tell, pace: float) -> None:
    """Look again and again, until cancelled, and tell each trouble of a revision but once."""
    told = set[tuple[int, str]]()
    before: tuple[int, str] | None = None
    while True:
        await asyncio.sleep(pace)
        state = now()
        seen = trouble_of(state)
        if seen is not None and seen == before and seen not in told:
            told.add(seen)
            for line in present_trouble(state.verdict):
                tell(printable(line))
        before = seen


def trouble_of(state: State) -> tuple[int, str] | None:
    """Return the revision that is waited for and the cause for which it is not ready yet."""
    waits = state.iteration is not None and state.iteration.stage == "rollout"
    verdict = state.verdict
    if not waits or state.rollout is None or verdict.outcome != "progressing" or not verdict.cause:
        return None
    return state.rollout.revision, verdict.cause


def present_trouble(verdict: Verdict) -> tuple[str, ...]:
    """Return what holds a rollout up as lines: sentence, evidence, remedy."""
    remedy = (f"  → {verdict.remedy}",) if verdict.remedy else ()
    evidence = (f"  | {line}" for line in verdict.evidence)
    return (f"… {verdict.sentence} [{verdict.cause}]", *evidence, *remedy)
