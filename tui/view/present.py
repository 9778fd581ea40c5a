"""Presenting: states and outcomes as icon, word and colour. Pure.

Everything that comes from outside goes through `plain`: it becomes text, never markup and never an
escape code. Colour repeats what icon and word say already.
"""

from collections.abc import Iterable
from datetime import datetime

from textual.content import Content

from tui.model.faults import Fault
from tui.model.printing import printable
from tui.model.rollouts import Verdict

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
    "unchanged": ("=", GOOD),
    "superseded": ("»", MUTED),
    "interrupted": ("–", WARN),
    "pending": ("…", WARN),
    "progressing": ("▶", ACCENT),
    "none": ("·", MUTED),
    "built": ("✔", GOOD),
    "building": ("▶", ACCENT),
    "waiting": ("…", WARN),
    "ignored": ("·", MUTED),
    "no change": ("=", MUTED),
    "dropped": ("–", MUTED),
}
"""Icon and colour of every outcome."""


def plain(text: str, style: str = "") -> Content:
    """Return text from outside as content that shows it as it is."""
    return Content.styled(printable(text), style) if style else Content(printable(text))


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


def clock(time: float) -> str:
    """Return a Unix time as local hours, minutes and seconds."""
    return datetime.fromtimestamp(time).astimezone().strftime("%H:%M:%S")


def present_fault(fault: Fault, evidence: int = 12) -> Content:
    """Return a fault: sentence, place, evidence, remedy."""
    place = plain(f"{fault.place}: ", "bold") if fault.place else Content("")
    head = Content.assemble(icon("failed"), " ", place, plain(fault.sentence, f"bold {BAD}"))
    proof = [plain(f"  │ {line}", MUTED) for line in fault.evidence[-evidence:]]
    remedy = [plain(f"  → {fault.remedy}", WARN)] if fault.remedy else []
    return lines([head, *proof, *remedy])


def fault_of(verdict: Verdict) -> Fault:
    """Return a verdict as a fault, for the screen that shows one whole."""
    return Fault(verdict.cause, verdict.sentence, "failed", verdict.evidence, "", verdict.remedy)
