"""Every key of the cockpit, pressed and clicked."""

import webbrowser
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.command import CommandList
from textual.screen import Screen

from tests.view import situations
from tests.view.listed import conversation
from tests.view.stage import MISSING, staged
from tui.model import events as e
from tui.model.commands import Cancel, Command, Delete, PauseWatch, ResumeWatch, Rollback, Up
from tui.view.actions import ACTIONS
from tui.view.keybar import KeyBar
from tui.view.logs.filter_bar import FilterBar
from tui.view.logs.pane import LogPane
from tui.view.panels.build import BuildPanel
from tui.view.panels.changes import ChangesPanel
from tui.view.panels.rollout import RolloutPanel
from tui.view.screens.asking import EnvironmentScreen
from tui.view.screens.create import CreateScreen
from tui.view.screens.deleting import DeleteScreen
from tui.view.screens.history import HistoryScreen
from tui.view.screens.reading import FaultScreen, HelpScreen
from tui.view.screens.rollback import RollbackScreen

SUBMITTED: dict[str, tuple[tuple[str, ...], Command]] = {
    "u": (("u",), Up()),
    "a": (("a",), Cancel()),
    "w": (("w",), PauseWatch()),
    "r": (("r", "enter"), Rollback(14)),
    "D": (("D", "y"), Delete()),
}


@pytest.mark.parametrize("key", SUBMITTED)
async def test_a_key_submits_its_command(key: str) -> None:
    pressed, command = SUBMITTED[key]
    async with staged(situations.BUILDING) as stage:
        stage.engine.tell(e.ReleaseFinished(15, situations.release(15)))
        await stage.until(lambda: stage.app.state.releases[-1].revision == 15)
        await stage.press(*pressed)
        assert stage.engine.submitted == [command]


SCREENS: dict[str, type[Screen[Any]]] = {
    "r": RollbackScreen,
    "h": HistoryScreen,
    "e": EnvironmentScreen,
    "c": CreateScreen,
    "D": DeleteScreen,
    "i": FaultScreen,
    "question_mark": HelpScreen,
}


@pytest.mark.parametrize("key", SCREENS)
async def test_a_key_opens_its_screen_and_escape_leaves_it_without_doing_anything(key: str) -> None:
    async with staged(situations.CRASHING) as stage:
        await stage.press(key)
        await stage.until(lambda: isinstance(stage.app.screen, SCREENS[key]))
        await stage.press("escape")
        assert len(stage.app.screen_stack) == 1
        assert stage.engine.submitted == []
        assert stage.app.is_running


async def test_w_resumes_what_was_paused_and_the_key_bar_says_so() -> None:
    async with staged(situations.GOOD) as stage:
        await stage.shows("w Pause", "● watching")
        stage.engine.tell(e.WatchPaused(), e.ChangesHeld("paused", 3))
        await stage.shows("w Resume", "‖ paused, 3 queued")
        await stage.press("w")
        assert stage.engine.submitted == [ResumeWatch()]


async def test_changes_that_queue_while_paused_are_not_asked_about() -> None:
    async with staged(situations.GOOD) as stage:
        stage.engine.tell(e.WatchPaused(), e.ChangesHeld("paused", 3))
        await stage.shows("3 queued")
        assert len(stage.app.screen_stack) == 1


async def test_l_gives_the_screen_to_the_logs_and_back() -> None:
    async with staged(situations.GOOD) as stage:
        panel, logs = stage.find(BuildPanel), stage.find(LogPane)
        await stage.press("tab", "l")
        assert not panel.region
        assert logs.region.height == 34
        assert stage.app.focused in logs.walk_children()
        await stage.press("l")
        assert panel.region


async def test_slash_opens_the_filter_of_the_logs() -> None:
    async with staged(situations.GOOD, logs=conversation()) as stage:
        await stage.press("slash")
        assert stage.find(FilterBar).has_focus_within


class Window(webbrowser.BaseBrowser):
    """A browser that can be opened."""

    def __init__(self) -> None:
        super().__init__("window")
        self.opened: list[str] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.opened.append(url)
        return True


async def test_o_opens_the_address_in_the_browser_and_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = Window()
    monkeypatch.setattr(webbrowser, "get", lambda: window)
    async with staged(situations.GOOD) as stage:
        await stage.press("o")
        await stage.until(stage.words)
        assert window.opened == [situations.URL]
        assert stage.words() == [f"opened {situations.URL}"]


async def test_o_leaves_the_terminal_alone_where_the_only_browser_is_made_of_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("false"))
    async with staged(situations.GOOD) as stage:
        await stage.press("o")
        await stage.until(stage.words)
        assert stage.words() == [f"no browser to open here: the app is at {situations.URL}"]


async def test_ctrl_p_offers_the_actions_that_can_act_now() -> None:
    async with staged(situations.FRESH) as stage:
        offered = {c.title for c in stage.app.get_system_commands(stage.app.screen)}
        assert {"Up", "Pause", "Create", "Delete"} <= offered
        assert not {"Rollback", "Open", "History", "Held"} & offered
        await stage.press("ctrl+p")
        assert len(stage.app.screen_stack) == 2


async def test_q_leaves_and_says_that_the_app_goes_on() -> None:
    async with staged(situations.GOOD) as stage:
        await stage.press("q")
        assert stage.app.return_value == ""
        (word,) = stage.app._exit_renderables
        assert str(word).startswith(f"greeter goes on running at {situations.URL}")


async def test_the_palette_and_textuals_own_key_leave_as_q_does() -> None:
    async with staged(situations.GOOD) as stage:
        await stage.press("ctrl+p", *"quit")
        found = stage.find(CommandList)
        await stage.until(
            lambda: [str(one.prompt).split("\n")[0] for one in found.options] == ["Quit"]
        )
        await stage.press("enter")
        await stage.until(lambda: stage.app._exit_renderables)
        assert "goes on running" in str(stage.app._exit_renderables[0])
    async with staged(situations.GOOD) as stage:
        await stage.press("ctrl+q")
        assert "goes on running" in str(stage.app._exit_renderables[0])


@pytest.mark.parametrize("there", [True, False])
async def test_a_picture_is_saved_where_there_is_a_folder_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "Downloads" if there else tmp_path
    folder.mkdir(exist_ok=True)
    async with staged(situations.GOOD) as stage:
        stage.app.deliver_screenshot()
        await stage.until(lambda: list(folder.glob("redraft*.svg")))
        await stage.until(lambda: any("Saved screenshot" in word for word in stage.words()))


async def test_q_says_what_was_held_back_and_never_built() -> None:
    async with staged(situations.GOOD) as stage:
        stage.engine.tell(e.WatchPaused(), e.ChangesHeld("paused", 2))
        await stage.shows("paused, 2 queued")
        await stage.press("q")
        (word,) = stage.app._exit_renderables
        assert "2 changed files are not built" in str(word)


async def test_q_leaves_without_a_question_while_an_iteration_runs_and_says_so() -> None:
    async with staged(situations.BUILDING) as stage:
        await stage.press("q")
        assert stage.app.return_value == ""
        (word,) = stage.app._exit_renderables
        assert str(word).endswith("the iteration under way was stopped")


REFUSED = {
    "r": "Rollback: there is no earlier good revision",
    "h": "History: nothing was released yet",
    "o": "Open: nothing answers yet",
    "b": "Held: no changes are held",
    "a": "Abort: nothing is being built",
}


@pytest.mark.parametrize("key", REFUSED)
async def test_a_key_that_cannot_act_says_why(key: str) -> None:
    async with staged(situations.FRESH) as stage:
        await stage.press(key)
        assert stage.words() == [REFUSED[key]]
        assert len(stage.app.screen_stack) == 1
        assert stage.engine.submitted == []


async def test_keys_that_cannot_act_are_greyed_until_they_can() -> None:
    async with staged(situations.FRESH) as stage:
        bar = stage.find(KeyBar)
        assert greyed(bar, "Rollback")
        assert not greyed(bar, "Up")
        stage.engine.tell(e.HistoryLoaded(situations.HISTORY))
        await stage.until(lambda: not greyed(bar, "Rollback"))


def greyed(bar: KeyBar, label: str) -> bool:
    """Whether the word is dim on the screen."""
    strip = bar.render_line(0)
    return any(label in part.text and part.style and part.style.dim for part in strip)


async def test_the_key_bar_is_made_anew_only_when_a_key_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[object] = []
    async with staged(situations.BUILDING) as stage:
        monkeypatch.setattr(KeyBar, "refresh", lambda *arguments, **_: shown.append(arguments))
        step = e.StepPrinted(15, "build", "pip install", ("another line",))
        stage.engine.tell(step)
        await stage.shows("another line")
        assert not shown


@pytest.mark.parametrize("label", ["Up", "Rollback", "Pause", "History"])
async def test_a_click_on_the_key_bar_is_like_the_key(label: str) -> None:
    async with staged(situations.GOOD) as stage:
        column = stage.text().splitlines()[-1].index(label)
        await stage.pilot.click(KeyBar, offset=(column, 0))
        await stage.until(lambda: stage.engine.submitted or len(stage.app.screen_stack) > 1)


async def test_tab_goes_round_the_panels_and_shift_tab_back() -> None:
    async with staged(situations.GOOD) as stage:
        logs = stage.find(LogPane)
        seen = []
        for _ in range(4):
            seen.append(stage.app.focused)
            await stage.press("tab")
        assert seen[0] in logs.walk_children()
        assert [type(w) for w in seen[1:]] == [ChangesPanel, BuildPanel, RolloutPanel]
        await stage.press("shift+tab")
        assert isinstance(stage.app.focused, RolloutPanel)


async def test_enter_on_a_panel_tells_why() -> None:
    async with staged(situations.CRASHING) as stage:
        await stage.pilot.click(RolloutPanel)
        assert isinstance(stage.app.focused, RolloutPanel)
        await stage.press("enter")
        await stage.shows("What went wrong", "ModuleNotFoundError", "[crash-loop]")


async def test_help_tells_of_the_focused_panel_and_of_every_key() -> None:
    async with staged(situations.GOOD, size=(120, 60)) as stage:
        await stage.pilot.click(ChangesPanel)
        await stage.press("question_mark")
        await stage.shows("Every file event", *(action.tooltip for action in ACTIONS))


async def test_while_redraft_is_still_opening_leaving_is_possible() -> None:
    async with staged(None) as stage:
        await stage.press("q")
        assert not stage.app.is_running


async def test_the_last_key_pressed_while_opening_acts_as_soon_as_it_can() -> None:
    async with staged(None) as stage:
        await stage.press("D", "u")
        assert stage.words() == []
        stage.app.attach(replace(stage.app.session, engine=stage.engine))
        await stage.until(lambda: stage.engine.submitted)
        assert stage.engine.submitted == [Up()]


async def test_without_a_draft_toml_the_other_keys_say_what_to_do_first() -> None:
    async with staged(None, fault=MISSING) as stage:
        await stage.press("u")
        assert stage.words() == ["Up: press c to create it"]
