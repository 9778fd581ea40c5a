"""Text from outside: file names, output, commit messages, faults. It is shown, never obeyed."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.view import situations as s
from tests.view.scripted import START, ScriptedScaffolder, Told
from tests.view.stage import MISSING, staged
from tui.model import events as e
from tui.model.changes import Change, Commit
from tui.model.faults import Fault
from tui.model.images import FileDifference, ReleaseDifference
from tui.model.proposals import Candidate, Clue, FilePlan
from tui.model.releases import Release
from tui.model.rollouts import Container, Rollout, Verdict, Workload
from tui.view.screens.proposing import present_proposal
from tui.view.screens.rollback import present_difference

SHOWN = "[bold]x␛]0;boo␇␊[/b]"
"""How the hostile text looks on the screen, as far as it is in the way of nothing."""
BAD = s.HOSTILE
FAULT = Fault("bad", BAD, evidence=(BAD,), place=BAD, remedy=BAD)
RELEASE = replace(
    s.release(15, cause=BAD, changed=(BAD,), user=BAD, host=BAD),
    image=replace(s.release(15).image, name=BAD, tag=BAD),
    commit=Commit(BAD, BAD),
)
ROLLOUT = Rollout(
    15,
    15,
    (Workload(BAD, BAD, 1),),
    (s.pod(BAD, 15, 5, containers=(Container(BAD, waiting=BAD, probe_message=BAD),)),),
    BAD,
)
EVERYWHERE: tuple[Told, ...] = (
    (0, e.ProjectOpened(BAD, BAD, BAD, BAD, BAD, BAD, environments=(BAD, "other"), pack=BAD)),
    (0, e.WatchStarted("polling", BAD)),
    (0, e.HistoryLoaded((s.release(14), RELEASE))),
    (0, e.FilesChanged((Change(BAD, "added"), Change(BAD, "added", BAD)), Commit(BAD, BAD))),
    (0, e.IterationStarted(15, "save", (BAD,), START)),
    (0, e.StageStarted(15, "build")),
    (0, e.StepStarted(15, "build", BAD)),
    (0, e.StepProgressed(15, "build", BAD, 1, 2, BAD)),
    (0, e.StepPrinted(15, "build", BAD, (BAD,))),
    (0, e.RolloutObserved(ROLLOUT, Verdict("failed", BAD, BAD, (BAD,), BAD))),
)
ENDED: tuple[Told, ...] = (
    *EVERYWHERE,
    (0, e.StepFinished(15, "build", BAD, 1.0, "failed", BAD)),
    (0, e.IterationFinished(15, "failed", 1.0, 15, FAULT)),
)


@pytest.mark.parametrize("told", [EVERYWHERE, ENDED], ids=["running", "failed"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_hostile_text_is_shown_harmlessly_everywhere(
    told: tuple[Told, ...], size: tuple[int, int]
) -> None:
    async with staged(told, size=size, notice=BAD, project=Path("/tmp") / BAD) as stage:
        for key in ("", "h", "r", "e", "i", "D"):
            if key:
                await stage.press(key)
            await stage.shows("[bold]x")
            assert all(c.isprintable() or c == "\n" for c in stage.text())
            await stage.press("escape")
        assert len(stage.app.screen_stack) == 1


async def test_a_hostile_file_name_is_shown_letter_by_letter() -> None:
    async with staged(s.FRESH, size=(200, 60)) as stage:
        stage.engine.tell(e.FilesChanged((Change(BAD, "modified"),)))
        await stage.shows(f"{SHOWN}\\u202e.py")


async def test_hostile_notices_are_plain_text() -> None:
    async with staged(s.FRESH) as stage:
        stage.engine.tell(e.Noticed(BAD), e.FaultRaised(FAULT), e.CommandRefused(BAD, BAD))
        await stage.until(lambda: len(stage.words()) == 3)
        await stage.shows("[bold]x")
        assert all(c.isprintable() or c == "\n" for c in stage.text())


async def test_a_hostile_project_name_can_be_opened() -> None:
    async with staged(None, project=Path("/tmp") / BAD) as stage:
        await stage.shows("redraft", "Rollout")
    async with staged(None, fault=FAULT, project=Path("/tmp") / BAD) as stage:
        await stage.shows(SHOWN)


async def test_a_hostile_proposal_is_shown_harmlessly() -> None:
    hostile = replace(
        s.PROPOSAL,
        name=BAD,
        candidates=(Candidate("python", BAD, 1, (Clue("python", BAD, BAD, 1),)),),
        files=(FilePlan(BAD, BAD, BAD + "old"),),
        notes=(BAD,),
    )
    assert "\x1b" not in present_proposal(hostile).plain
    async with staged(None, fault=MISSING, scaffolder=ScriptedScaffolder(hostile)) as stage:
        await stage.shows("This looks like python flask", "[bold]x")
        await stage.press("c")
        await stage.shows("differs from yours", "[bold]x")
        await stage.press("ctrl+s")
        await stage.shows("These are there and differ: [bold]x")


def test_a_hostile_difference_is_shown_harmlessly() -> None:
    diff = f"--- a\n+++ b\n@@ -1 +1 @@\n-{BAD}\n+{BAD}"
    shown = present_difference(ReleaseDifference((FileDifference(BAD, "modified", diff),)))
    assert "\x1b" not in shown.plain
    assert "[bold]x␛]0;boo␇" in shown.plain


def test_what_is_hostile_here_really_is() -> None:
    assert {"\x1b", "\x07", "\n", "\u202e"} <= set(BAD)
    assert isinstance(RELEASE, Release)
