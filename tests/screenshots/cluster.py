"""Pictures of a cluster: a good rollout, logs of three pods, a rollback's preview, a crash loop."""

from pathlib import Path

from textual.pilot import Pilot

from tests.screenshots.stage import LARGE, ask, edit, serving, shown, take, until
from tui.engine.engine import Engine
from tui.model.commands import Connect
from tui.model.proposals import Target
from tui.scaffold.scaffolder import ProjectScaffolder
from tui.view.cockpit import Cockpit

PODS = 3


async def take_cluster(project: Path, namespace: str, registry: str) -> None:
    """Take a turn of the loop through a cluster, and one that fails."""
    scaffolder = ProjectScaffolder(project)
    target = Target("kubernetes", namespace=namespace, registry=registry)
    scaffolder.write(scaffolder.propose(target=target))
    draft = project / "draft.toml"
    draft.write_text(f"{draft.read_text().rstrip()}\nreplicas = {PODS}\n")
    async with shown(project, LARGE) as (app, engine, pilot):
        await pilot.press("u")
        await until(pilot, lambda: serving(engine) == 1)
        engine.submit(Connect())
        await until(pilot, lambda: bool(engine.state.url))
        edit(project, '"Hello"', '"Good morning"')
        await until(pilot, lambda: serving(engine) == 2 and alone(engine))
        await ask(engine)
        await pilot.pause(3)
        take(app, "cluster")
        await take_looks(app, pilot)
        edit(project, "from flask import", "import prometheus\nfrom flask import")
        await until(pilot, lambda: engine.state.verdict.outcome == "failed")
        await pilot.pause(2)
        take(app, "cluster-crash")


async def take_looks(app: Cockpit, pilot: Pilot[str]) -> None:
    """Take the preview of a rollback, and the logs alone."""
    await pilot.press("r")
    await pilot.pause(2)
    take(app, "cluster-rollback")
    await pilot.press("escape", "l")
    await pilot.pause(5)
    take(app, "cluster-logs")
    await pilot.press("l")


def alone(engine: Engine) -> bool:
    """Whether only pods of the newest revision are left."""
    rollout = engine.state.rollout
    return rollout is not None and len(rollout.pods) == PODS
