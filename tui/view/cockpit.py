"""The cockpit: panels over one engine's state, keys that submit commands to it.

The engine runs on the same loop. One worker waits for its events and then shows the state as it is,
at most 20 times a second; nothing polls, so that an idle cockpit costs nothing. Only while what is
visible changes by the clock (a running step, an age, a countdown) does the same worker wake up by
itself. Keys go through the table ACTIONS: one that cannot act now is greyed, and pressing it says
why.

Start-up: the first paint has everything in its place and shows what is known before there is an
engine. So this module imports no more than that takes; with `attach` the engine comes, and the logs
after it.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.events import ScreenResume
from textual.reactive import Reactive
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import Widget

from tui.model.state import State
from tui.view.actions import ACTIONS, BY_ID, bindings
from tui.view.correcting import stamp
from tui.view.dashboard import Dashboard
from tui.view.guarding import Guarded
from tui.view.holding import Holding
from tui.view.host import Host
from tui.view.session import Loop, Session
from tui.view.themes import DARK, OWN

if TYPE_CHECKING:
    from tui.model.events import Event

FRAME = 0.05
"""Seconds between two showings of a state that keeps changing."""


class MainScreen(Guarded, Screen[None]):
    """The screen under all dialogs."""

    AUTO_FOCUS = ""  # the logs take the focus when they come
    BLANK = True  # the dashboard covers it
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """What has the focus; it paints itself, and all of the screen need not be painted with it."""
    _painted = False

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Style nothing anew before the first paint: it was as it was mounted."""
        event.refresh_styles, self._painted = self._painted, True


class Cockpit(Host):
    """Shows one environment.

    Its exit value tells what comes next: nothing to quit, `create` when a scaffold was written,
    `deleted` when another redraft deleted the environment, or `environment:NAME` to go on with it.
    """

    TITLE = "redraft"
    CSS_PATH = "styles/cockpit.tcss"
    theme = Reactive(DARK.name)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-slim"),
        (60, "-narrow"),
        (100, "-normal"),
        (160, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-tiny"),
        (16, "-short"),
        (32, "-medium"),
        (48, "-tall"),
    ]

    def __init__(self, session: Session, now: Callable[[], float] = time.time) -> None:
        super().__init__(session)
        self._dashboard = Dashboard(session, now)
        self._known = asyncio.Event()
        self._now = now
        self._holding = Holding()
        self._draft = stamp(session.project / "draft.toml")
        self._early = ""
        """The action whose key was pressed while redraft was still opening; it acts once it can."""
        for theme in OWN.values():
            self.register_theme(theme)
        if not session.opening:
            self._known.set()

    def get_theme(self, theme_name: str) -> Theme | None:
        """Return a theme by name.

        The cockpit's own are known before Textual has any registered: what is set up at first then
        is theirs, where choosing one later parses all styles anew.
        """
        return OWN.get(theme_name) or super().get_theme(theme_name)

    def attach(self, session: Session) -> None:
        """Go on with what was opened, for a cockpit that was painted before."""
        self.session = session
        self._known.set()

    def get_default_screen(self) -> Screen[None]:
        """Return a screen that outlives errors, and is of its size from the first paint on."""
        return MainScreen(id="_default", classes=" ".join(self._size_classes()))

    def _size_classes(self) -> Iterator[str]:
        """Yield the classes that Textual gives a screen only after it was painted."""
        breakpoints = (self.HORIZONTAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS)
        for cells, steps in zip(self.size, breakpoints, strict=True):
            yield max(step for step in steps if step[0] <= cells)[1]

    def compose(self) -> ComposeResult:
        """Make the first paint."""
        yield self._dashboard

    def on_mount(self) -> None:
        """Show what is known, and go on once that is painted."""
        self._show(self.state)
        self.call_after_refresh(self._live)

    @work
    async def _live(self) -> None:
        self.painted.set()
        await self._known.wait()
        self._show(self.state)
        if self.session.notice:
            self.say(self.session.notice)
        if self.session.engine is None:
            await self._dashboard.give_up(self.session)
            await self._wait_for_correction()
        else:
            await self._dashboard.mount_logs(self.session.logs, self.state.releases)
            if self._early:
                self.action_act(self._early)
            await self._follow(self.session.engine)

    # Keys

    def action_act(self, name: str) -> None:
        """Do what a row of ACTIONS says, or say why not."""
        from tui.model.permissions import CHANGING
        from tui.view.verbs import Verbs

        reason = self._refusals().get(name)
        if reason and self.session.opening:
            self._early = name
        elif self.state.protection is not None and BY_ID[name].verb in CHANGING:
            Verbs(self, self.action_act).confirm(then=name)
        elif reason:
            self.say(f"{BY_ID[name].label}: {reason}")
        else:
            getattr(Verbs(self, self.action_act), name)()

    async def action_quit(self) -> None:
        """Leave as `q` does, for the palette and Textual's own key."""
        self.action_act("quit")

    def deliver_screenshot(
        self, filename: str | None = None, path: str | None = None, time_format: str | None = None
    ) -> str | None:
        """Save a picture of the screen where there is a folder for it, as Textual does not."""
        from tui.view.browsing import downloads

        return super().deliver_screenshot(filename, path or str(downloads()), time_format)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer the actions that can act now beside Textual's own."""
        from tui.view.refusing import key_labels

        refused, labels = self._refusals(), key_labels(self.session, self.state)
        for action in ACTIONS:
            if action.id not in {"palette", "quit"} and not refused[action.id]:
                label = labels.get(action.id, action.label)
                yield SystemCommand(label, action.tooltip, self._caller(action.id))
        yield from super().get_system_commands(screen)

    def _caller(self, name: str) -> Callable[[], None]:
        return lambda: self.action_act(name)

    def _refusals(self) -> dict[str, str]:
        from tui.view.refusing import key_refusals

        return key_refusals(self.session, self.state)

    # Following the engine

    async def _follow(self, engine: Loop) -> None:
        from tui.view.following import news

        subscription = engine.subscribe()
        if engine.state.deleted == "elsewhere":  # before anybody followed
            self._leave_nothing()
        try:
            while True:
                await asyncio.sleep(FRAME)
                for stamped in await news(subscription, engine.state, self._now()):
                    self._tell(stamped.event)
                self._show(engine.state)
        finally:
            subscription.close()

    def _show(self, state: State) -> None:
        """Show a state; what fails is told, and the next one is shown all the same."""
        from tui.view.refusing import key_labels

        try:
            self._dashboard.show(state)
            self._dashboard.show_keys(self._refusals(), key_labels(self.session, state))
            if len(self.screen_stack) > 1:
                from tui.view.screens.dialog import show_in_dialogs

                show_in_dialogs(self.screen_stack, state)
            self._ask_about_held(state)
        except Exception as error:  # noqa: BLE001 - the cockpit goes on
            self.trouble(error)

    def _ask_about_held(self, state: State) -> None:
        """Ask once what to do about held changes; only tell of them while the user types."""
        watch = state.watch
        if not self._holding.is_news(None if watch.paused or self.session.player else watch.held):
            return
        from textual.widgets import Input

        if len(self.screen_stack) > 1 or isinstance(self.focused, Input):
            self.say("changes are held: decide about them with b")
        else:
            self.action_act("held")

    def _tell(self, event: "Event") -> None:
        """Say what is not lasting enough for a panel."""
        from tui.view.telling import leaves_nothing, passing_word

        if leaves_nothing(event):
            self._leave_nothing()
        word = passing_word(event)
        if word is not None:
            self.say(*word)

    def _leave_nothing(self) -> None:
        """Leave what another redraft deleted, to open it anew: its logs and locks are gone too."""
        if self.session.player is None:
            self.exit("deleted")

    async def _wait_for_correction(self) -> None:
        """Leave to be opened again as soon as draft.toml differs from what was read."""
        from tui.view.correcting import change_of

        await change_of(self.session.project / "draft.toml", self._draft)
        self.exit(f"environment:{self.session.environment}")
