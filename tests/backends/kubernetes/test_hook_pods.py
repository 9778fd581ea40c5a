"""Which pods are taken for those of the release's hooks; helm's answer is played."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.cluster import eventually
from tests.situations.recordings import objects_of
from tui.backends.kubernetes.hook_pods import TRIES, HookPods
from tui.backends.kubernetes.objects import Objects
from tui.backends.kubernetes.picture.wanted import Member, Wanted
from tui.model.faults import Fault, FaultError

MADE = 1_700_000_000
"""2023-11-14T22:13:20Z"""
MIGRATE: Member = ("Job", "migrate")
TEST: Member = ("Pod", "test")


def hooked(kind: str, name: str, uid: str, second: int = 20, **more: Any) -> dict[str, Any]:
    """Return a hook that was made at a second of the minute of MADE."""
    metadata = {
        "name": name,
        "uid": uid,
        "creationTimestamp": f"2023-11-14T22:13:{second}Z",
        "annotations": {"helm.sh/hook": "pre-upgrade"},
    }
    return {"kind": kind, "metadata": metadata | more}


def pod_of(owner: str) -> dict[str, Any]:
    owners = [{"uid": owner, "controller": True}]
    metadata = {"name": f"pod-of-{owner}", "uid": f"pod-{owner}", "ownerReferences": owners}
    return {"kind": "Pod", "metadata": metadata}


def wanted(latest: int, second: int = 20) -> Wanted:
    return Wanted(latest, frozenset(), latest=latest, made=MADE + second - 20)


class Helm:
    """Tells of the hooks of the newest release; fails at first as often as it is told to."""

    def __init__(self, *hooks: Member, failing: int = 0, code: str = "helm-failed") -> None:
        self.hooks, self.failing, self.code, self.asked = hooks, failing, code, 0
        self.answers = asyncio.Event()
        self.answers.set()

    async def read(self) -> tuple[Member, ...]:
        self.asked += 1
        await self.answers.wait()
        if self.asked <= self.failing:
            raise FaultError(Fault(self.code, "out of reach"))
        return self.hooks


class Looks:
    """Looks at objects whenever there is news, as the collector does."""

    def __init__(self, helm: Helm) -> None:
        self.notes: list[str] = []
        self.pods = HookPods("app", helm.read, self.look, self.notes.append)
        self.objects, self.wanted = Objects(), wanted(1)
        self.found: Mapping[str, int] = {}

    def look(self) -> None:
        found = self.pods.of(self.objects, self.wanted)
        self.found = {pod["metadata"]["name"]: revision for pod, revision in found}

    def see(self, *objects: dict[str, Any]) -> None:
        self.objects = objects_of(objects)
        self.look()

    async def at(self, *objects: dict[str, Any], at: Wanted | None = None) -> Mapping[str, int]:
        """Return the revisions by pod, once it is known whose each of these is."""
        self.wanted = at or self.wanted
        self.see(*objects)
        await asyncio.sleep(0)
        await asyncio.wait_for(self.pods.known.wait(), 5)
        return self.found


@asynccontextmanager
async def looking(helm: Helm) -> AsyncIterator[Looks]:
    looks = Looks(helm)
    task = asyncio.create_task(looks.pods.ask())
    try:
        yield looks
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.backends.kubernetes.hook_pods.pause", lambda failures: 0.0)
    monkeypatch.setattr("tui.backends.kubernetes.hook_pods.RARELY", 0.0)


async def test_pods_of_its_jobs_and_pods_that_are_hooks_themselves_are_the_release_s() -> None:
    async with looking(Helm(MIGRATE, TEST)) as looks:
        theirs = hooked("Job", "their-job", "theirs")
        found = await looks.at(
            *(hooked("Job", "migrate", "m"), pod_of("m"), hooked("Pod", "test", "t")),
            *(theirs, pod_of("theirs"), pod_of("no-hook"), hooked("Service", "test", "s")),
            hooked("Job", "migrate", "o", labels={"app.kubernetes.io/instance": "other"}),
            pod_of("o"),
        )
    assert found == {"pod-of-m": 1, "test": 1}


async def test_nobody_is_asked_where_nothing_says_that_it_is_a_hook() -> None:
    helm = Helm(MIGRATE)
    async with looking(helm) as looks:
        assert await looks.at(pod_of("m"), hooked("Job", "migrate", "m", annotations=None)) == {}
    assert helm.asked == 0


async def test_it_is_asked_once_for_each_that_is_not_known() -> None:
    helm = Helm(MIGRATE)
    objects = [hooked("Job", "migrate", "m"), hooked("Job", "their-job", "theirs"), pod_of("m")]
    async with looking(helm) as looks:
        await looks.at(*objects)
        for _ in range(3):
            assert await looks.at(*objects) == {"pod-of-m": 1}
        assert helm.asked == 1
        again = hooked("Job", "migrate", "again")  # before-hook-creation: made anew
        assert await looks.at(again, pod_of("again")) == {"pod-of-again": 1}
        assert helm.asked == 1
        await looks.at(again, hooked("Job", "their-job", "another-of-theirs"))
        assert helm.asked == 2


async def test_a_hook_s_pod_that_says_it_is_a_hook_as_well_is_not_asked_about() -> None:
    helm = Helm(MIGRATE)
    pod = pod_of("m")
    pod["metadata"]["annotations"] = {"helm.sh/hook": "pre-upgrade"}
    async with looking(helm) as looks:
        await looks.at(hooked("Job", "migrate", "m"))
        assert await looks.at(hooked("Job", "migrate", "m"), pod) == {"pod-of-m": 1}
    assert helm.asked == 1


async def test_while_it_is_being_asked_that_is_not_known() -> None:
    helm = Helm(MIGRATE)
    helm.answers.clear()
    async with looking(helm) as looks:
        looks.see(hooked("Job", "migrate", "m"), pod_of("m"))
        await eventually(lambda: helm.asked)
        assert (looks.found, looks.pods.known.is_set()) == ({}, False)


async def test_a_pod_is_its_hook_s_also_when_helm_has_removed_that() -> None:
    helm = Helm(MIGRATE)
    helm.answers.clear()
    async with looking(helm) as looks:
        looks.see(hooked("Job", "migrate", "m"))
        await eventually(lambda: helm.asked)
        looks.see(pod_of("m"))
        helm.answers.set()
        await asyncio.wait_for(looks.pods.known.wait(), 5)
        assert looks.found == {"pod-of-m": 1}
        assert looks.notes == []
        assert await looks.at(pod_of("m")) == {"pod-of-m": 1}


@pytest.mark.parametrize(("hook", "notes"), [(MIGRATE, 1), (TEST, 0)])
async def test_a_hook_of_ours_that_is_gone_with_its_pods_before_it_is_known_is_told(
    hook: Member, notes: int
) -> None:
    helm = Helm(hook)
    helm.answers.clear()
    async with looking(helm) as looks:
        looks.see(hooked("Job", "migrate", "m"), pod_of("m"))
        await eventually(lambda: helm.asked)
        looks.see()
        helm.answers.set()
        await asyncio.wait_for(looks.pods.known.wait(), 5)
        assert len(looks.notes) == notes
        assert all("Job migrate, a hook" in note for note in looks.notes)


async def test_a_hook_stays_one_of_the_revision_that_it_was_run_for() -> None:
    migrate = [hooked("Job", "migrate", "m", 20), pod_of("m")]
    async with looking(Helm(MIGRATE)) as looks:
        assert await looks.at(*migrate, at=wanted(3, 20)) == {"pod-of-m": 3}
        assert await looks.at(*migrate, at=wanted(4, 21)) == {"pod-of-m": 3}
        deleted = Wanted(0, frozenset(), deleted=True)
        assert await looks.at(*migrate, at=deleted) == {"pod-of-m": 3}


async def test_of_a_hook_from_before_the_newest_release_it_is_not_known_which_it_was_run_for() -> (
    None
):
    migrate = [hooked("Job", "migrate", "m", 20), pod_of("m")]
    async with looking(Helm(MIGRATE)) as looks:
        assert await looks.at(*migrate, at=wanted(4, 21)) == {"pod-of-m": 0}


@pytest.mark.parametrize(
    ("failing", "code", "found", "notes"),
    [
        (TRIES - 1, "helm-failed", {"pod-of-m": 1}, 0),
        (TRIES + 1, "helm-failed", {"pod-of-m": 1}, 1),
        (1, "helm-missing", {}, 0),
    ],
)
async def test_helm_is_asked_until_it_tells_and_that_it_does_not_is_told(
    failing: int, code: str, found: Mapping[str, int], notes: int
) -> None:
    async with looking(Helm(MIGRATE, failing=failing, code=code)) as looks:
        assert await looks.at(hooked("Job", "migrate", "m"), pod_of("m")) == found
        assert len(looks.notes) == notes
