"""What the cockpit says of files that were copied into what runs."""

from dataclasses import replace

from tests.view.situations import HISTORY, OPENED, pod, rollout
from tests.view.stage import staged
from tui.model import events as e
from tui.model.changes import Change
from tui.model.faults import Fault
from tui.model.rollouts import Verdict
from tui.model.synced import Incarnation

NEWEST = HISTORY[-1].revision
RUNS = e.RolloutObserved(rollout(NEWEST, (pod("greeter-1", NEWEST, 6.0),)), Verdict("ready"))
SAVED = e.FilesChanged((Change("templates/cart.html", "modified"), Change("a.css", "modified")))
PATHS = ("templates/cart.html", "a.css")
SYNCED = e.FilesSynced(NEWEST, PATHS, (Incarnation("greeter-1", "app", 0.0),), 0.3)


async def test_synced_files_are_told_with_their_seconds_and_as_in_no_image() -> None:
    async with staged(OPENED) as stage:
        stage.engine.tell(e.HistoryLoaded(HISTORY), RUNS, SAVED, e.SyncStarted(NEWEST, PATHS))
        await stage.shows("syncing")
        stage.engine.tell(SYNCED)
        await stage.shows("synced 0.3 s", "+ 2 synced", "+ 2 synced, in no image")


async def test_a_sync_that_failed_says_why_and_that_it_is_built() -> None:
    async with staged(OPENED) as stage:
        fault = Fault("sync-failed", "the saved files could not be copied into [b]x")
        stage.engine.tell(RUNS, SAVED, e.SyncStarted(NEWEST, PATHS), e.SyncFailed(NEWEST, fault))
        await stage.shows("could not be copied into [b]x (i tells", "waiting")


async def test_a_pod_that_lost_what_was_synced_is_told() -> None:
    async with staged(OPENED) as stage:
        lost = e.SyncedFilesLost(NEWEST, PATHS, ("greeter-1",))
        stage.engine.tell(e.HistoryLoaded(HISTORY), RUNS, SAVED, SYNCED, lost)
        await stage.shows("greeter-1 started without the 2 files synced")
        assert "+ 2 synced" not in stage.text()


async def test_the_preview_of_a_rollback_says_that_files_were_synced() -> None:
    async with staged(OPENED) as stage:
        marked = (*HISTORY[:-1], replace(HISTORY[-1], synced=True))
        stage.engine.tell(e.HistoryLoaded(marked), RUNS)
        await stage.press("r")
        await stage.shows(f"files were synced into revision {NEWEST} since it was built")
