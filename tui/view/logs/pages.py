"""Pages: the stored lines near what is on screen, kept for painting."""

from collections.abc import Callable, Iterable, Sequence

from tui.model.loglines import LogLine

MOST_LINES = 2_000
MOST_CHARACTERS = 4_000_000


class Pages:
    """Keeps lines read from the store by their id, the latest read at most."""

    def __init__(self, read: Callable[[Sequence[int]], list[LogLine]]) -> None:
        self._read = read
        self._lines: dict[int, LogLine] = {}
        self._characters = 0
        self.pods: set[str] = set()
        """The pods met so far."""

    def load(self, ids: Iterable[int]) -> frozenset[int]:
        """Read those of the ids not kept yet, in one go; return the ones the store does not have.

        Raises FaultError when the store cannot be read.
        """
        wanted = [line for line in ids if line not in self._lines]
        if not wanted:
            return frozenset()
        read = self._read(wanted)
        self._make_room(len(wanted), sum(len(line.message) for line in read))
        for line in read:
            self._lines[line.id] = line
            self._characters += len(line.message)
            self.pods.add(line.pod)
        return frozenset(wanted) - {line.id for line in read}

    def __contains__(self, line: int) -> bool:
        return line in self._lines

    def get(self, line: int) -> LogLine | None:
        """Return a line that was loaded, if the store has it."""
        return self._lines.get(line)

    def clear(self) -> None:
        """Forget everything."""
        self._lines.clear()
        self._characters = 0

    def _make_room(self, lines: int, characters: int) -> None:
        while self._lines and (
            len(self._lines) + lines > MOST_LINES or self._characters + characters > MOST_CHARACTERS
        ):
            gone = self._lines.pop(next(iter(self._lines)))
            self._characters -= len(gone.message)
