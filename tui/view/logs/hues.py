"""Hues: which colour each pod has among the lines."""

HUES = 6


class Hues:
    """Gives every pod a hue for as long as the screen lives.

    It is the one that its name asks for, the same in every session, unless one of the pods that
    came last has it: the pods of one release never look alike while they are no more than the hues.
    """

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def of(self, pod: str) -> int:
        """Return the pod's hue, a number below HUES."""
        if pod not in self._given:
            taken = set(list(self._given.values())[1 - HUES :])
            wished = int.from_bytes(pod.encode()) % HUES
            turns = ((wished + step) % HUES for step in range(HUES))
            self._given[pod] = next(hue for hue in turns if hue not in taken)
        return self._given[pod]
