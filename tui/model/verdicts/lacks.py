"""Lacks: what Kubernetes says is missing, by the words it says it with. Pure."""

import re
from collections.abc import Iterable, Sequence

from tui.model.frozen import frozen


@frozen
class Lack:
    """One thing that may be missing; sentence and remedy name it by the pattern's groups."""

    cause: str
    pattern: re.Pattern[str]
    sentence: str
    remedy: str


def find_lack(
    lacks: Sequence[Lack], texts: Iterable[str]
) -> tuple[Lack, tuple[str | None, ...]] | None:
    """Return the first of `lacks` that any text names, with what it names; None for none."""
    texts = tuple(texts)
    for lack in lacks:
        for text in texts:
            if match := lack.pattern.search(text):
                return lack, match.groups()
    return None
