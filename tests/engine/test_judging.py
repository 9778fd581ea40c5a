"""What ends the wait for a verdict, also where numbers of revisions begin anew."""

import asyncio
from dataclasses import replace

import pytest

from tests.cluster import eventually
from tests.engine.scripted import Scene, ScriptedBackend, until
from tui.engine.judging import end_of_rollout, runs_already
from tui.model import events as e
from tui.model.commands import Up
from tui.model.images import Image
from tui.model.releases import Release, ReleaseSpec
from tui.model.rollouts import Rollout, Verdict
from tui.model.state import State
from tui.ports.backend import Build

BEFORE = Rollout(7, started=70.0)
FAILED, READY = Verdict("failed", "workload-gone"), Verdict("ready")


def seen(rollout: Rollout, verdict: Verdict = FAILED) -> State:
    return replace(State(), rollout=rollout, verdict=verdict)


def test_what_was_wanted_before_has_overtaken_nothing_and_is_no_verdict() -> None:
    since = replace(BEFORE, pods=(), lost_since=1.0)
    assert end_of_rollout(seen(since), 1, BEFORE, BEFORE) == 0
    assert end_of_rollout(seen(since), 7, BEFORE, BEFORE) == 0


def test_what_came_since_is_judged_or_has_overtaken_it() -> None:
    assert end_of_rollout(seen(Rollout(1, started=80.0), READY), 1, BEFORE, BEFORE) == READY
    assert end_of_rollout(seen(Rollout(7, started=80.0), READY), 7, BEFORE, BEFORE) == READY
    assert end_of_rollout(seen(Rollout(2, started=81.0)), 1, BEFORE, BEFORE) == 2
    assert end_of_rollout(seen(Rollout(9, started=81.0)), 8, None, None) == 9


@pytest.mark.parametrize(
    ("serving", "verdict", "by_save", "already"),
    [
        (1, READY, False, True),
        (1, READY, True, True),
        (0, READY, False, False),
        (0, READY, True, False),
        (1, FAILED, False, False),  # one of its objects was deleted since
        (1, FAILED, True, True),
    ],
)
def test_what_serves_already_is_deployed_again_by_the_user_where_it_fails_now(
    serving: int, verdict: Verdict, *, by_save: bool, already: bool
) -> None:
    state = seen(Rollout(1, serving), verdict)
    state = replace(state, releases=(Release(1, Image("app", "aaa"), outcome="ready"),))
    build = Build(Image("app", "aaa"), ReleaseSpec())
    assert runs_already(state, build, by_save=by_save) is already


class Dated(ScriptedBackend):
    """Pictures a release with when it was asked for."""

    def picture(self, revision: int) -> Rollout:
        started = self.recorded[revision].started if revision in self.recorded else 0.0
        return replace(super().picture(revision), started=started)


@pytest.mark.parametrize("last", [1, 7])
async def test_a_release_into_a_namespace_made_anew_is_waited_for(last: int) -> None:
    backend = Dated(crash=True)
    backend.recorded = {last: Release(last, Image("app", "aaa"), outcome="failed", started=1.0)}
    async with Scene(backend=backend).engine() as engine:
        await eventually(lambda: engine.state.verdict.outcome == "failed")
        backend.recorded.clear()
        backend.crash = False
        engine.submit(Up())
        ended = await until(engine, e.IterationFinished)
        assert isinstance(ended, e.IterationFinished)
        assert (ended.outcome, ended.revision, ended.fault) == ("ready", 1, None)


async def test_a_deletion_that_a_deploy_waited_for_does_not_end_its_rollout() -> None:
    gone = Rollout(0, deleted=True)
    backend = ScriptedBackend(hold_deploy=asyncio.Event())
    async with Scene(backend=backend).engine() as engine:
        engine.submit(Up())
        await until(engine, e.StageStarted, 2)
        backend.pictures.put_nowait(gone)
        await eventually(lambda: engine.state.rollout == gone)
        assert backend.hold_deploy
        backend.hold_deploy.set()
        ended = await until(engine, e.IterationFinished)
        assert isinstance(ended, e.IterationFinished)
        assert (ended.outcome, ended.revision, ended.fault) == ("ready", 1, None)
