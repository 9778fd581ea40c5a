"""Frames: of one the first row is drawn, the last, and one between, which are all alike."""

from collections.abc import Callable

from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Static


def draw_frame(draw: Callable[[Region], list[Strip]], crop: Region) -> list[Strip]:
    """Return the rows of a part of a widget that draws nothing inside its border."""
    if crop.height < 4:
        return draw(crop)
    first, inner = draw(Region(crop.x, crop.y, crop.width, 2))
    (last,) = draw(Region(crop.x, crop.bottom - 1, crop.width, 1))
    return [first, *[inner] * (crop.height - 2), last]


class Frame(Static):
    """A frame with nothing in it."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of a part of it."""
        return draw_frame(super().render_lines, crop)
