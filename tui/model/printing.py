"""Printing: making any text safe and short to show. Pure."""

SPARKS = "▁▂▃▄▅▆▇█"
TAB = 8
"""Columns from one tab stop to the next, as terminals have them."""
PLAIN = bytes(range(0x20, 0x7F))


def is_plain(text: str, line_feeds: int = 0) -> bool:
    """Whether a text is all ASCII that shows: a third of the time of `str.isprintable`.

    Between lines it may have line feeds, no more and no fewer than it should.
    """
    return text.isascii() and text.encode().translate(None, PLAIN) == b"\n" * line_feeds


def printable(text: str) -> str:
    """Replace what a terminal would obey: control characters by their pictures, tabs by blanks."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _picture(c) for c in text.expandtabs(TAB))


def _picture(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"\\u{code:04x}"


def seconds(duration: float) -> str:
    """Return a duration as people say it: `0.4 s`, `12 s`, `3 m 05 s`, `2 h 10 m`."""
    if duration < 9.95:
        return f"{max(0.0, duration):.1f} s"
    whole = round(duration)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} m {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} m" if hours < 48 else f"{hours // 24} days"


def size(count: int) -> str:
    """Return a number of bytes as people say it: `812 B`, `4.1 MiB`."""
    value = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024 or unit == "GiB":
            break
        value /= 1024
    return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"


def progress(done: int, total: int, unit: str, speed: float) -> str:
    """Return how far something is: `3/5 files`, `1.2 MiB of 4.1 MiB, 3.0 MiB/s`."""
    if unit != "B":
        return f"{done}/{total} {unit}".rstrip() if total else ""
    if not done and not total:
        return ""
    far = f"{size(done)} of {size(total)}" if total else size(done)
    return f"{far}, {size(round(speed))}/s" if speed else far


def sparkline(values: tuple[float, ...]) -> str:
    """Return a bar a value, the largest the highest."""
    largest = max(values, default=0.0)
    if largest <= 0:
        return ""
    top = len(SPARKS) - 1
    return "".join(SPARKS[round(max(0.0, value) / largest * top)] for value in values)


def bar(done: int, total: int, width: int) -> str:
    """Return a progress bar of so many cells; empty when the total is unknown."""
    if total <= 0 or width <= 0:
        return ""
    filled = min(width, round(max(0, done) / total * width))
    return "▇" * filled + "░" * (width - filled)
