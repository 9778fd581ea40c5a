"""Holding: changes that are held are asked about once, when no key is meant for something else."""

from typing import TYPE_CHECKING

from tui.model.state import State

if TYPE_CHECKING:
    from tui.view.cockpit import Cockpit


class Holding:
    """Knows what was asked about."""

    def __init__(self) -> None:
        self._asked_about: object = None

    def ask(self, app: "Cockpit", state: State) -> None:
        """Ask what to do about held changes; only tell of them while the user types."""
        held = None if state.watch.paused or app.session.player else state.watch.held
        if held in {self._asked_about, "paused", "protected"}:
            return
        self._asked_about = held
        if held is None:
            return
        from textual.widgets import Input

        if len(app.screen_stack) > 1 or isinstance(app.focused, Input):
            app.say("changes are held: decide about them with b")
        else:
            app.action_act("held")
