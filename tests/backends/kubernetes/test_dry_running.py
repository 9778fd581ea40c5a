import asyncio
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from tui.backends.kubernetes.dry_running import DryRuns, went_through
from tui.backends.kubernetes.records import Record, Ref
from tui.clients.helm.program import Program
from tui.clients.helm.verbs import ChartCall, Helm
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


def runs(folder: Path, version: str, rendered: str) -> tuple[DryRuns, Path]:
    """Return dry runs by a program in helm's place, and the file it notes its arguments in."""
    program, noted = folder / "helm", folder / "noted"
    noted.touch()
    program.write_text(
        f'#!/bin/sh\ncase "$*" in *version*) echo {version}; exit;; esac\n'
        f'echo "$*" >> {noted}\ncat > /dev/null\n{rendered}\n'
    )
    program.chmod(stat.S_IRWXU)
    helm = Helm(Program("here", "there", folder / "lock", str(program)))
    return DryRuns(helm, "app"), noted


def test_only_what_helm_deployed_with_this_very_configuration_went_through() -> None:
    assert went_through(SPEC, [DEPLOYED])
    assert not went_through(SPEC, [])
    assert not went_through(replace(SPEC, env=(("A", "1"),)), [DEPLOYED])
    assert not went_through(SPEC, [replace(DEPLOYED, helm_revision=0)])
    assert not went_through(SPEC, [replace(DEPLOYED, means="outside")])
    assert not went_through(SPEC, [replace(DEPLOYED, objects=())])


async def test_what_went_through_is_not_run_again(tmp_path: Path) -> None:
    dry_runs, noted = runs(tmp_path, "v4.0.0", "exit 1")
    with dry_runs.beside(CALL, SPEC, [DEPLOYED]):
        assert await dry_runs.judge(CALL, SPEC, [DEPLOYED]) == "valid"
    assert not noted.read_text()


@pytest.mark.parametrize(
    ("version", "flag"), [("v3.14.2", "--validate"), ("v4.3.0", "--dry-run=server")]
)
async def test_the_run_beside_the_build_is_the_one_that_is_judged_by(
    tmp_path: Path, version: str, flag: str
) -> None:
    rendered = "echo 'apiVersion: v1\nkind: Service\nmetadata: {name: app}'"
    dry_runs, noted = runs(tmp_path, version, rendered)
    changed = replace(SPEC, config="def")
    with dry_runs.beside(CALL, changed, [DEPLOYED]):
        pass
    assert await dry_runs.judge(CALL, changed, [DEPLOYED]) == "valid"
    (once,) = noted.read_text().splitlines()
    assert flag in once.split()
    assert "--is-upgrade" in once.split()


async def test_a_run_for_another_configuration_does_not_count(tmp_path: Path) -> None:
    dry_runs, noted = runs(tmp_path, "v4.0.0", "true")
    with dry_runs.beside(CALL, SPEC, []):
        pass
    assert await dry_runs.judge(CALL, replace(SPEC, config="def"), []) == "empty"
    assert len(noted.read_text().splitlines()) <= 2


async def test_a_run_that_fails_leaves_the_judgement_to_the_upgrade(tmp_path: Path) -> None:
    dry_runs, _ = runs(tmp_path, "v4.0.0", "exit 1")
    assert await dry_runs.judge(CALL, SPEC, []) == "unknown"


async def test_a_build_that_fails_ends_its_run(tmp_path: Path) -> None:
    dry_runs, _ = runs(tmp_path, "v4.0.0", "exec sleep 1000")
    begun = list[asyncio.Task[object]]()

    def build() -> None:
        before = asyncio.all_tasks()
        with dry_runs.beside(CALL, SPEC, []):
            begun.extend(asyncio.all_tasks() - before)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        build()
    (task,) = begun
    with pytest.raises(asyncio.CancelledError):
        await task
