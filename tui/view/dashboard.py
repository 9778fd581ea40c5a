"""The dashboard: header, panels, logs and key bar of one environment, or the welcome of none."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Static

from tui.model.releases import Release
from tui.model.state import State
from tui.view.framed import Frame
from tui.view.header import Header
from tui.view.keybar import KeyBar
from tui.view.panels.build import BuildPanel
from tui.view.panels.changes import ChangesPanel
from tui.view.panels.rollout import RolloutPanel
from tui.view.present import ACCENT, muted, plain
from tui.view.session import Session

if TYPE_CHECKING:
    from tui.view.logs.pane import LogPane
    from tui.view.logs.reading import Reading


class Area(Container):
    """A part of the screen that others cover whole: Textual need not draw it below them."""

    BLANK = True


class Dashboard(Vertical):
    """Shows states of a session."""

    BLANK = True

    def __init__(self, session: Session, now: Callable[[], float]) -> None:
        super().__init__()
        self._session = session
        self._now = now
        self._header = Header()
        self._body = Area(id="body")
        self._panels = (ChangesPanel(), BuildPanel(), RolloutPanel())
        self._logs = Frame(classes="logs")
        self._pane: LogPane | None = None
        """What comes in the frame's place."""
        self._keys = KeyBar()

    def compose(self) -> ComposeResult:
        """Make everything; the logs are an empty frame at first, for they are the last to come."""
        yield self._header
        if self._session.demo:
            yield Static(present_demo(str(self._session.project)), id="hint")
        if self._session.player is not None:
            from tui.view.player_bar import PlayerBar

            yield PlayerBar(id="hint")
        if self._session.fault is None:
            yield from self._compose_body()
        else:
            yield self._welcome(self._session)
        yield self._keys

    def _compose_body(self) -> ComposeResult:
        changes, build, rollout = self._panels
        self._logs.border_title = "Logs"
        with self._body:
            with Area(id="panels"):
                yield changes
                with Area(id="pair"):
                    yield build
                    yield rollout
            yield self._logs

    async def mount_logs(self, reading: "Reading | None", releases: Sequence[Release]) -> None:
        """Put the log pane in its frame and give it the focus."""
        from tui.view.logs.pane import LogPane

        self._pane = pane = LogPane(reading, id="logs")
        pane.add_class("logs")
        pane.border_title = "Logs"
        pane.show_releases(releases)
        with self.app.batch_update():
            await self._body.mount(pane, after=self._logs)
            await self._logs.remove()
        if self.app.focused is None:
            pane.focus()

    async def give_up(self, session: Session) -> None:
        """Show why there is no engine, in place of panels that have nothing to show."""
        if not self._body.is_attached:
            return
        with self.app.batch_update():
            await self.mount(self._welcome(session), after=self._body)
            await self._body.remove()

    def _welcome(self, session: Session) -> Widget:
        from tui.view.welcome import Welcome

        return Welcome(session)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Frame the logs while they are looked at, and give the changes room while they are.

        `:focus-within` would style all of the logs anew whenever the focus moves inside them: 12 ms
        before the filter bar is painted.
        """
        self.set_class(isinstance(event.widget, ChangesPanel), "-changes")
        for pane in self.query("#logs"):
            pane.set_class(pane in event.widget.ancestors_with_self, "-focused")

    def show(self, state: State) -> None:
        """Show a state."""
        self._header.show(state)
        self.set_class(build_failed(state), "-build-failed")
        for panel in self._panels:
            panel.show(state, self._now())
        if self._pane is not None:
            self._pane.show_releases(state.releases)

    def show_keys(self, refused: Mapping[str, str], labels: Mapping[str, str]) -> None:
        """Show which keys act."""
        self._keys.show(refused, labels)


def build_failed(state: State) -> bool:
    """Whether the last iteration ended with a step whose output is worth much room."""
    iteration = state.iteration
    return iteration is not None and any(
        step.outcome == "failed" and step.lines for step in iteration.steps
    )


def present_demo(project: str) -> Content:
    """Return what there is to do in the demo."""
    return Content.assemble(
        ("demo  ", f"bold {ACCENT}"),
        "edit ",
        plain(f"{project}/app.py", "bold"),
        " in another window and save it; ",
        muted("q stops the demo and removes it"),
    )
