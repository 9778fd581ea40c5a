"""The cockpit: panels over one engine's state, keys that submit commands to it.

The engine runs on the same loop and outlives the app. One worker waits for its events and then
shows the state as it is, at most 20 times a second; nothing polls, so that an idle cockpit costs
nothing. Only while something visible depends on the clock (a running step, an age, a countdown)
does a timer show the state again. Keys go through the table ACTIONS: a key that cannot act now is
greyed, and pressing it says why.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Footer, Static

from tui.model.commands import Command
from tui.model.permissions import refusals
from tui.model.printing import printable
from tui.model.state import State
from tui.view.actions import ACTIONS, BY_ID, Action, bindings
from tui.view.header import Header
from tui.view.panels.build import BuildPanel
from tui.view.panels.changes import ChangesPanel
from tui.view.panels.rollout import RolloutPanel
from tui.view.session import Session
from tui.view.themes import DARK, LIGHT
from tui.view.verbs import Verbs
from tui.view.welcome import present_welcome

if TYPE_CHECKING:
    from tui.engine.engine import Engine

log = logging.getLogger("redraft.view")

FRAME = 0.05
"""Seconds between two showings of a state that keeps changing."""
TICK = 0.5
RELOOK = 1.0
"""Seconds between two looks whether draft.toml was corrected."""


class Cockpit(App[str]):
    """Shows one environment.

    Its exit value tells what comes next: nothing to quit, `create` when a scaffold was written, or
    `environment:NAME` to go on with that one.
    """

    TITLE = "redraft"
    CSS_PATH = "styles/cockpit.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-narrow"),
        (100, "-normal"),
        (160, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-short"),
        (32, "-medium"),
        (48, "-tall"),
    ]

    def __init__(self, session: Session, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.session = session
        self._engine = session.engine
        self._verbs = Verbs(self)
        self._now = now
        self._refusals: dict[str, str] = {}
        self._asked_about: object = None
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    @property
    def state(self) -> State:
        """What is known now."""
        return self._engine.state if self._engine else State(project=str(self.session.project))

    def compose(self) -> ComposeResult:
        """Make everything but the logs, which come after the first paint."""
        yield Header()
        yield Static(present_welcome(self.session.project, self.session.fault), id="welcome")
        with Horizontal(id="panels"):
            yield ChangesPanel()
            yield BuildPanel()
            yield RolloutPanel()
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show what is known and begin to listen."""
        self.screen.set_class(self._engine is None, "-no-engine")
        self._show(self.state)
        if self.session.notice:
            self.say(self.session.notice)
        if self._engine is None:
            self._wait_for_correction()
        else:
            self._listen(self._engine)
            self.call_after_refresh(self._mount_logs)
            self.set_interval(TICK, self._tick)

    def say(self, text: str) -> None:
        """Show a passing notice; the text is data, never markup."""
        self.notify(printable(text), markup=False, timeout=5)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey the keys that cannot act now; hide what this project has no use for."""
        if action != "act" or not parameters:
            return True
        name = str(parameters[0])
        if not self._refusal(BY_ID[name]):
            return True
        return False if name in {"environment", "cancel"} else None

    def action_act(self, name: str) -> None:
        """Do what a row of ACTIONS says, or say why not."""
        action = BY_ID[name]
        reason = self._refusal(action)
        if reason:
            if name != "cancel":
                self.say(f"{action.label}: {reason}")
            return
        if action.command is not None:
            self.submit(action.command())
        else:
            getattr(self._verbs, name)()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer the actions that can act now beside Textual's own."""
        for action in ACTIONS:
            if action.id not in {"palette", "quit"} and not self._refusal(action):
                act = self._caller(action.id)
                yield SystemCommand(action.label, action.tooltip, act)
        yield from super().get_system_commands(screen)

    def _caller(self, name: str) -> Callable[[], None]:
        return lambda: self.action_act(name)

    def _refusal(self, action: Action) -> str:
        if self._engine is None:
            return "there is no draft.toml yet: press c" if action.needs_engine else ""
        return self._refusals.get(action.verb, "")

    def submit(self, command: Command) -> None:
        """Ask the engine for something."""
        if self._engine is not None:
            self._engine.submit(command)

    @work(exit_on_error=False)
    async def _listen(self, engine: "Engine") -> None:
        subscription = engine.subscribe()
        try:
            while True:
                await subscription.wait()
                self._show(engine.state)
                await asyncio.sleep(FRAME)
        finally:
            subscription.close()

    def _show(self, state: State) -> None:
        """Show a state; a panel that fails is logged and the others go on."""
        now = self._now()
        self.query_one(Header).show(state, demo=self.session.demo)
        self.query_one(ChangesPanel).show(state)
        self.query_one(BuildPanel).show(state, now)
        self.query_one(RolloutPanel).show(state, now)
        allowed = dict(refusals(state))
        if allowed != self._refusals:
            self._refusals = allowed
            self.refresh_bindings()
        self._ask_about_held(state)

    def _tick(self) -> None:
        """Show what depends on the clock, while something does."""
        state = self.state
        running = state.iteration is not None and state.iteration.running
        if running or state.verdict.outcome in {"progressing", "failed"}:
            self._show(state)

    async def _mount_logs(self) -> None:
        from tui.view.logs.pane import LogPane

        pane = LogPane(self.session.logs, id="logs")
        await self.mount(pane, before=self.query_one(Footer))
        pane.focus()

    @work(exit_on_error=False)
    async def _wait_for_correction(self) -> None:
        """Leave to be opened again as soon as draft.toml differs from what was read."""
        path = self.session.project / "draft.toml"
        before = _stamp(path)
        while _stamp(path) == before:  # noqa: ASYNC110 - a file has no event of ours here
            await asyncio.sleep(RELOOK)
        self.exit(f"environment:{self.session.environment}")

    def _ask_about_held(self, state: State) -> None:
        """Ask once what to do about held changes."""
        if state.watch.held is None:
            self._asked_about = None
            return
        if self._asked_about == state.watch.held:
            return
        self._asked_about = state.watch.held
        from tui.view.screens.asking import HeldScreen

        self.push_screen(HeldScreen(state), lambda c: self.submit(c) if c else None)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size
