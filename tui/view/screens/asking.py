"""Screens that ask: yes or no, which environment, what about held changes."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input, OptionList, Static

from tui.model.commands import Command, DropHeld, PauseWatch, ReleaseHeld
from tui.model.permissions import moved
from tui.model.places import Protection
from tui.model.state import State
from tui.view.present import ACCENT, MUTED, WARN, plain
from tui.view.screens.dialog import Dialog


class ConfirmScreen(Dialog[bool]):
    """Asks whether to do it."""

    DEFAULT_CSS = """
    ConfirmScreen > .box { max-width: 76; }
    ConfirmScreen .buttons { margin-top: 1; }
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
        """Show the question and its two answers; the harmless one has the focus."""
        yield Static(plain(self._question), classes="text")
        with Horizontal(classes="buttons"):
            yield Button("No", id="no", compact=True)
            yield Button(Content(f"Yes, {self._yes}"), variant="error", id="yes", compact=True)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """Answer by a key."""
        self.dismiss(yes)


class NameScreen(Dialog[str]):
    """Asks for the name of a protected place to be typed."""

    DEFAULT_CSS = """
    NameScreen {
        & > .box { max-width: 76; }
        & Input { margin-top: 1; }
    }
    """
    TITLE_TEXT = "A protected place"
    HINT = "enter confirm · esc back"

    def __init__(self, protection: Protection) -> None:
        super().__init__()
        self._protection = protection

    def compose_body(self) -> ComposeResult:
        """Say why it is asked, and take the name."""
        yield Static(plain(present_protection(self._protection)), classes="text")
        yield Input(placeholder=self._protection.name, compact=True)
        yield Static(id="wrong", classes="text")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if event.value == self._protection.name:
            self.dismiss(event.value)
        else:
            self.query_one("#wrong", Static).update(plain("that is not its name", WARN))


def present_protection(protection: Protection) -> str:
    """Return why a name has to be typed, and which."""
    return (
        f"{protection.reason}. To let redraft deploy, roll back or delete there until it ends, "
        f"type: {protection.name}"
    )


class HeldScreen(Dialog[Command]):
    """Asks what to do about changes after a branch switch or a mass change."""

    DEFAULT_CSS = """
    HeldScreen > .box { max-width: 76; }
    HeldScreen .buttons { margin-top: 1; }
    """
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
        yield Static(plain(present_held(self._state)), id="held", classes="text")
        with Horizontal(classes="buttons"):
            yield Button("Build them", variant="primary", id="build", compact=True)
            yield Button("Leave until the next save", id="drop", compact=True)
            yield Button("Pause watching", id="pause", compact=True)

    def show(self, state: State) -> None:
        """Count what came meanwhile, or ask no more once nothing is held."""
        if not state.watch.held or state.watch.paused:
            self.dismiss(None)
        else:
            self.query_one("#held", Static).update(plain(present_held(state)))

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_answer(event.button.id or "")

    def action_answer(self, answer: str) -> None:
        """Answer by a key."""
        self.dismiss(self.ANSWERS[answer])


def present_held(state: State) -> str:
    """Return what is held and why."""
    count = state.watch.held_count
    files = "1 file has" if count == 1 else f"{count:,} files have"
    why = "more than one save does"
    if state.watch.held == "branch-switch":
        why = f"git now stands on {state.commit.branch or 'another commit'}"
    return f"{files} changed: {why}. Build and deploy this tree?"


class EnvironmentScreen(Dialog[str]):
    """Asks which environment to work in."""

    DEFAULT_CSS = """
    EnvironmentScreen {
        & > .box { max-width: 76; }
        & OptionList { min-width: 9; max-height: 1fr; }
    }
    """
    TITLE_TEXT = "Environment"
    HINT = "enter choose · esc back"

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state

    def compose_body(self) -> ComposeResult:
        """List the environments of draft.toml."""
        yield OptionList(*self._options(), compact=True)

    def show(self, state: State) -> None:
        """List those that draft.toml has come to name."""
        listed, self._state = self._state, state
        if (listed.environments, moved(listed)) == (state.environments, moved(state)):
            return
        names = self.query_one(OptionList)
        at = names.highlighted
        names.clear_options().add_options(self._options())
        names.highlighted = at

    def _options(self) -> list[Content]:
        return [self._option(name) for name in self._state.environments]

    def _option(self, name: str) -> Content:
        if name != self._state.environment:
            return Content.assemble("  ", plain(name))
        how = "  now; open it where draft.toml names now" if moved(self._state) else "  now"
        return Content.assemble(("● ", ACCENT), plain(name, "bold"), (how, MUTED))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._state.environments[event.option_index])
