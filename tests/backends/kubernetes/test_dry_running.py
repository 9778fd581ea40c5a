import asyncio
import json
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tui.backends.kubernetes.dry_running import DryRuns, Judgement, went_through
from tui.backends.kubernetes.records import Content, Record, Ref
from tui.clients.helm.program import Program
from tui.clients.helm.verbs import ChartCall, Helm
from tui.model.faults import Fault, FaultError
from tui.model.images import Image
from tui.model.releases import Release, ReleaseSpec

SPEC = ReleaseSpec(config="abc")
DEPLOYED = Record(
    Release(1, Image("app", "1"), SPEC, outcome="ready"),
    "chart",
    helm_revision=1,
    objects=(Ref("apps/v1", "Deployment", "here", "app"),),
)
CALL = ChartCall(Path("charts/app"))
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: app}"
ON_RECORD = Content(({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "before"}},))
LOST = Fault("record-lost", "what it consisted of is not on record any more")


def runs(
    folder: Path, version: str, rendered: str, content: Content | None = None
) -> tuple[DryRuns, Path]:
    """Return dry runs by a program in helm's place, and the file it notes its arguments in."""
    program, noted = folder / "helm", folder / "noted"
    noted.touch()
    program.write_text(
        f'#!/bin/sh\ncase "$*" in *version*) echo {version}; exit;; esac\n'
        f'echo "$*" >> {noted}\ncat > /dev/null\n{rendered}\n'
    )
    program.chmod(stat.S_IRWXU)
    helm = Helm(Program("here", "there", folder / "lock", str(program)))

    async def read(_: Record) -> Content:
        if content is None:
            raise FaultError(LOST)
        return content

    return DryRuns(helm, "app", "there", read), noted


def called() -> ChartCall:
    """Return the call, which is read where nothing has to go on meanwhile."""
    assert threading.current_thread() is not threading.main_thread()
    return CALL


def said(judged: Judgement) -> str:
    """Return a judgement, or the code of the fault that it is."""
    return judged.code if isinstance(judged, Fault) else judged


def test_only_what_helm_deployed_with_this_very_configuration_went_through() -> None:
    assert went_through(SPEC, [DEPLOYED])
    assert not went_through(SPEC, [])
    assert not went_through(replace(SPEC, env=(("A", "1"),)), [DEPLOYED])
    assert not went_through(SPEC, [replace(DEPLOYED, helm_revision=0)])
    assert not went_through(SPEC, [replace(DEPLOYED, means="outside")])
    assert not went_through(SPEC, [replace(DEPLOYED, objects=())])


async def test_what_went_through_is_neither_read_nor_run_again(tmp_path: Path) -> None:
    dry_runs, noted = runs(tmp_path, "v4.0.0", "exit 1")
    with dry_runs.beside(lambda: pytest.fail("it is read"), SPEC, [DEPLOYED]):
        assert await dry_runs.judge(CALL, SPEC, [DEPLOYED]) == "valid"
    assert not noted.read_text()


async def test_a_chart_that_cannot_be_read_leaves_the_judgement_to_the_upgrade(
    tmp_path: Path,
) -> None:
    def missing() -> ChartCall:
        raise FaultError(Fault("file-missing", "dev.yaml is not there"))

    dry_runs, noted = runs(tmp_path, "v4.0.0", "exit 1")
    with dry_runs.beside(missing, SPEC, []):
        assert await dry_runs.judge(CALL, SPEC, []) == "unknown"
    assert not noted.read_text()


@pytest.mark.parametrize(
    ("version", "flag"), [("v3.14.2", "--validate"), ("v4.3.0", "--dry-run=server")]
)
async def test_the_run_beside_the_build_is_the_one_that_is_judged_by(
    tmp_path: Path, version: str, flag: str
) -> None:
    dry_runs, noted = runs(tmp_path, version, f"echo '{SERVICE}'")
    changed = replace(SPEC, config="def")
    with dry_runs.beside(called, changed, [DEPLOYED]):
        pass
    assert await dry_runs.judge(CALL, changed, [DEPLOYED]) == "valid"
    (once,) = noted.read_text().splitlines()
    assert flag in once.split()
    assert "--is-upgrade" in once.split()


async def test_a_configuration_that_renders_to_known_shapes_is_not_asked_the_cluster_about(
    tmp_path: Path,
) -> None:
    dry_runs, noted = runs(tmp_path, "v4.3.0", f"echo '{SERVICE}'", ON_RECORD)
    assert await dry_runs.judge(CALL, replace(SPEC, config="def"), [DEPLOYED]) == "valid"
    (once,) = noted.read_text().splitlines()
    assert "--is-upgrade" in once.split()
    assert "--dry-run=server" not in once


@pytest.mark.parametrize(
    ("rendered", "judgement"),
    [
        (f"echo '{SERVICE}\nspec: {{}}'", "valid"),
        ("true", "chart-empty"),
        ("echo '{'", "unknown"),
        ("exit 1", "unknown"),
    ],
)
async def test_what_renders_to_anything_else_is_run_against_the_cluster(
    tmp_path: Path, rendered: str, judgement: str
) -> None:
    dry_runs, noted = runs(tmp_path, "v4.3.0", rendered, ON_RECORD)
    assert said(await dry_runs.judge(CALL, replace(SPEC, config="def"), [DEPLOYED])) == judgement
    assert "--dry-run=server" in noted.read_text().splitlines()[-1]


@pytest.mark.parametrize("known", [None, Content(({"kind": "Pod", "spec": "other"},))])
@pytest.mark.parametrize(
    ("images", "judgement"),
    [
        ("theirs:1", "image-unused"),
        ("r/app:1", "image-unused"),
        ("theirs:1 r/app:0a1b", "valid"),
        ("mirror.example/app:0a1b", "valid"),
        ("r/app@sha256:2c3d", "valid"),
        ("", "valid"),
    ],
)
async def test_a_chart_none_of_whose_containers_runs_what_was_built_is_a_fault(
    tmp_path: Path, images: str, judgement: str, known: Content | None
) -> None:
    containers = [{"name": "c", "image": image} for image in images.split()]
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app"}}
    rendered = json.dumps({**pod, "spec": {"containers": containers}})
    dry_runs, _ = runs(tmp_path, "v4.3.0", f"echo '{rendered}'", known)
    call = replace(CALL, image=Image("r/app", "0a1b", "sha256:2c3d"))
    judged = await dry_runs.judge(call, replace(SPEC, config="def"), [DEPLOYED])
    assert said(judged) == judgement


async def test_a_run_for_another_configuration_does_not_count(tmp_path: Path) -> None:
    dry_runs, noted = runs(tmp_path, "v4.0.0", "true")
    with dry_runs.beside(called, SPEC, []):
        pass
    assert said(await dry_runs.judge(CALL, replace(SPEC, config="def"), [])) == "chart-empty"
    assert len(noted.read_text().splitlines()) <= 2


async def test_a_run_that_fails_leaves_the_judgement_to_the_upgrade(tmp_path: Path) -> None:
    dry_runs, _ = runs(tmp_path, "v4.0.0", "exit 1")
    assert await dry_runs.judge(CALL, SPEC, []) == "unknown"


async def test_a_build_that_fails_ends_its_run(tmp_path: Path) -> None:
    dry_runs, _ = runs(tmp_path, "v4.0.0", "exec sleep 1000")
    begun = list[asyncio.Task[object]]()

    def build() -> None:
        before = asyncio.all_tasks()
        with dry_runs.beside(called, SPEC, []):
            begun.extend(asyncio.all_tasks() - before)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        build()
    (task,) = begun
    with pytest.raises(asyncio.CancelledError):
        await task
