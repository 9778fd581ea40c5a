"""Which container a shell is opened in."""

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.model.frozen import frozen
from tui.model.state import State
from tui.view.present import MUTED, plain
from tui.view.screens.dialog import Dialog


@frozen
class Target:
    """A running container."""

    pod: str
    container: str


def containers(state: State) -> list[Target]:
    """Return the running containers, those of the wanted revision first."""
    if state.rollout is None:
        return []
    wanted = state.rollout.revision
    pods = sorted(state.rollout.pods, key=lambda pod: pod.revision != wanted)
    return [Target(pod.name, one.name) for pod in pods for one in pod.containers if one.running]


class ShellScreen(Dialog[Target]):
    """Asks in which container."""

    DEFAULT_CSS = """
    ShellScreen {
        & > .box { max-width: 76; }
        & OptionList { max-height: 1fr; }
    }
    """
    TITLE_TEXT = "Shell"
    HINT = "enter open · esc back"

    def __init__(self, targets: list[Target]) -> None:
        super().__init__()
        self._targets = targets

    def compose_body(self) -> ComposeResult:
        """List the running containers."""
        options = (Option(self._option(target)) for target in self._targets)
        yield OptionList(*options, compact=True)

    def _option(self, target: Target) -> Content:
        return Content.assemble(plain(target.pod), "  ", plain(target.container, MUTED))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._targets[event.option_index])
