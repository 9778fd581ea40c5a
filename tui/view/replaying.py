"""Replaying: the cockpit on a recorded run, with keys to pause, to step and to change speed."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.engine.replaying import Player
from tui.model.commands import Command
from tui.model.state import State
from tui.view.cockpit import Cockpit
from tui.view.player_bar import PlayerBar
from tui.view.session import Session


def _key(keys: str, action: str, name: str, tooltip: str) -> Binding:
    known = f"replay.{action.partition('(')[0]}{'_back' if '-1' in action else ''}"
    return Binding(keys, action, name, show=False, id=known, tooltip=tooltip)


class ReplayCockpit(Cockpit):
    """Shows a recorded run; it changes nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("full_stop", "step", "Step", "Pause, and go on by one event"),
        _key("plus,equals_sign", "speed(1)", "Faster", "Play twice as fast"),
        _key("minus", "speed(-1)", "Slower", "Play half as fast"),
        _key("greater_than_sign", "to_end", "To the end", "Go to the end of the run"),
    ]

    def __init__(self, session: Session, player: Player) -> None:
        super().__init__(session, player.now)
        self._player = player

    def action_act(self, name: str) -> None:
        """Do what a row of ACTIONS says; where it would pause watching, pause the run."""
        if name != "watch":
            super().action_act(name)
            return
        self._player.toggle()
        self._show(self.state)

    def submit(self, command: Command) -> None:
        """Say that nothing can be asked for."""
        self.say("this is a recorded run: nothing of it can be changed")

    def action_step(self) -> None:
        """Pause, and tell one event."""
        self._player.step()

    def action_speed(self, by: int) -> None:
        """Play faster or slower."""
        self._player.change_speed(by)
        self._show(self.state)

    def action_to_end(self) -> None:
        """Tell all that is left."""
        self._player.to_end()

    def _show(self, state: State) -> None:
        super()._show(state)
        for bar in self.screen_stack[0].query(PlayerBar):
            bar.show(self._player)
