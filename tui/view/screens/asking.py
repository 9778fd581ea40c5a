"""Screens that ask: yes or no, which environment, what about held changes."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from tui.model.commands import Command, DropHeld, PauseWatch, ReleaseHeld
from tui.model.state import State
from tui.view.present import plain
from tui.view.screens.dialog import Dialog


class ConfirmScreen(Dialog[bool]):
    """Asks whether to do it."""

    DEFAULT_CSS = """
    ConfirmScreen .buttons, HeldScreen .buttons { height: auto; margin-top: 1; }
    ConfirmScreen Button, HeldScreen Button { margin-right: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", id="confirm.yes"),
        Binding("n", "answer(False)", "No", id="confirm.no"),
    ]
    HINT = "y yes · n no"

    def __init__(self, title: str, question: str, yes: str) -> None:
        super().__init__()
        self.TITLE_TEXT = title
        self._question = question
        self._yes = yes

    def compose_body(self) -> ComposeResult:
        """Show the question and its two answers."""
        yield Static(plain(self._question), classes="text")
        with Horizontal(classes="buttons"):
            yield Button(Content(f"Yes, {self._yes}"), variant="warning", id="yes")
            yield Button("No", id="no")

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """Answer by a key."""
        self.dismiss(yes)


class HeldScreen(Dialog[Command]):
    """Asks once what to do about changes after a branch switch or a mass change."""

    TITLE_TEXT = "Changes are held"
    HINT = "b build · d drop · p pause · esc decide later"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "answer('build')", "Build them", id="held.build"),
        Binding("d", "answer('drop')", "Leave them", id="held.drop"),
        Binding("p", "answer('pause')", "Pause", id="held.pause"),
    ]
    ANSWERS: ClassVar[dict[str, Command]] = {
        "build": ReleaseHeld(),
        "drop": DropHeld(),
        "pause": PauseWatch(),
    }

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state

    def compose_body(self) -> ComposeResult:
        """Show how many changed and why it is asked."""
        watch = self._state.watch
        why = {
            "branch-switch": f"git now stands on {self._state.commit.branch or 'another commit'}",
            "mass-change": "more files changed at once than a save does",
            None: "watching is paused",
        }.get(watch.held, "")
        yield Static(plain(f"{watch.held_count} files changed: {why}. Build them?"), classes="text")
        with Horizontal(classes="buttons"):
            yield Button("Build them", variant="primary", id="build")
            yield Button("Leave until the next save", id="drop")
            yield Button("Pause watching", id="pause")

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_answer(event.button.id or "")

    def action_answer(self, answer: str) -> None:
        """Answer by a key."""
        self.dismiss(self.ANSWERS[answer])


class EnvironmentScreen(Dialog[str]):
    """Asks which environment to work in."""

    TITLE_TEXT = "Environment"
    HINT = "enter choose · esc back"

    def __init__(self, names: tuple[str, ...], present: str) -> None:
        super().__init__()
        self._names = names
        self._present = present

    def compose_body(self) -> ComposeResult:
        """List the environments of draft.toml."""
        mark = {self._present: " ◂ now"}
        yield OptionList(*(Option(plain(n + mark.get(n, "")), id=n) for n in self._names))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)
