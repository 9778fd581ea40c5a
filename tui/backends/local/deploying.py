"""Deploying: from a release to what the supervisor is asked to run. Pure."""

import os

from tui.backends.local.placeholders import Folders, app_environment
from tui.config.environment import Environment
from tui.model.recipes import LocalRecipe
from tui.model.releases import Release, ReleaseSpec
from tui.supervisor.protocol import App


def release_spec(environment: Environment, recipe: LocalRecipe) -> ReleaseSpec:
    """Return how a build would be run."""
    return ReleaseSpec(
        replicas=environment.replicas or 1,
        env=tuple(sorted(environment.env.items())),
        command=recipe.command,
        port=environment.port,
        probe_path=recipe.probe_path,
    )


def app_for(name: str, release: Release, recipe: LocalRecipe, folders: Folders) -> App:
    """Return a release as the supervisor runs it."""
    spec = release.spec
    env = app_environment(os.environ) | folders.fill_env(recipe.env) | dict(spec.env)
    return App(
        revision=release.revision,
        name=name,
        argv=folders.fill_command(spec.command),
        env=tuple(sorted(env.items())),
        cwd=str(folders.app),
        replicas=spec.replicas,
        port=spec.port,
        opens_port=recipe.opens_port,
        probe_path=spec.probe_path if recipe.opens_port else "",
        stop_grace=spec.stop_grace,
        deadline=spec.deadline,
    )
