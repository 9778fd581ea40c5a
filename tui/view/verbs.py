"""The verbs: what each key does.

Screens are imported when they are opened: none of them is needed for the first paint.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.text import Text

from tui.model.commands import (
    Cancel,
    ConfirmName,
    Connect,
    Disconnect,
    PauseWatch,
    ResumeWatch,
    Rollback,
    Up,
)
from tui.model.permissions import moved, rollback_target
from tui.model.printing import printable
from tui.view.actions import BY_ID
from tui.view.present import fault_of

if TYPE_CHECKING:
    from tui.model.faults import Fault
    from tui.model.releases import Release
    from tui.model.state import State
    from tui.view.host import Host
    from tui.view.screens.shells import Target


class Verbs:
    """One method for each row of ACTIONS."""

    def __init__(self, app: "Host", act: Callable[[str], None]) -> None:
        """`act` does what a row of ACTIONS says, or says why not."""
        self._app = app
        self._act = act
        self._session = app.session
        self._state = app.state

    def up(self) -> None:
        """Build and deploy the tree as it is."""
        self._app.submit(Up())

    def cancel(self) -> None:
        """Stop the running build."""
        self._app.submit(Cancel())

    def watch(self) -> None:
        """Pause or resume watching."""
        self._app.submit(ResumeWatch() if self._state.watch.paused else PauseWatch())

    def held(self) -> None:
        """Ask what to do about held changes."""
        from tui.view.screens.asking import HeldScreen

        self._app.push_screen(HeldScreen(self._state), lambda c: self._app.submit(c) if c else None)

    def create(self) -> None:
        """Open the create screen."""
        from tui.view.screens.create import CreateScreen

        if self._session.scaffolder is not None:
            self._app.push_screen(CreateScreen(self._session.scaffolder), self._created)

    def _created(self, written: bool | None) -> None:
        if written:
            self._app.exit("create")

    def rollback(self) -> None:
        """Preview a rollback to the last good revision."""
        target = rollback_target(self._state)
        if target is not None:
            self._preview_rollback(target)

    def _preview_rollback(self, target: "Release") -> None:
        from tui.view.screens.rollback import RollbackScreen

        if self._session.engine is None:
            return
        present = self._app.state.releases[-1]
        screen = RollbackScreen(present, target, self._session.engine.difference)
        self._app.push_screen(screen, self._roll_back)

    def _roll_back(self, revision: int | None) -> None:
        if revision:
            self._app.submit(Rollback(revision))

    def history(self) -> None:
        """Show the history."""
        from tui.view.screens.history import HistoryScreen

        self._app.push_screen(HistoryScreen(self._state), self._chosen)

    def _chosen(self, revision: int | None) -> None:
        target = rollback_target(self._app.state, revision) if revision else None
        if target is None:
            return
        if target.revision == self._app.state.releases[-1].revision:
            self._app.say(f"revision {target.revision} is the present one")
            return
        self._preview_rollback(target)

    def logs(self) -> None:
        """Give the whole screen to the logs, and back."""
        self._app.screen.toggle_class("-logs-only")
        for pane in self._app.query("#logs"):
            pane.focus()

    def filter(self) -> None:
        """Open the filter of the logs."""
        from tui.view.logs.pane import LogPane

        for pane in self._app.query(LogPane):
            pane.action_filter()

    def environment(self) -> None:
        """Choose another environment."""
        from tui.view.screens.asking import EnvironmentScreen

        self._app.push_screen(EnvironmentScreen(self._state), self._switch)

    def _switch(self, name: str | None) -> None:
        if name and (name != self._state.environment or moved(self._state)):
            self._app.exit(f"environment:{name}")

    def open(self) -> None:
        """Open the app in the browser."""
        from tui.view.browsing import browse

        if self._state.url:
            self._app.run_worker(browse(self._state.url, self._app.say), group="browse")

    def connect(self) -> None:
        """Open local ports, or close them."""
        self._app.submit(Disconnect() if self._state.connections else Connect())

    def shell(self) -> None:
        """Open a shell in a container, asking which where there are several."""
        from tui.view.screens.shells import ShellScreen, containers

        there = containers(self._state)
        if len(there) == 1:
            self._open_shell(there[0])
        elif there:
            self._app.push_screen(ShellScreen(there), self._open_shell)
        else:
            self._app.say("no container runs")

    def _open_shell(self, chosen: "Target | None") -> None:
        from tui.view.suspending import shell_in

        if chosen is not None and self._session.engine is not None:
            self._app.run_worker(shell_in(self._app, self._session.engine, chosen), group="shell")

    def confirm(self, then: str = "") -> None:
        """Ask for the name of a protected place, and go on with the action that needed it."""
        from tui.view.screens.asking import NameScreen

        protection = self._state.protection
        if protection is not None:
            self._app.push_screen(NameScreen(protection), lambda name: self._confirmed(name, then))

    def _confirmed(self, name: str | None, then: str) -> None:
        if name:
            self._app.submit(ConfirmName(name))
            if then and self._app.state.protection is None:
                self._act(then)

    def why(self) -> None:
        """Show the fault of the iteration, or the verdict, whole."""
        from tui.view.screens.reading import FaultScreen

        fault = present_trouble(self._state, self._session.fault, self._app.faults)
        if fault is None:
            self._app.say("nothing is wrong")
        else:
            self._app.push_screen(FaultScreen(fault))

    def delete(self) -> None:
        """Show what goes, ask, then remove all of this environment."""
        from tui.view.screens.deleting import DeleteScreen

        if self._session.engine is not None:
            screen = DeleteScreen(self._state, self._session.engine.belongings)
            self._app.push_screen(screen, lambda c: self._app.submit(c) if c else None)

    def help(self) -> None:
        """Show the help of the focused panel and all keys."""
        from tui.view.screens.reading import HelpScreen

        about = ""
        if self._app.focused is not None:
            for widget in self._app.focused.ancestors_with_self:
                about = about or getattr(widget, "HELP", None) or ""
        self._app.push_screen(HelpScreen(about, self._own_keys()))

    def _own_keys(self) -> list[tuple[str, str]]:
        """Return the keys of the focused panel itself, those of one meaning together."""
        keys: dict[str, list[str]] = {}
        for active in self._app.screen.active_bindings.values():
            if not active.binding.id or active.binding.id in BY_ID:
                continue
            meaning = active.tooltip or active.binding.description
            keys.setdefault(meaning, []).append(active.binding.key)
        return [(", ".join(names), meaning) for meaning, names in keys.items()]

    def palette(self) -> None:
        """Open the command palette."""
        self._app.action_command_palette()

    def quit(self) -> None:
        """Leave, and say what goes on."""
        word = "" if self._session.player else last_word(self._state, demo=self._session.demo)
        self._app.exit("", message=Text(printable(word)) if word else None)


def present_trouble(state: "State", opening: "Fault | None", own: "list[Fault]") -> "Fault | None":
    """Return the fault that matters most now, None when nothing is wrong."""
    if opening is not None:
        return opening
    if state.watch.fault or state.settings_fault:
        return state.watch.fault or state.settings_fault
    if state.verdict.cause:
        return fault_of(state.verdict)
    if state.iteration is not None and state.iteration.fault is not None:
        return state.iteration.fault
    newest = [*state.faults, *own]
    return newest[-1] if newest else None


def last_word(state: "State", *, demo: bool) -> str:
    """Return what to say on leaving, empty when nothing goes on."""
    if demo:
        return "stopping the demo and removing it"
    if state.deleting:
        return f"{state.name} is being deleted: this ends with it"
    if state.rollout is None or not state.rollout.serving:
        return ""
    at = f" at {state.rollout.url}" if state.rollout.url else ""
    word = f"{state.name} goes on running{at}: `redraft` opens the cockpit again"
    if state.watch.held_count:
        count = state.watch.held_count
        word += "; 1 changed file is" if count == 1 else f"; {count:,} changed files are"
        word += " not built"
    running = state.iteration is not None and state.iteration.running
    return f"{word}; the iteration under way was stopped" if running else word
