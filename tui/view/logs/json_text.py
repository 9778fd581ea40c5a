"""JSON text: laid out for reading without changing a character of any value. Pure.

The text is not parsed and written anew, which would lose repeated keys, the digits of numbers, and
turn escaped control characters into real ones: only the white space between its tokens changes.
"""

import itertools
import json
import re

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
INDENT = "  "
MOST_TRIES = 8
"""Brackets at which JSON is looked for: a line may begin with others, such as `[12:00]`."""
DECODER = json.JSONDecoder(parse_int=str)


def laid_out(message: str) -> str:
    """Return a message with the JSON object or array in it indented; others as they are."""
    for opening in itertools.islice(re.finditer(r"[{\[]", message), MOST_TRIES):
        end = _json_end(message, opening.start())
        if end:
            parts = (message[: opening.start()], message[opening.start() : end], message[end:])
            before, text, after = (part.strip() for part in parts)
            return "\n".join(part for part in (before, _indented(text), after) if part)
    return message


def _json_end(message: str, start: int) -> int:
    """Return where the JSON text that begins at `start` ends; 0 when none does or it is tiny."""
    try:
        value, end = DECODER.raw_decode(message, start)
    except (ValueError, RecursionError):
        return 0
    return end if value and (isinstance(value, dict) or len(value) > 1) else 0


def _indented(text: str) -> str:
    lines: list[str] = [""]
    depth = 0
    for token in TOKEN.findall(text):
        if token in "]}":
            depth -= 1
            lines.append(INDENT * depth)
        lines[-1] += f"{token} " if token == ":" else token
        if token in "[{":
            depth += 1
        if token in "[{,":
            lines.append(INDENT * depth)
    return re.sub(r"([\[{])\n\s*([\]}])", r"\1\2", "\n".join(lines))
