"""The header: one line that says what this is, where it runs and how it stands."""

from textual.content import Content
from textual.widgets import Static

from tui.model.printing import size
from tui.model.state import State, Watch
from tui.view.present import ACCENT, GOOD, MUTED, WARN, icon, joined, plain


class Header(Static):
    """Shows the header of a state."""

    DEFAULT_CSS = """
    Header {
        height: 1;
        background: $panel;
        color: $text;
        padding: 0 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def show(self, state: State, *, demo: bool = False) -> None:
        """Show a state."""
        self.update(present_header(state, self.size.width or 80, demo=demo))


def present_header(state: State, width: int, *, demo: bool = False) -> Content:
    """Return the header, as much of it as the width has room for, the important parts first."""
    name = Content.assemble(("redraft", f"bold {ACCENT}"), "  ", plain(state.name, "bold"))
    folder = plain(state.project, WARN if demo else MUTED)
    parts = [name, present_revision(state), present_watch(state.watch), present_url(state)]
    more = [
        plain(f"{state.environment} · {state.backend}", MUTED),
        folder if demo else Content(""),
        plain(f"on {state.context}", MUTED),
        Content.styled(f"disk {present_disk(state)}", MUTED),
    ]
    shown = [part for part in parts if part.plain]
    for part in more:
        if part.plain and joined([*shown, part], "  ").cell_length <= width - 2:
            shown.append(part)
    return joined(shown, "  ")


def present_revision(state: State) -> Content:
    """Return the revision and how it stands."""
    if state.deleted:
        return Content.styled("deleted", WARN)
    rollout = state.rollout
    if rollout is None or not rollout.revision:
        return Content.styled("not released yet", MUTED)
    outcome = state.verdict.outcome
    parts = [Content(f"revision {rollout.revision}"), icon(outcome), Content(outcome)]
    if rollout.serving and rollout.serving != rollout.revision:
        parts.append(Content(f"(revision {rollout.serving} serves)"))
    return joined(parts, " ")


def present_url(state: State) -> Content:
    """Return where the app answers."""
    url = state.rollout.url if state.rollout else ""
    return plain(url, f"underline {ACCENT}") if url else Content("")


def present_watch(watch: Watch) -> Content:
    """Return how files are watched, in icon and word."""
    if watch.held:
        return Content.styled(f"‖ {watch.held_count} held: {watch.held.replace('-', ' ')}", WARN)
    if watch.paused:
        queued = f", {watch.held_count} queued" if watch.held_count else ""
        return Content.styled(f"‖ paused{queued}", WARN)
    match watch.mode:
        case "native":
            return Content.styled("● watching", GOOD)
        case "polling":
            return Content.styled("↻ polling", WARN)
        case _:
            return Content.styled("○ not watching", MUTED)


def present_disk(state: State) -> str:
    """Return the bytes kept for this environment."""
    disk = state.disk
    return size(disk.snapshots + disk.dependencies + disk.logs)
