"""The dashboard: header, panels, logs and key bar of one environment, or the welcome of none."""

from collections.abc import Callable, Mapping

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.events import DescendantFocus
from textual.widgets import Static

from tui.model.state import State
from tui.view.header import Header
from tui.view.keybar import KeyBar
from tui.view.panels.build import BuildPanel
from tui.view.panels.changes import ChangesPanel
from tui.view.panels.rollout import RolloutPanel
from tui.view.present import ACCENT, muted, plain
from tui.view.session import Session
from tui.view.welcome import Welcome


class Dashboard(Vertical):
    """Shows states of a session."""

    def __init__(self, session: Session, now: Callable[[], float]) -> None:
        super().__init__()
        self._session = session
        self._now = now
        self._header = Header()
        self._panels = (ChangesPanel(), BuildPanel(), RolloutPanel())
        self._keys = KeyBar()

    def compose(self) -> ComposeResult:
        """Make everything but the logs, which are the last to come."""
        yield self._header
        if self._session.demo:
            yield Static(present_demo(str(self._session.project)), id="hint")
        if self._session.engine is None:
            yield Welcome(self._session)
        else:
            with Container(id="body"), Container(id="panels"):
                changes, build, rollout = self._panels
                yield changes
                with Container(id="pair"):
                    yield build
                    yield rollout
        yield self._keys

    async def mount_logs(self) -> None:
        """Add the log pane and give it the focus."""
        from tui.view.logs.pane import LogPane

        pane = LogPane(self._session.logs, id="logs")
        pane.border_title = "Logs"
        await self.query_one("#body").mount(pane)
        if self.app.focused is None:
            pane.focus()

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
        for panel in self._panels if self._session.engine is not None else ():
            panel.show(state, self._now())

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
