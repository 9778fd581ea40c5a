"""Wrapping: where a text is cut so that each part fits its screen line. Pure.

Widths are cells as the terminal counts them: wide characters take two, combining marks none, and
what belongs to one grapheme is never cut apart.
"""

from rich.cells import split_graphemes

LONGEST = 1000
"""Cells of a message shown in the list; Enter shows it whole."""


def abbreviated(message: str, longest: int = LONGEST) -> tuple[str, str]:
    """Return the part of a message shown in the list and the note on what is left out."""
    if len(message) <= longest // 2 or (len(message) <= longest and message.isascii()):
        return message, ""
    head = message[: cut(message[: longest * 4], longest)]
    left = len(message) - len(head)
    return (head, f"… +{left:,}") if left else (message, "")


def cut(text: str, cells: int) -> int:
    """Return how many leading characters take at most this many cells."""
    if text.isascii():
        return min(len(text), cells)
    spans, _ = split_graphemes(text)
    for start, _end, width in spans:
        cells -= width
        if cells < 0:
            return start
    return len(text)


def wrapped(text: str, width: int) -> list[int]:
    """Return where each screen line of the text begins, in characters; the first is always 0.

    A line ends after a space where one is in its last third. A grapheme wider than the width gets a
    line of its own.
    """
    if width <= 0:
        return [0]
    return _wrapped_plain(text, width) if text.isascii() else _wrapped_wide(text, width)


def _wrapped_plain(text: str, width: int) -> list[int]:
    starts, at = [0], 0
    while len(text) - at > width:
        space = text.rfind(" ", at + width - width // 3, at + width)
        at = at + width if space < 0 else space + 1
        starts.append(at)
    return starts


def _wrapped_wide(text: str, width: int) -> list[int]:
    starts = [0]
    used = space = space_used = 0
    for start, end, cells in split_graphemes(text)[0]:
        if used + cells > width and start > starts[-1]:
            late = space > starts[-1] and space_used > width - width // 3
            starts.append(space if late else start)
            used = used - space_used if late else 0
        used += cells
        if text[start] == " ":
            space, space_used = end, used
    return starts
