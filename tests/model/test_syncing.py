"""When saved files may be copied into what runs: never while that is not known to hold the tree."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import events
from tui.model import events as e
from tui.model.changes import Change
from tui.model.commands import Rollback, Up
from tui.model.decide import Start
from tui.model.faults import Fault
from tui.model.images import Image
from tui.model.reduce import reduce
from tui.model.releases import Release
from tui.model.rollouts import Container, Pod, Rollout, Verdict
from tui.model.state import State
from tui.model.synced import Incarnation
from tui.model.syncing import count_synced, incarnations, lost_pods, may_sync

SAVE = Start(Up("save"), "save", ("a.html",), 1.0)
IMAGE = Image("registry/app", "abc")
APP = Container("app", running=True, ready=True, started=5.0, image="registry/app:abc")


def rollout(*pods: Pod, revision: int = 3) -> Rollout:
    return Rollout(revision, revision, pods=pods)


def pod(name: str, *containers: Container, revision: int = 3) -> Pod:
    return Pod(name, revision, "Running", containers)


def after(*told: e.Event, state: State | None = None) -> State:
    now = state or State(releases=(Release(3, IMAGE),))
    for number, event in enumerate(told):
        now = reduce(now, e.Stamped(number, 100.0, event))
    return now


RUNS = e.RolloutObserved(rollout(pod("app-1", APP)), Verdict("ready"))
BUILT = (e.IterationStarted(3, "save"), e.IterationFinished(3, "ready", 1.0, 3), RUNS)
SYNCED = e.FilesSynced(3, ("a.html",), (Incarnation("app-1", "app", 5.0),), 0.2)


def test_a_save_after_a_good_iteration_may_be_synced() -> None:
    assert may_sync(after(*BUILT), SAVE)
    assert may_sync(after(e.IterationStarted(3, "key"), *BUILT[1:]), SAVE)
    unchanged = e.IterationFinished(3, "unchanged", 0.1, 3)
    assert may_sync(after(e.IterationStarted(3, "key"), unchanged, RUNS), SAVE)
    assert may_sync(after(*BUILT, SYNCED), SAVE)


def test_nothing_but_a_save_is_synced() -> None:
    for start in (
        Start(Up("key"), "key", ("a.html",)),
        Start(Up("command"), "command"),
        Start(Up("resume"), "resume", ("a.html",)),
        Start(Rollback(), "rollback"),
    ):
        assert not may_sync(after(*BUILT), start)


def test_nothing_is_synced_into_what_was_not_built_from_the_tree() -> None:
    for told in (
        (RUNS,),
        (e.IterationStarted(3, "rollback"), *BUILT[1:]),
        (e.IterationStarted(3, "save"), e.IterationFinished(3, "failed", 1.0, 3), RUNS),
        (e.IterationStarted(3, "save"), e.IterationFinished(3, "superseded", 1.0, 3), RUNS),
        (*BUILT, e.IterationStarted(4, "save")),
        (*BUILT, e.HeldChangesDropped()),
        (*BUILT, e.SyncFailed(3, Fault("sync-failed", "no"))),
        (*BUILT, SYNCED, e.SyncedFilesLost(3, ("a.html",), ("app-1",))),
        (*BUILT, e.RolloutObserved(rollout(revision=4), Verdict("ready"))),
        (*BUILT, e.RolloutObserved(replace(RUNS.rollout, serving=2), Verdict("ready"))),
        (*BUILT, e.RolloutObserved(RUNS.rollout, Verdict("failed", "crash-loop"))),
        (*BUILT, e.RolloutObserved(replace(RUNS.rollout, lost_since=9.0), Verdict("ready"))),
        (*BUILT, e.DeletionStarted()),
    ):
        assert not may_sync(after(*told), SAVE), told


@given(st.lists(events, max_size=6))
def test_only_a_good_iteration_of_the_tree_makes_syncing_possible(told: list[e.Event]) -> None:
    ends = [one for one in told if isinstance(one, e.IterationFinished)]
    if not any(one.outcome in {"ready", "deployed", "unchanged"} for one in ends):
        assert not may_sync(after(*told), SAVE)


def test_only_the_apps_own_containers_are_synced_into() -> None:
    others = (
        replace(APP, name="init", kind="init"),
        replace(APP, name="down", running=False),
        replace(APP, name="redis", image="registry/app-cache:abc"),
        replace(APP, name="digest", image="registry/app@sha256:1"),
        replace(APP, name="engine", image="sha256:1"),
    )
    pods = (pod("app-1", APP, *others), pod("app-0", APP, revision=2))
    gone = replace(pod("app-2", APP), phase="Terminating")
    state = after(*BUILT, e.RolloutObserved(rollout(*pods, gone), Verdict("ready")))
    found = [(one.pod, one.container) for one in incarnations(state, 3)]
    assert found == [("app-1", "app"), ("app-1", "digest"), ("app-1", "engine")]


def test_a_container_started_since_has_lost_what_was_synced() -> None:
    synced = after(*BUILT, SYNCED)
    assert lost_pods(synced) == ()
    later = replace(APP, started=9.0)
    for running, lost in (
        ((pod("app-1", replace(APP, ready=False)),), ()),
        ((pod("app-1", replace(APP, running=False)),), ()),
        ((pod("app-1", later),), ("app-1",)),
        ((pod("app-1", APP), pod("app-2", later)), ("app-2",)),
        ((pod("app-2", later, revision=2),), ()),
        ((), ()),
    ):
        picture = e.RolloutObserved(rollout(*running), Verdict("ready"))
        assert lost_pods(after(picture, state=synced)) == lost


def test_nothing_is_lost_while_nothing_can_be_seen_or_once_something_else_was_released() -> None:
    seen = rollout(pod("app-2", APP))
    away = e.RolloutObserved(replace(seen, lost_since=1.0), Verdict("ready"))
    assert lost_pods(after(*BUILT, SYNCED, away)) == ()
    released = e.ReleaseStarted(4, Release(4, IMAGE))
    here = e.RolloutObserved(seen, Verdict("ready"))
    assert lost_pods(after(*BUILT, SYNCED, e.IterationStarted(4, "key"), released, here)) == ()


def test_rows_tell_a_sync_from_waiting_to_synced_and_back() -> None:
    saved = e.FilesChanged((Change("a.html", "modified"), Change("b.html", "modified")))
    told = (*BUILT, saved, e.SyncStarted(3, ("a.html",)))
    assert [row.result for row in after(*told).changes] == ["syncing", "waiting"]
    row = after(*told, SYNCED).changes[0]
    assert (row.result, row.seconds) == ("synced", 0.2)
    lost = e.SyncedFilesLost(3, ("a.html",), ("app-1",))
    assert after(*told, SYNCED, lost).changes[0].result == "waiting"
    failed = e.SyncFailed(3, Fault("sync-failed", "no"))
    assert after(*told, failed).changes[0].result == "waiting"
    assert after(*told, SYNCED, lost, e.IterationStarted(4, "save")).changes[0].result == "building"


def test_what_is_in_no_image_is_counted_for_as_long_as_it_serves() -> None:
    assert count_synced(after(*BUILT)) == ""
    synced = after(*BUILT, SYNCED, replace(SYNCED, paths=("b.html", "a.html")))
    assert count_synced(synced) == "2 synced"
    assert count_synced(after(e.ReleaseStarted(4, Release(4, IMAGE)), state=synced)) == ""
    anew = State(releases=(Release(3, IMAGE, synced=True),))
    assert count_synced(after(RUNS, state=anew)) == "files synced"


def test_what_was_synced_before_the_last_build_is_not_taken_back() -> None:
    saved = e.FilesChanged((Change("a.html", "modified"),))
    synced = (saved, e.SyncStarted(3, ("a.html",)), SYNCED)
    state = after(*BUILT, *synced, *BUILT, *synced)
    lost = e.SyncedFilesLost(3, ("a.html",), ("app-1",))
    assert [row.result for row in after(lost, state=state).changes] == ["waiting", "synced"]
