"""Sanitising: log text may not command the terminal it is shown on. Pure.

Escape sequences (colours, titles, clipboard writes, cursor moves) are taken out whole; of a line
that a carriage return wrote over, what a terminal would show at the end is kept; whatever control
character is left is shown by its picture, and direction overrides by their code. A sequence that
is begun and not ended loses its beginning only: the rest of the line may be what matters.
"""

import re
import unicodedata
from collections.abc import Sequence

from tui.model.printing import TAB, is_plain

ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # OSC, DCS …
    r"|\x1b[ -/]*[0-~]"  # two-character sequences and charset choices
    r"|[\x07\x08]"  # bells and backspaces
)
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of text, so that a line reads otherwise than it is."""
HARMLESS = frozenset({"Cf", "Co"})
"""Joiners of emoji and the private signs of terminal fonts are not printable, yet only shown."""


def sanitise(text: str) -> str:
    """Return a text that is safe to show and as long as it looks; idempotent."""
    if text.isprintable():
        return text
    text = ESCAPES.sub("", text)
    if "\r" in text:
        text = _overwritten(text)
    if "\t" in text:
        text = text.expandtabs(TAB)
    return text if text.isprintable() else "".join(map(_shown, text))


def sanitise_all(texts: Sequence[str]) -> list[str]:
    """Return texts that are safe to show; most by far are, which is asked of all at once."""
    return list(texts) if is_plain("".join(texts)) else [sanitise(text) for text in texts]


def _overwritten(text: str) -> str:
    """Return what a terminal would show of a line with carriage returns."""
    parts = [part for part in text.split("\r") if part]
    return parts[-1] if parts else ""


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    category = unicodedata.category(character)
    if category in HARMLESS and character not in TURNING:
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    if category == "Zs":
        return " "
    return f"<{code:04x}>"
