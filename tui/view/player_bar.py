"""The bar above a recorded run: how far it is played."""

from datetime import UTC, datetime

from textual.content import Content
from textual.widgets import Static

from tui.engine.replaying import Player
from tui.view.columns import clipped, spread
from tui.view.present import ACCENT, muted, plain

HINT = "w pause  . step  + - speed  > end"


class PlayerBar(Static):
    """Tells how far the run is played."""

    HELP = "A recorded run is played: what the keys would change has happened already."

    def show(self, player: Player) -> None:
        """Show where a player stands."""
        text = present_player(player, self.size.width)
        if not isinstance(self.content, Content) or not text.is_same(self.content):
            self.update(text)


def present_player(player: Player, width: int) -> Content:
    """Return one line: whether it plays, how fast, how far, what came last, and the keys."""
    mode = "■ end" if player.ended else "‖ paused" if player.paused else "▶ playing"
    when = datetime.fromtimestamp(player.last.time, UTC).astimezone() if player.last else None
    told = Content.assemble(
        ("replay  ", f"bold {ACCENT}"),
        plain(f"{mode} {player.speed:g}x", "bold"),
        f"  event {player.told:,} of {player.total:,}",
    )
    what = f"  {when:%H:%M:%S} {type(player.last.event).__name__}" if when and player.last else ""
    keys = HINT.replace("pause", "go on") if player.paused else HINT
    fitting = (told + left for left in (what, "") if told.cell_length + len(left + keys) < width)
    return spread(next(fitting, clipped(told, width)), muted(keys), width)
