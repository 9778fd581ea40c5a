"""Columns: laying texts out in cells, so that wide characters and narrow panels stay in line."""

from rich.cells import cell_len
from textual.content import Content


def clipped(text: Content, width: int) -> Content:
    """Return a line that takes at most `width` cells, ended by `…` where it was longer."""
    return text.truncate(max(width, 1), ellipsis=True)


def padded(text: Content, width: int) -> Content:
    """Return a line of exactly `width` cells."""
    return text.truncate(max(width, 1), ellipsis=True, pad=True)


def spread(left: Content, right: Content, width: int) -> Content:
    """Return a line with `right` at its right end; `left` gives way when there is no room."""
    room = width - right.cell_length - 1
    if not right.plain or room < 1:
        return clipped(left, width)
    return Content.assemble(padded(left, room), " ", right)


def hung(lead: Content, text: Content, width: int) -> list[Content]:
    """Return a text behind a lead, wrapped at words, its further lines below its first."""
    inner = max(width - lead.cell_length, 8)
    first, *others = text.wrap(inner) or [text]
    indent = Content(" " * lead.cell_length)
    return [lead + first, *(indent + line for line in others)]


def folded(lead: Content, text: Content, width: int) -> list[Content]:
    """Return a text whole, cut into as many lines as it needs, the lead before each.

    Textual's own `fold` takes a line whose characters take fewer cells than they are many for the
    last one: of a text with accents that are characters of their own the end would be lost.
    """
    return [
        lead + line for line in text.divide(_cuts(text.plain, max(width - lead.cell_length, 8)))
    ]


def _cuts(text: str, width: int) -> list[int]:
    """Return where lines of at most `width` cells end."""
    cuts, taken = list[int](), 0
    for at, character in enumerate(text):
        cells = cell_len(character)
        if taken + cells > width:
            cuts.append(at)
            taken = 0
        taken += cells
    return cuts


def path_within(path: str, width: int) -> str:
    """Return a path of at most `width` cells; what is left out is the beginning, not the name."""
    if cell_len(path) <= width:
        return path
    while path and cell_len(path) > max(width - 1, 1):
        path = path[1:]
    return f"…{path}"


def short_pod(pod: str, cells: int) -> str:
    """Return a pod's name so that it fits, by its last parts: there pods of a workload differ."""
    if len(pod) <= cells:
        return pod
    parts = pod.split("-")
    if 4 <= len(parts[-1]) <= cells:
        return parts[-1]
    ends = ("-".join(parts[at:]) for at in range(1, len(parts)))
    whole = next((end for end in ends if len(end) <= cells), "")
    return whole or "…" + pod[max(0, len(pod) - cells + 1) :]
