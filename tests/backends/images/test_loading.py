import asyncio
import os
from pathlib import Path

import psutil
import pytest

from tests.backends.images.project import Project
from tests.cluster import eventually
from tui.backends.images.loader import ImageLoader
from tui.clients.docker.engine import Engine
from tui.clients.docker.load import loader_for
from tui.model.faults import FaultError
from tui.model.images import Image

IMAGE = Image("greeter", "1")


@pytest.mark.parametrize(
    ("context", "command"),
    [
        ("kind-dev", "kind load docker-image greeter:1 --name dev"),
        ("kind-two-words", "kind load docker-image greeter:1 --name two-words"),
        ("k3d-dev", "k3d image import greeter:1 --cluster dev"),
        ("minikube", "minikube image load greeter:1 --profile minikube"),
        ("minikube-two", "minikube image load greeter:1 --profile minikube-two"),
    ],
)
def test_a_cluster_is_loaded_by_the_program_that_made_it(context: str, command: str) -> None:
    loader = loader_for(context, IMAGE.reference)
    assert loader is not None
    assert loader.argv == tuple(command.split())


@pytest.mark.parametrize("context", ["", "kind-", "kind", "far", "kindred-x", "docker-desktop"])
def test_other_clusters_are_not_loaded(context: str) -> None:
    assert loader_for(context, IMAGE.reference) is None


def engine_with(folder: Path, script: str) -> Engine:
    """Return an engine in whose environment kind is a script."""
    (folder / "kind").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "kind").chmod(0o755)
    return Engine(environ={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})


async def load(project: Project, engine: Engine) -> Image:
    return await ImageLoader(project.folder, engine).load(IMAGE, "kind-dev", project.steps("push"))


async def test_what_the_program_says_is_told_as_a_step(project: Project, tmp_path: Path) -> None:
    engine = engine_with(tmp_path, 'echo "$@"')
    assert await load(project, engine) == IMAGE
    assert project.printed() == ["load docker-image greeter:1 --name dev"]
    assert project.ended() == {"load into kind-dev": "done"}


async def test_its_last_words_are_the_evidence(project: Project, tmp_path: Path) -> None:
    engine = engine_with(tmp_path, "echo no nodes found >&2; exit 1")
    with pytest.raises(FaultError) as raised:
        await load(project, engine)
    assert raised.value.fault.code == "load-failed"
    assert raised.value.fault.evidence == ("no nodes found",)


async def test_a_program_that_is_not_installed_is_told(project: Project, tmp_path: Path) -> None:
    with pytest.raises(FaultError) as raised:
        await load(project, Engine(environ={"PATH": str(tmp_path)}))
    assert raised.value.fault.code == "loader-missing"


async def test_cancelling_ends_the_program(project: Project, tmp_path: Path) -> None:
    loading = asyncio.create_task(load(project, engine_with(tmp_path, "echo begun; sleep 1000")))
    await eventually(project.printed)
    loading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loading
    assert not [one for one in psutil.Process().children(recursive=True) if one.name() == "kind"]
