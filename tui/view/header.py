"""The header: one line that says what this is, where it runs and how it stands."""

from textual.content import Content
from textual.widget import Widget

from tui.model.printing import size
from tui.model.state import State, Watch
from tui.model.syncing import count_synced
from tui.view.columns import clipped, spread
from tui.view.present import ACCENT, GOOD, MUTED, WARN, icon, joined, muted, plain

GAP = "  "
LONGEST_CONTEXT = 24


class Header(Widget):
    """Shows the header of a state; composed as it is painted, for only then its width is known."""

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
    _state = State()
    _painted: Content | None = None

    def show(self, state: State) -> None:
        """Show a state."""
        self._state = state
        if self._painted is not None and not self._now().is_same(self._painted):
            self.refresh()

    def render(self) -> Content:
        """Return what there is room for."""
        painted = self._painted = self._now()
        return painted

    def _now(self) -> Content:
        return present_header(self._state, self.size.width)


def present_header(state: State, width: int) -> Content:
    """Return the header: always in the same order, the parts that matter least left out first."""
    brand, name = Content.styled("redraft", f"bold {ACCENT}"), plain(state.name, "bold")
    if not state.environment:
        return clipped(joined([brand, name], GAP), width)
    parts = [
        (5, brand),
        (0, name),
        (4, muted(state.environment)),
        (6, muted(state.backend)),
        (3 if state.backend == "local" else 1, muted(present_place(state))),
        (0, Content.styled("◆ protected", WARN) if state.protection else Content("")),
        (0, present_revision(state)),
        (2, present_url(state)),
        (7, muted(present_disk(state))),
    ]
    watch = present_watch(state.watch)
    return spread(_within(parts, width - watch.cell_length - 2), watch, width)


def present_place(state: State) -> str:
    """Return context and namespace; of a long context its end, where managed clusters are named."""
    context = state.context.removeprefix("unix://")
    if len(context) > LONGEST_CONTEXT:
        context = f"…{context[1 - LONGEST_CONTEXT :]}"
    return " / ".join(filter(None, (context, state.namespace)))


def _within(parts: list[tuple[int, Content]], width: int) -> Content:
    """Join as many parts as the width has room for; the highest numbers go first."""
    kept = [(rank, part) for rank, part in parts if part.plain]
    while joined((part for _, part in kept), GAP).cell_length > width:
        worst = max(rank for rank, _ in kept)
        if not worst:
            break
        kept = [(rank, part) for rank, part in kept if rank != worst]
    return joined((part for _, part in kept), GAP)


def present_revision(state: State) -> Content:
    """Return the revision and how it stands."""
    if state.deleting:
        return Content.styled("deleting …", WARN)
    if state.deleted:
        return Content.styled(f"– deleted{' elsewhere' * (state.deleted == 'elsewhere')}", WARN)
    rollout = state.rollout
    if state.unseen:
        return muted("looking at what runs …")
    if rollout is None and state.releases:
        return muted(f"revision {state.releases[-1].revision} …")
    if rollout is None or not rollout.revision:
        return Content.styled("· not released yet", MUTED)
    outcome = state.verdict.outcome
    parts = [Content(f"revision {rollout.revision}"), icon(outcome), Content(outcome)]
    if rollout.serving and rollout.serving != rollout.revision:
        parts.append(Content(f"({rollout.serving} serves)"))
    if word := count_synced(state):
        parts.append(Content.styled(f"+ {word}", WARN))
    return joined(parts, " ")


def present_url(state: State) -> Content:
    """Return where the app answers."""
    return plain(state.url, f"underline {ACCENT}") if state.url else Content("")


def present_watch(watch: Watch) -> Content:
    """Return how files are watched, in icon and word."""
    if watch.paused and watch.mode != "off":
        queued = f", {watch.held_count} queued" if watch.held_count else ""
        return Content.styled(f"‖ paused{queued}", WARN)
    if watch.held:
        return Content.styled(f"‖ {watch.held_count} held: {watch.held.replace('-', ' ')}", WARN)
    match watch.mode:
        case "native":
            return Content.styled("● watching", GOOD)
        case "polling":
            return Content.styled("↻ polling", WARN)
        case _:
            return Content.styled("○ not watching", MUTED)


def present_disk(state: State) -> str:
    """Return the bytes kept for this environment, nothing before they are known."""
    disk = state.disk
    used = disk.snapshots + disk.dependencies + disk.logs
    return f"disk {size(used)}" if used else ""
