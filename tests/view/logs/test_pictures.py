"""Pictures of the pane; after a change on purpose: pytest --snapshot-update, and look at them."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.view.logs.hosting import PaneApp, counted, heading, record, stored, until
from tui.model.loglines import LogRecord

Compare = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])


def a_morning() -> list[LogRecord]:
    pods = ("greeter-7d9f8b-x2kqp", "greeter-7d9f8b-q8s4m")
    said = [
        record("iteration 15 started: app.py", 0, "redraft", "redraft", 15),
        record("Collecting flask==3.1.0", 180, "build", "redraft", 15),
        record("Successfully installed flask-3.1.0 jinja2-3.1.6", 950, "build", "redraft", 15),
        record("pip install: done in 0.81 s", 990, "redraft", "redraft", 15),
        record("revision 15 began", 1000, "marker", pods[0], 15),
        record(" * Running on http://127.0.0.1:40123", 1200, "stderr", pods[0], 15),
        record("WARNING This is a development server.", 1210, "stderr", pods[1], 15),
    ]
    for n in range(40):
        pod = pods[n % 2]
        said.append(
            record(f"INFO GET /orders/{n} 200 in {n % 7 + 3} ms", 1300 + n * 37, "stdout", pod, 15)
        )
        if n == 20:
            said.append(record("DEBUG [cache] miss for orders:20", 2045, "stdout", pod, 15))
            said.append(
                record(
                    '{"level":"info","msg":"served","user":{"name":"Zoë 漢字 🎉"}}',
                    2046,
                    "stdout",
                    pod,
                    15,
                )
            )
        if n == 33:
            said += [
                record("ERROR OSError: [Errno 98] Address already in use", 2540, "stderr", pod, 15),
                record("Traceback (most recent call last):", 2541, "stderr", pod, 15),
                record('  File "/app/app.py", line 12, in <module>', 2541, "stderr", pod, 15),
                record("FATAL giving up " + "after many tries " * 90, 2542, "stderr", pod, 15),
                record("restarted: exit 1", 2550, "marker", pod, 15),
            ]
    return said


def app_on(folder: Path, said: list[LogRecord]) -> PaneApp:
    return PaneApp(asyncio.run(stored(folder / "logs.db", said)))


def settle(told: str, *keys: str) -> Callable[[Pilot[None]], object]:
    async def run(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, PaneApp)
        await until(pilot, lambda: "54 lines" in heading(app.pane) or not keys)
        await pilot.press(*keys)
        await until(pilot, lambda: told in heading(app.pane) and counted(app.pane))
        for _ in range(3):
            await pilot.pause()

    return run


@SIZES
def test_following(tmp_path: Path, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_on(tmp_path, a_morning())
    assert snap_compare(app, terminal_size=size, run_before=settle("54 lines · ● following"))


@SIZES
def test_wrapped_at_the_start(tmp_path: Path, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_on(tmp_path, a_morning())
    keys = ("z", "home", "s", *"orders", "escape")
    before = settle("search /orders/", *keys)
    assert snap_compare(app, terminal_size=size, run_before=before)


@SIZES
def test_filter_bar(tmp_path: Path, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_on(tmp_path, a_morning())
    keys = ("slash", *"get", "tab", *"3", "tab", "right", "right")
    before = settle("/get/ · -/3/", *keys)
    assert snap_compare(app, terminal_size=size, run_before=before)


@SIZES
def test_nothing_yet(tmp_path: Path, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_on(tmp_path, [])
    assert snap_compare(app, terminal_size=size, run_before=settle("0 lines"))


def test_a_line_shown_whole(tmp_path: Path, snap_compare: Compare) -> None:
    app = app_on(tmp_path, a_morning())
    before = settle("/served/", "slash", *"served", "escape", "enter")
    assert snap_compare(app, terminal_size=(80, 24), run_before=before)
