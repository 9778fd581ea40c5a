"""A bench's results: what was measured, beside what, and how it compares with the aim."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `value` and `baseline` are medians in `unit`."""

    what: str
    value: float | None
    unit: str
    beside: str = ""
    baseline: float | None = None
    aim: str = ""
    met: bool | None = None
    """Whether the aim is met; None where there is none."""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the baseline it is."""
        return self.value / self.baseline if self.value is not None and self.baseline else None


Measure = Callable[[Path], list[Row]]
"""Takes a folder for its own use, returns what it measured there."""


def unmeasured(what: str, reason: str) -> Row:
    """Return the row of something that cannot be measured here."""
    return Row(what, None, "", note=f"skipped: {reason}")


def present(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    head = ["what", "measured", "beside", "ratio", "aim", "met"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(_cells(row)) + " |" for row in rows)])


def write(rows: list[Row], path: Path) -> None:
    """Write the rows as JSON."""
    path.write_text(json.dumps([asdict(row) | {"ratio": row.ratio} for row in rows], indent=1))


def _cells(row: Row) -> list[str]:
    beside = f"{row.beside}: {_number(row.baseline)} {row.unit}" if row.baseline else row.beside
    ratio = f"{row.ratio:.2f} x" if row.ratio else ""
    met = {None: "", True: "yes", False: "**no**"}[row.met]
    if row.value is None:
        return [row.what, row.note, beside, ratio, row.aim, met]
    note = f" ({row.note})" if row.note else ""
    return [row.what, f"{_number(row.value)} {row.unit}{note}", beside, ratio, row.aim, met]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
