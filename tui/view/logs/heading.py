"""Heading: the line above the log lines that tells which are shown."""

from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.model.counts import count_of
from tui.model.frozen import frozen
from tui.model.loglines import LogFilter

EVERYTHING = LogFilter()
STREAMS = {"stdout": "stdout", "stderr": "stderr", "build": "builds", "redraft": "redraft"}


@frozen
class Facts:
    """What the heading tells."""

    wanted: LogFilter = EVERYTHING
    shown: int = 0
    total: int = 0
    following: bool = True
    scanning: float | None = None
    """How much of the store the filter has looked at, from 0 to 1; None when it is done."""
    search: str = ""
    fault: str = ""


def present_choice(wanted: LogFilter) -> str:
    """Return in words what a filter lets through."""
    pods = ", ".join(sorted(wanted.pods)) or "all pods"
    parts = [
        pods,
        f"revision {', '.join(map(str, sorted(wanted.revisions)))}" if wanted.revisions else "",
        ", ".join(STREAMS.get(stream, stream) for stream in sorted(wanted.streams - {"marker"})),
        f"level ≥ {wanted.level.name.lower()}" if wanted.level else "",
        f"/{wanted.include}/" if wanted.include else "",
        f"-/{wanted.exclude}/" if wanted.exclude else "",
    ]
    return " · ".join(part for part in parts if part)


def present_count(facts: Facts) -> str:
    """Return how many lines are shown, of how many."""
    of = "" if facts.wanted == EVERYTHING else f"{facts.shown:,} of "
    return f"{of}{count_of(facts.total, 'line')}"


def present_heading(facts: Facts, width: int) -> Content:
    """Return the heading, `width` cells: the choice on the left, count and mode on the right."""
    mode = "● following" if facts.following else "‖ paused"
    if facts.scanning is not None:
        mode = f"scanning {int(facts.scanning * 100)} % · {mode}"
    count = present_count(facts)
    right = f" {count} · {mode}" if width >= 50 else f" {mode}"
    left = present_choice(facts.wanted)
    left += f" · search /{facts.search}/" if facts.search else ""
    if facts.fault:
        left = f"✖ {facts.fault}"
    room = max(0, width - cell_len(right))
    left = left if cell_len(left) <= room else set_cell_size(left, max(0, room - 1)) + "…"
    style = "$text-error" if facts.fault else "$text-muted"
    right_style = "$text-success" if facts.following else "$text-warning"
    return Content.assemble((set_cell_size(left, room), style), (right, right_style))


def present_empty(facts: Facts) -> str:
    """Return why there are no lines to be seen."""
    if facts.fault:
        return f"✖ {facts.fault}"
    if not facts.total:
        return "no lines yet: what the app, its builds and redraft say appears here"
    if facts.scanning is not None:
        return f"scanning {int(facts.scanning * 100)} %"
    return f"no line matches {present_choice(facts.wanted)}\nbackspace shows all lines again"


class Heading(Widget):
    """Shows the facts in one line."""

    DEFAULT_CSS = """
    Heading { height: 1; background: $boost; }
    """
    ALLOW_SELECT: ClassVar[bool] = False
    facts: reactive[Facts] = reactive(Facts())

    def render(self) -> Content:
        """Draw the line."""
        return present_heading(self.facts, self.size.width)
