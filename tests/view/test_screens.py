"""The screens that ask and show."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, OptionList

from tests.view import situations
from tests.view.scripted import ScriptedScaffolder
from tests.view.stage import MISSING, PATIENCE, Stage, staged
from tui.model import events as e
from tui.model.changes import Commit
from tui.model.commands import Command, DropHeld, PauseWatch, ReleaseHeld, Rollback
from tui.model.faults import Fault
from tui.model.places import PLACE_CHANGED
from tui.model.proposals import Proposal, Target
from tui.scaffold.scaffolder import ProjectScaffolder
from tui.view.screens.asking import ConfirmScreen, HeldScreen
from tui.view.screens.create import CreateScreen
from tui.view.screens.history import HistoryScreen
from tui.view.screens.rollback import RollbackScreen

MISSING_AT = (120, 50)


async def looked(stage: Stage) -> None:
    """Open the create screen and wait until it has looked at the project."""
    await stage.press("c")
    await stage.shows("draft.toml", "Write")


async def typed(stage: Stage, field: str, text: str) -> None:
    """Replace what is in a field of the create screen."""
    stage.app.screen.query_one(f"#{field}").focus()
    await stage.press("end", "ctrl+u", *text)


async def test_create_shows_the_evidence_and_every_file_as_a_diff() -> None:
    async with staged(None, fault=MISSING, size=MISSING_AT) as stage:
        await looked(stage)
        await stage.shows(
            "python flask",
            "requirements.txt  lists pip's dependencies  +60",
            "or static",
            '+name = "greeter"',
            "Dockerfile  differs from yours",
            "-USER app",
            ".dockerignore  as it is",
        )


async def test_create_overwrites_only_after_a_question() -> None:
    async with staged(None, fault=MISSING) as stage:
        await looked(stage)
        await stage.press("ctrl+s")
        await stage.shows("These are there and differ: Dockerfile")
        await stage.press("n")
        assert stage.scaffolder.written == []
        assert isinstance(stage.app.screen, CreateScreen)
        await stage.press("ctrl+s")
        await stage.until(lambda: isinstance(stage.app.screen, ConfirmScreen))
        await stage.press("y")
        await stage.until(lambda: not stage.app.is_running)
        assert stage.scaffolder.written == [(situations.PROPOSAL, True)]
        assert stage.app.return_value == "create"


async def test_create_writes_at_once_where_nothing_is_overwritten() -> None:
    async with staged(None, fault=MISSING, scaffolder=ScriptedScaffolder(situations.NEW)) as stage:
        await looked(stage)
        await stage.pilot.click("#write")
        await stage.until(lambda: not stage.app.is_running)
        assert stage.scaffolder.written == [(situations.NEW, False)]


async def test_create_asks_again_only_for_what_the_user_typed() -> None:
    async with staged(None, fault=MISSING) as stage:
        await looked(stage)
        await typed(stage, "port", "8000")
        await stage.until(lambda: ("", "", 8000, "") in stage.scaffolder.asked)
        await typed(stage, "pack", "static")
        await stage.until(lambda: stage.scaffolder.asked[-1] == ("static", "", 8000, ""))


async def test_create_asks_where_it_is_to_run() -> None:
    async with staged(None, fault=MISSING) as stage:
        await looked(stage)
        await typed(stage, "backend", "kubernetes")
        await typed(stage, "registry", "ghcr.io/ada")
        wanted = Target("kubernetes", registry="ghcr.io/ada")
        await stage.until(lambda: stage.scaffolder.targets[-1] == wanted)


class Waiting(ScriptedScaffolder):
    """Looks at the project for as long as it is to."""

    def __init__(self, proposal: Proposal | None) -> None:
        super().__init__(proposal)
        self.go = threading.Event()

    def propose(self, *arguments: Any) -> Proposal:
        try:
            return super().propose(*arguments)
        finally:
            self.go.wait(PATIENCE)


async def test_create_leaves_what_is_typed_while_it_looks() -> None:
    scaffolder = Waiting(situations.NEW)
    async with staged(None, fault=MISSING, scaffolder=scaffolder) as stage:
        scaffolder.go.set()
        await looked(stage)
        scaffolder.go.clear()
        await typed(stage, "registry", "h")
        await stage.until(lambda: scaffolder.targets[-1].registry == "h")
        await stage.press(*"ost ")
        scaffolder.go.set()
        await stage.until(lambda: scaffolder.targets[-1].registry == "host")
        screen = stage.app.screen
        assert isinstance(screen, CreateScreen)
        await stage.until(lambda: not screen._edited())
        assert screen.query_one("#registry", Input).value == "host "


async def test_create_asks_for_what_is_typed_before_it_tells_a_fault() -> None:
    scaffolder = Waiting(None)
    async with staged(None, fault=MISSING, scaffolder=scaffolder) as stage:
        await stage.press("c")
        await stage.until(lambda: scaffolder.asked)
        await typed(stage, "pack", "x")
        scaffolder.go.set()
        await stage.until(lambda: scaffolder.asked[-1][0] == "x")


async def test_create_completes_the_name_of_a_backend() -> None:
    async with staged(None, fault=MISSING) as stage:
        await looked(stage)
        field = stage.app.screen.query_one("#backend", Input)
        field.value = ""
        field.focus()
        await stage.press("k")
        await stage.until(lambda: "kubernetes" in stage.text())
        await stage.press("right")
        assert field.value == "kubernetes"


async def test_create_tells_a_backend_that_is_none() -> None:
    async with staged(None, fault=MISSING) as stage:
        await looked(stage)
        await typed(stage, "backend", "heroku")
        await stage.shows("heroku is no backend", "use local, docker, kubernetes")


async def test_create_writes_nothing_that_was_not_on_the_screen() -> None:
    async with staged(None, fault=MISSING, scaffolder=ScriptedScaffolder(situations.NEW)) as stage:
        await looked(stage)
        await typed(stage, "name", "other")
        await stage.press("ctrl+s")
        assert stage.scaffolder.written == []
        assert stage.words() == ["the preview follows what you typed: look at it first"]


@pytest.mark.parametrize("port", ["0", "65536", "http", "٣"])
async def test_create_tells_a_port_that_is_none(port: str) -> None:
    async with staged(None, fault=MISSING) as stage:
        await looked(stage)
        await typed(stage, "port", port)
        await stage.shows(f"{port} is no port", "1 to 65535")


async def test_create_tells_why_nothing_fits_and_stays() -> None:
    async with staged(None, fault=MISSING, scaffolder=ScriptedScaffolder(None)) as stage:
        await stage.press("c")
        await stage.shows("no pack fits this project", "name one with --pack")
        await stage.press("ctrl+s")
        assert isinstance(stage.app.screen, CreateScreen)


async def test_create_speaks_of_its_fields_and_not_of_options(tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text("print(1)\n")
    proposal = ProjectScaffolder(tmp_path).propose()
    async with staged(
        None, fault=MISSING, scaffolder=ScriptedScaffolder(proposal), size=(120, 40)
    ) as stage:
        await stage.press("c")
        await stage.shows("it seems to open no port: give one if it does")
        assert "--pack" not in stage.text()


async def test_cancel_leaves_create_without_writing() -> None:
    async with staged(None, fault=MISSING) as stage:
        await looked(stage)
        await stage.pilot.click("#cancel")
        assert len(stage.app.screen_stack) == 1
        assert stage.scaffolder.written == []


async def test_history_shows_what_is_known_of_every_release_and_marks_the_present_one() -> None:
    async with staged(situations.CRASHING, size=(160, 40)) as stage:
        await stage.press("h")
        await stage.shows("✖ crash-loop", "4be1d6c+ main", "app.py, templates/index.html")
        now = next(line for line in stage.text().splitlines() if "● now" in line)
        assert " 15 " in now
        assert "✔ ready" in now


async def test_enter_in_the_history_previews_a_rollback_to_that_release() -> None:
    async with staged(situations.GOOD) as stage:
        await stage.press("h", "down", "down", "down")
        await stage.shows("ada@lovelace", "greeter:5b91c07d2e6f3a18")
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, RollbackScreen))
        assert stage.engine.compared == [(15, 12)]
        await stage.press("enter")
        assert stage.engine.submitted == [Rollback(12)]


async def test_the_history_does_not_go_back_to_where_we_are() -> None:
    async with staged(situations.GOOD) as stage:
        await stage.press("h")
        await stage.until(lambda: isinstance(stage.app.screen, HistoryScreen))
        await stage.press("enter")
        assert stage.words() == ["revision 15 is the present one"]


async def test_rollback_shows_files_and_settings_that_differ() -> None:
    async with staged(situations.CRASHING, size=(120, 40)) as stage:
        await stage.press("r")
        await stage.shows(
            "Roll back from revision 16 to 15",
            "replicas  2 → 3",
            "env GREETING  Hello → not set",
            "app.py  modified  +1  -2",
            "-import redis",
            "static/logo.png  added",
            "binary or too large to compare",
            "templates/old.html  deleted",
        )


async def test_a_rollback_without_a_snapshot_to_compare_says_so_and_is_possible() -> None:
    async with staged(situations.GOOD) as stage:
        stage.engine.lose_snapshots()
        await stage.press("r")
        await stage.shows("the snapshot of revision 15 was pruned")
        await stage.pilot.click("#yes")
        assert stage.engine.submitted == [Rollback(14)]


async def test_a_difference_longer_than_the_screen_can_be_scrolled() -> None:
    async with staged(situations.GOOD, size=(80, 24)) as stage:
        await stage.press("r")
        await stage.shows("replicas")
        await stage.press("end")
        await stage.shows("-</h1>")


async def test_a_release_while_a_rollback_is_asked_about_is_what_is_compared_and_left() -> None:
    async with staged(situations.GOOD) as stage:
        await stage.press("r")
        await stage.shows("Roll back from revision 15 to 14")
        stage.engine.tell(e.ReleaseFinished(16, situations.release(16)))
        await stage.shows("Roll back from revision 16 to 14")
        await stage.until(lambda: stage.engine.compared == [(15, 14), (16, 14)])
        await stage.press("enter")
        assert stage.engine.submitted == [Rollback(14)]


async def test_the_history_shows_what_is_released_while_it_is_open_and_keeps_its_cursor() -> None:
    async with staged(situations.GOOD, size=(160, 40)) as stage:
        await stage.press("h", "down")
        await stage.shows("greeter:0f6d9a71c3b2e845")
        stage.engine.tell(e.ReleaseFinished(16, situations.release(16)))
        await stage.shows(" 16 ")
        await stage.press("enter")
        await stage.shows("Roll back from revision 16 to 14")


async def test_held_changes_are_counted_while_they_are_asked_about_and_not_when_let_go() -> None:
    async with staged(situations.GOOD) as stage:
        stage.engine.tell(e.ChangesHeld("mass-change", 1204))
        await stage.shows("1,204 files have changed")
        stage.engine.tell(e.ChangesHeld("mass-change", 1300))
        await stage.shows("1,300 files have changed")
        stage.engine.tell(e.HeldChangesReleased())
        await stage.until(lambda: len(stage.app.screen_stack) == 1)
        assert stage.engine.submitted == []


@pytest.mark.parametrize("key", ["/", "h"])
async def test_no_key_that_is_meant_for_something_else_decides_about_held_changes(key: str) -> None:
    async with staged(situations.GOOD) as stage:
        await stage.press(key)
        depth = len(stage.app.screen_stack)
        stage.engine.tell(e.ChangesHeld("mass-change", 1204))
        await stage.until(lambda: "changes are held: decide about them with b" in stage.words())
        await stage.press("d", "b", "p")
        assert stage.engine.submitted == []
        assert len(stage.app.screen_stack) == depth


HELD: dict[str, Command] = {"b": ReleaseHeld(), "d": DropHeld(), "p": PauseWatch()}


@pytest.mark.parametrize("key", HELD)
async def test_held_changes_are_asked_about_once_and_answered_by_a_key(key: str) -> None:
    async with staged(situations.GOOD) as stage:
        stage.engine.tell(e.ChangesHeld("mass-change", 1204))
        await stage.shows("1,204 files have changed: more than one save does")
        await stage.press(key)
        assert stage.engine.submitted == [HELD[key]]
        stage.engine.tell(e.Noticed("something else"))
        await stage.until(lambda: "something else" in stage.words())
        assert len(stage.app.screen_stack) == 1


async def test_a_decision_put_off_can_be_taken_later() -> None:
    async with staged(situations.GOOD) as stage:
        stage.engine.tell(
            e.FilesChanged((), Commit("1234567", "feature/[x]")), e.ChangesHeld("branch-switch", 1)
        )
        await stage.shows("1 file has changed: git now stands on feature/[x]")
        await stage.press("escape")
        await stage.shows("b Held", "‖ 1 held: branch switch")
        await stage.press("b")
        assert isinstance(stage.app.screen, HeldScreen)
        await stage.pilot.click("#build")
        assert stage.engine.submitted == [ReleaseHeld()]


@pytest.mark.parametrize("key", ["e", "b"])
async def test_a_question_of_a_line_or_two_is_asked_in_a_small_box(key: str) -> None:
    async with staged(situations.GOOD, size=(160, 40)) as stage:
        stage.engine.tell(e.ChangesHeld("mass-change", 1204))
        await stage.shows("1,204 files have changed")
        await stage.press("escape", key)
        assert stage.app.screen.query_one(".box").outer_size.width == 76
        assert not any(options.styles.border for options in stage.app.screen.query(OptionList))


async def test_another_environment_is_opened_by_leaving_for_it() -> None:
    async with staged(situations.GOOD) as stage:
        await stage.press("e")
        await stage.shows("● development  now", "staging")
        await stage.press("down", "enter")
        assert stage.app.return_value == "environment:staging"


async def test_a_folder_that_is_gone_is_told_until_it_is_watched_again() -> None:
    gone = Fault("project-gone", "the folder is gone", "usage", remedy="bring it back")
    async with staged(situations.GOOD) as stage:
        stage.engine.tell(e.WatchFailed(gone))
        await stage.shows("✖ the folder is gone", "→ bring it back", "○ not watching")
        await stage.press("i")
        await stage.shows("the folder is gone")
        await stage.press("escape")
        stage.engine.tell(e.WatchStarted("native"))
        await stage.until(lambda: "→ bring it back" not in stage.text())
        await stage.press("i")
        await stage.until(lambda: "nothing is wrong" in stage.words())


MOVED = Fault(
    PLACE_CHANGED,
    "draft.toml now names another namespace, prod: what is open here is default",
    "usage",
    place="draft.toml:4",
    remedy="open it again (e)",
)


async def test_environments_that_draft_toml_comes_to_name_are_listed_at_once() -> None:
    async with staged(situations.GOOD) as stage:
        await stage.press("e", "down")
        stage.engine.tell(e.SettingsChanged("shop", ("development", "staging", "[b]third")))
        await stage.shows("[b]third", "redraft  shop")
        await stage.press("down", "enter")
        assert stage.app.return_value == "environment:[b]third"


async def test_an_environment_that_draft_toml_puts_elsewhere_can_be_opened_there() -> None:
    async with staged(situations.GOOD) as stage:
        stage.engine.tell(e.SettingsRefused(MOVED, ("development",)))
        await stage.shows("draft.toml:4: draft.toml now names", "→ open it again (e)", "e Env")
        await stage.press("i")
        await stage.shows("another namespace, prod: what is open here is default")
        await stage.press("escape", "e")
        await stage.shows("development  now; open it where draft.toml names now")
        await stage.press("enter")
        assert stage.app.return_value == "environment:development"


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_a_draft_toml_that_is_wrong_is_told_until_it_is_right_again(
    size: tuple[int, int],
) -> None:
    async with staged(situations.GOOD, size=size) as stage:
        wrong = replace(MOVED, code="config-unknown-key", sentence="no key `[b]prot`")
        stage.engine.tell(e.SettingsRefused(wrong))
        await stage.shows("draft.toml:4: no key `[b]prot`")
        assert "draft.toml:4: no key `[b]prot` (i tells more)" in stage.words()
        stage.app.clear_notifications()
        stage.engine.tell(e.SettingsChanged("greeter", ("development",), keys=("watch-delay",)))
        await stage.until(lambda: "no key" not in stage.text())
        assert "draft.toml is followed: watch-delay" in stage.words()


async def test_choosing_the_present_environment_stays() -> None:
    async with staged(situations.GOOD) as stage:
        await stage.press("e", "enter")
        assert stage.app.is_running


async def test_delete_asks_with_no_as_the_answer_at_hand() -> None:
    async with staged(situations.GOOD) as stage:
        await stage.press("D")
        await stage.shows("This stops greeter (development)", "Service [b]greeter")
        assert "purge" not in stage.text()
        await stage.press("p", "enter")
        assert stage.engine.submitted == []
        assert len(stage.app.screen_stack) == 1


async def test_why_shows_the_fault_of_a_build_that_failed() -> None:
    async with staged(situations.BUILD_FAILED) as stage:
        await stage.press("i")
        await stage.shows("What went wrong", "exited with code 1", "[build-step-failed]")


async def test_why_says_so_when_nothing_is_wrong() -> None:
    async with staged(situations.GOOD) as stage:
        await stage.press("i")
        assert stage.words() == ["nothing is wrong"]
