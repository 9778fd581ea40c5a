"""What was found in a block: its wanted lines, whole or as the columns that are printed."""

from collections.abc import Iterator, Sequence

from tui.logs.blocks import Block
from tui.model.frozen import frozen
from tui.model.loglines import LogLine, LogOrigin


@frozen
class Found:
    """Wanted lines of one block."""

    block: Block
    indexes: Sequence[int]
    """Where in the block they are, rising."""
    origins: Sequence[LogOrigin]

    def lines(self) -> list[LogLine]:
        """Return the lines."""
        return self.block.lines(self.indexes, self.origins)

    def columns(self) -> Iterator[tuple[int, str, str]]:
        """Return each line's time, pod and message: a third of the time that whole lines take."""
        times, numbers, messages = self.block.times, self.block.origins, self.block.messages
        pods = {number: self.origins[number].pod for number in self.block.said_by}
        if len(self.indexes) == len(self.block):
            return zip(times, map(pods.__getitem__, numbers), messages, strict=True)
        return ((times[at], pods[numbers[at]], messages[at]) for at in self.indexes)

    def parted(self) -> "tuple[Found, Found]":
        """Return what apps said, and the separators among it."""
        numbers = self.block.origins
        said_by = self.block.said_by
        marks = {number for number in said_by if self.origins[number].stream == "marker"}
        if not marks:
            return self, Found(self.block, (), self.origins)
        said = [at for at in self.indexes if numbers[at] not in marks]
        separators = [at for at in self.indexes if numbers[at] in marks]
        return Found(self.block, said, self.origins), Found(self.block, separators, self.origins)
