"""Sizes: from a terminal of one cell to a wall."""

import pytest

from tests.view import situations
from tests.view.listed import crash
from tests.view.stage import MISSING, staged
from tui.view.logs.pane import LogPane
from tui.view.panels.build import BuildPanel
from tui.view.panels.changes import ChangesPanel
from tui.view.panels.rollout import RolloutPanel

SIZES = ((80, 24), (120, 36), (160, 24), (200, 60), (60, 18), (100, 100))


@pytest.mark.parametrize("size", SIZES)
async def test_the_logs_are_the_largest_and_nothing_overlaps(size: tuple[int, int]) -> None:
    async with staged(situations.GOOD, size=size, logs=crash()) as stage:
        logs = stage.find(LogPane).region
        panels = [stage.find(kind).region for kind in (ChangesPanel, BuildPanel, RolloutPanel)]
        assert all(logs.area > panel.area > 0 for panel in panels)
        assert not any(logs.overlaps(panel) for panel in panels)
        assert logs.right <= size[0]
        assert logs.bottom == size[1] - 1


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_tab_goes_through_all_panels(size: tuple[int, int]) -> None:
    async with staged(situations.GOOD, size=size) as stage:
        await stage.until(lambda: stage.app.focused is not None)
        seen = set[type[object]]()
        for _ in range(4):
            await stage.press("tab")
            seen.add(type(stage.app.focused))
        assert {ChangesPanel, BuildPanel, RolloutPanel} < seen


async def test_at_80_by_24_the_changes_are_one_line_and_a_list_while_focused() -> None:
    async with staged(situations.GOOD, size=(80, 24)) as stage:
        changes = stage.find(ChangesPanel)
        assert changes.region.height == 1
        await stage.shows("saved→ready 1.5 s")
        await stage.press("tab")
        assert changes.has_focus
        await stage.until(lambda: changes.region.height > 5)
        await stage.shows("ignored by .dockerignore:3")
        await stage.press("tab")
        await stage.until(lambda: changes.region.height == 1)


async def test_at_200_by_60_the_logs_stand_beside_the_panels() -> None:
    async with staged(situations.GOOD, size=(200, 60)) as stage:
        assert stage.find(LogPane).region.x >= stage.find(BuildPanel).region.right


SEQUENCE = ((200, 60), (80, 24), (1, 1), (120, 36), (2, 100), (300, 2), (40, 12), (80, 24))


@pytest.mark.parametrize("key", ["", "h", "r", "c", "question_mark", "i", "e", "D", "ctrl+p"])
async def test_resizing_while_running_breaks_nothing(key: str) -> None:
    async with staged(situations.CRASHING, logs=crash()) as stage:
        if key:
            await stage.press(key)
        for width, height in SEQUENCE:
            await stage.pilot.resize_terminal(width, height)
            await stage.pilot.pause()
            assert stage.app.is_running
        if not key:
            await stage.shows("greeter", "revision 16 ✖ failed", "q Quit")


async def test_the_invitation_survives_any_size_too() -> None:
    async with staged(None, fault=MISSING) as stage:
        for width, height in SEQUENCE:
            await stage.pilot.resize_terminal(width, height)
        await stage.shows("There is no draft.toml")


async def test_a_failed_step_gets_more_room() -> None:
    async with staged(situations.BUILD_FAILED) as stage:
        await stage.shows("ERROR: Could not find a version", "exited", "read its last lines")
        assert stage.find(BuildPanel).region.height > 12


async def test_the_frame_of_what_is_focused_stands_out() -> None:
    async with staged(situations.GOOD, logs=crash()) as stage:
        logs, build = stage.find(LogPane), stage.find(BuildPanel)
        await stage.until(lambda: logs.has_focus_within)
        lit = logs.styles.border_top[1]
        unlit = build.styles.border_top[1]
        await stage.press("slash")
        assert (logs.styles.border_top[1], build.styles.border_top[1]) == (lit, unlit)
        await stage.pilot.click(BuildPanel)
        assert (logs.styles.border_top[1], build.styles.border_top[1]) == (unlit, lit)


async def test_a_click_focuses_a_panel() -> None:
    async with staged(situations.GOOD) as stage:
        for kind in (ChangesPanel, BuildPanel, RolloutPanel):
            await stage.pilot.click(kind)
            assert stage.find(kind).has_focus


@pytest.mark.parametrize("theme", ["redraft", "redraft-light", "nord", "ansi-dark"])
async def test_every_theme_shows_the_same_words(theme: str) -> None:
    async with staged(situations.CRASHING) as stage:
        words = stage.text()
        stage.app.theme = theme
        await stage.pilot.pause()
        assert stage.text() == words


async def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with staged(situations.CRASHING) as stage:
        await stage.shows("✖ failed", "● watching", "✔ app.py"[:1])
        assert stage.app.no_color
