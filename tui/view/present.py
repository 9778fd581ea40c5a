"""Presenting: states and outcomes as icon, word and colour. Pure.

Everything that comes from outside goes through `plain`: it becomes text, never markup and never an
escape code. Colour repeats what icon and word say already.
"""

from collections.abc import Iterable
from datetime import datetime

from textual.content import Content

from tui.model.evidence import telling
from tui.model.faults import Fault
from tui.model.printing import printable, seconds
from tui.model.rollouts import Verdict
from tui.view.columns import folded, hung
from tui.view.ticking import grain

MUTED = "dim"
GOOD = "$text-success"
BAD = "$text-error"
WARN = "$text-warning"
ACCENT = "$text-accent"

ICONS = {
    "done": ("✔", GOOD),
    "cached": ("✔", GOOD),
    "failed": ("✖", BAD),
    "cancelled": ("–", MUTED),
    "ready": ("✔", GOOD),
    "deployed": ("✔", GOOD),
    "unchanged": ("=", GOOD),
    "superseded": ("»", MUTED),
    "aborted": ("–", WARN),
    "interrupted": ("–", WARN),
    "pending": ("…", WARN),
    "progressing": ("▶", ACCENT),
    "none": ("·", MUTED),
    "built": ("✔", GOOD),
    "building": ("▶", ACCENT),
    "waiting": ("…", WARN),
    "syncing": ("▶", ACCENT),
    "synced": ("✔", GOOD),
    "ignored": ("·", MUTED),
    "no change": ("=", MUTED),
    "dropped": ("–", MUTED),
}
"""Icon and colour of every outcome."""

UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
"""Units of ages and their seconds."""

DIFF_STYLES = {"+": GOOD, "-": BAD, "@": ACCENT}
"""Colour of a unified diff's lines by their first character."""


def plain(text: str, style: str = "") -> Content:
    """Return text from outside as content that shows it as it is."""
    return Content.styled(printable(text), style) if style else Content(printable(text))


def muted(text: str) -> Content:
    """Return text from outside that is of less weight."""
    return plain(text, MUTED)


def icon(outcome: str) -> Content:
    """Return the icon of an outcome in its colour."""
    sign, style = ICONS.get(outcome, ("·", MUTED))
    return Content.styled(sign, style)


def worded(outcome: str, word: str = "") -> Content:
    """Return icon and word of an outcome."""
    _, style = ICONS.get(outcome, ("·", MUTED))
    return Content.assemble(icon(outcome), " ", (word or outcome, style))


def joined(parts: Iterable[Content | str], separator: str = "  ") -> Content:
    """Join what is not empty."""
    present = [part if isinstance(part, Content) else Content(part) for part in parts]
    return Content(separator).join([part for part in present if part.plain])


def lines(parts: Iterable[Content | str]) -> Content:
    """Put one part on each line."""
    return Content("\n").join([p if isinstance(p, Content) else Content(p) for p in parts])


def clock(time: float, layout: str = "%H:%M:%S") -> str:
    """Return a Unix time as local time; one beyond all calendars, of a damaged file, as `?`."""
    try:
        return datetime.fromtimestamp(time).astimezone().strftime(layout)
    except (OverflowError, ValueError, OSError):
        return "?"


def age(duration: float) -> str:
    """Return an age as coarsely as kubectl does, and coarser: `20 s`, `14 m`, `3 h`, `2 d`."""
    whole = max(0, int(duration))
    step = grain(whole)
    unit, length = next((u, n) for u, n in UNITS if step >= n)
    return f"{whole // step * step // length} {unit}"


def taken(began: float, lasted: float | None, now: float) -> Content:
    """Return how long something took, or has taken so far."""
    return muted(seconds(now - began if lasted is None else lasted))


def present_fault(fault: Fault, width: int, evidence: int = 12) -> list[Content]:
    """Return a fault in lines: place and sentence, evidence, remedy."""
    place = plain(f"{fault.place}: ", "bold") if fault.place else Content("")
    sentence = place + plain(fault.sentence, f"bold {BAD}")
    shown = telling(fault.evidence, evidence)
    return [
        *hung(icon("failed") + " ", sentence, width),
        *(part for line in shown for part in present_proof(line, width)),
        *present_remedy(fault.remedy, width),
    ]


def present_proof(line: str, width: int) -> list[Content]:
    """Return a line of evidence, whole."""
    return folded(muted("  │ "), muted(line), width)


def present_remedy(remedy: str, width: int) -> list[Content]:
    """Return what to do about it, where that is known."""
    return hung(Content.styled("  → ", WARN), plain(remedy, WARN), width) if remedy else []


def present_diff_line(row: str) -> Content:
    """Return a line of a unified diff in its colour."""
    return plain(row, DIFF_STYLES.get(row[:1], MUTED))


def fault_of(verdict: Verdict) -> Fault:
    """Return a verdict as a fault, for the screen that shows one whole."""
    return Fault(verdict.cause, verdict.sentence, "failed", verdict.evidence, "", verdict.remedy)
