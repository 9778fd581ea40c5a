import asyncio
from dataclasses import replace

from tests.engine.scripted import FAULT, Scene, ScriptedBackend, until
from tui.config.environment import Environment
from tui.engine.engine import Engine
from tui.model import events as e
from tui.model.commands import Cancel, Delete, Rollback, Up

SETTINGS = Environment(
    "development",
    "app",
    tasks={
        "pre-up": ("make assets", "make more"),
        "post-up": ("notify",),
        "post-deploy": ("migrate",),
        "cleanup": ("rm volume",),
    },
)


async def finished(engine: Engine, command: Up | Rollback) -> e.IterationFinished:
    engine.submit(command)
    event = await until(engine, e.IterationFinished)
    assert isinstance(event, e.IterationFinished)
    return event


def stages(engine: Engine) -> list[tuple[str, str | None]]:
    assert engine.state.iteration is not None
    return [(stage.name, stage.outcome) for stage in engine.state.iteration.stages]


async def test_tasks_run_in_declared_order_around_build_and_rollout() -> None:
    scene = Scene(settings=SETTINGS)
    async with scene.engine() as engine:
        assert (await finished(engine, Up())).outcome == "ready"
        assert [name for name, _ in stages(engine)] == [
            "pre-up",
            "build",
            "deploy",
            "rollout",
            "post-up",
        ]
    assert [command for command, _ in scene.runner.ran] == ["make assets", "make more", "notify"]
    assert scene.backend.executed == [("app-1", "migrate")]
    facts = dict(scene.runner.ran[-1][1])
    assert (facts["REDRAFT_REVISION"], facts["REDRAFT_URL"]) == ("1", "http://x")
    assert facts["REDRAFT_ENVIRONMENT"] == "development"


async def test_output_of_tasks_is_written_among_the_logs() -> None:
    scene = Scene(settings=SETTINGS)
    async with scene.engine() as engine:
        await finished(engine, Up())
    assert "running make assets" in [record.message for record in scene.sink.records]


async def test_a_failing_pre_up_ends_the_iteration_before_the_build() -> None:
    scene = Scene(settings=SETTINGS)
    scene.runner.codes["make assets"] = 2
    async with scene.engine() as engine:
        ended = await finished(engine, Up())
        assert (ended.outcome, ended.revision) == ("failed", 0)
        assert stages(engine) == [("pre-up", "failed")]
    assert ended.fault is not None
    assert ended.fault.code == "task-failed"
    assert "`make assets` exited with code 2" in ended.fault.sentence
    assert ended.fault.evidence == ("running make assets",)
    assert [command for command, _ in scene.runner.ran] == ["make assets"]
    assert not scene.backend.built


async def test_a_failing_post_up_is_a_fault_that_leaves_the_release_standing() -> None:
    scene = Scene(settings=replace(SETTINGS, rollback_on_failure=True))
    async with scene.engine() as engine:
        await finished(engine, Up())
        scene.runner.codes["notify"] = 1
        scene.backend.tag = "bbb"
        ended = await finished(engine, Up())
        assert (ended.outcome, ended.revision) == ("failed", 2)
        assert engine.state.verdict.outcome == "ready"
        assert (await finished(engine, Up())).outcome == "unchanged"
    assert scene.backend.recorded[2].outcome == "ready"
    assert len(scene.backend.deployed) == 2, "rollback-on-failure is for failed rollouts"


async def test_a_rollback_runs_post_deploy_only() -> None:
    scene = Scene(settings=SETTINGS)
    async with scene.engine() as engine:
        await finished(engine, Up())
        scene.backend.tag = "bbb"
        await finished(engine, Up())
        scene.runner.ran.clear()
        await finished(engine, Rollback())
    assert not scene.runner.ran
    assert scene.backend.executed[-1] == ("app-3", "migrate")


async def test_a_rollback_with_no_post_deploy_tasks_has_no_such_stage() -> None:
    scene = Scene(settings=replace(SETTINGS, tasks={"post-up": ("notify",)}))
    async with scene.engine() as engine:
        await finished(engine, Up())
        scene.backend.tag = "bbb"
        await finished(engine, Up())
        await finished(engine, Rollback())
        assert "post-up" not in dict(stages(engine))


async def test_a_failed_rollout_runs_no_tasks_after_it() -> None:
    scene = Scene(settings=SETTINGS, backend=ScriptedBackend(crash=True))
    async with scene.engine() as engine:
        await finished(engine, Up())
    assert [command for command, _ in scene.runner.ran] == ["make assets", "make more"]
    assert not scene.backend.executed


async def test_a_task_is_cancelled_at_once() -> None:
    scene = Scene(settings=SETTINGS)
    scene.runner.hold = asyncio.Event()
    async with scene.engine() as engine:
        engine.submit(Up())
        await until(engine, e.StepStarted)
        engine.submit(Cancel())
        ended = await until(engine, e.IterationFinished)
        assert isinstance(ended, e.IterationFinished)
        assert ended.outcome == "aborted"
        assert stages(engine) == [("pre-up", "cancelled")]


async def test_cleanup_runs_when_the_environment_was_deleted() -> None:
    scene = Scene(settings=SETTINGS)
    scene.runner.codes["rm volume"] = 1
    async with scene.engine() as engine:
        engine.submit(Delete())
        raised = await until(engine, e.FaultRaised)
        assert engine.state.deleted
    assert scene.backend.deleted
    assert isinstance(raised, e.FaultRaised)
    assert raised.fault.code == "task-failed"


async def test_tasks_are_those_of_draft_toml_as_it_is_now() -> None:
    scene = Scene(settings=SETTINGS)
    async with scene.engine() as engine:
        await finished(engine, Up())
        scene.settings = replace(SETTINGS, tasks={"pre-up": ("other",)})
        scene.backend.tag = "bbb"
        scene.runner.ran.clear()
        await finished(engine, Up())
    assert [command for command, _ in scene.runner.ran] == ["other"]


async def test_a_broken_draft_toml_fails_the_iteration_and_nothing_is_run() -> None:
    scene = Scene(settings=SETTINGS)
    async with scene.engine() as engine:
        scene.unreadable = FAULT
        ended = await finished(engine, Up())
    assert ended.fault == FAULT.fault
    assert not scene.runner.ran


async def test_a_save_while_pre_up_runs_waits_for_its_end_and_starts_anew() -> None:
    scene = Scene(settings=SETTINGS, backend=ScriptedBackend(hold_build=asyncio.Event()))
    scene.runner.hold = asyncio.Event()
    async with scene.engine() as engine:
        engine.submit(Up())
        await until(engine, e.StepStarted)
        scene.watcher.save("app.py")
        await until(engine, e.FilesChanged)
        assert stages(engine) == [("pre-up", None)]
        scene.runner.hold.set()
        first = await until(engine, e.IterationFinished)
        assert isinstance(first, e.IterationFinished)
        assert first.outcome == "superseded", "the save may have come too late for the tasks"
        assert scene.backend.hold_build is not None
        scene.backend.hold_build.set()
        await until(engine, e.IterationFinished)
    assert [command for command, _ in scene.runner.ran].count("make assets") == 2
