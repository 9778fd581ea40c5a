"""Levels: how severe a line says it is. Pure.

A level is believed where loggers write it: in a field of JSON or logfmt, in brackets, or as a word
near the beginning. A word anywhere else ("no errors found", "/errors/") says nothing.
"""

import re

from tui.model.loglines import Level

HEAD = 160
"""Characters of a line that are looked at."""

NAMES = {
    "trace": Level.TRACE,
    "verbose": Level.TRACE,
    "debug": Level.DEBUG,
    "dbg": Level.DEBUG,
    "info": Level.INFO,
    "notice": Level.INFO,
    "warn": Level.WARNING,
    "warning": Level.WARNING,
    "err": Level.ERROR,
    "error": Level.ERROR,
    "severe": Level.ERROR,
    "crit": Level.FATAL,
    "critical": Level.FATAL,
    "fatal": Level.FATAL,
    "alert": Level.FATAL,
    "emerg": Level.FATAL,
    "panic": Level.FATAL,
}
WORDS = "|".join(sorted(NAMES, key=len, reverse=True))
KLOG = {"I": Level.INFO, "W": Level.WARNING, "E": Level.ERROR, "F": Level.FATAL}
PINO = {1: Level.TRACE, 2: Level.DEBUG, 3: Level.INFO, 4: Level.WARNING, 5: Level.ERROR}

SAID = re.compile(
    rf"""
      ^\W{{0,3}}(?P<first>{WORDS})\b(?![-_/=.]|\s+found)
    | \b(?:level|lvl|severity)["']?\s*[=:]\s*["']?(?:(?P<field>{WORDS})\b|(?P<number>[1-6])0\b)
    | [\[<(|]\s*(?P<bracket>{WORDS})\s*[\]>)|]
    | ^(?P<klog>[IWEF])\d{{4}}\s\d\d:
    | (?:^|[\d\]Z,]\s+(?:\S+\s+)?)(?P<word>{WORDS.upper()})\b(?![-_/=])
    | (?P<traceback>^Traceback\s\(most\srecent)
    | ^(?P<panic>panic:|FATAL:|fatal:)
    | ^npm\s(?P<npm>ERR!)
    | HTTP/\d(?:\.\d)?"\s(?P<status>[1-5])\d\d\b
    | ^(?:\w+\.)*(?P<exception>\w+(?:Error|Exception))(?::|$)
    """,
    re.VERBOSE | re.IGNORECASE,
)
STATUS = {"4": Level.WARNING, "5": Level.ERROR}


HINTS = (
    *("info", "err", "warn", "debug", "http/", "level", "fatal", "crit", "trac", "exception"),
    *("notice", "panic", "sever", "lvl", "dbg", "verbose", "alert", "emerg"),
)
"""One of these is in every line that says its level, but for klog's: a tenth of the expression's
time tells that most lines need not be looked at."""


def level_of(message: str) -> Level:
    """Return the level a line says it has, UNKNOWN when it says none."""
    head = message[:HEAD]
    lowered = head.lower()
    if not any(hint in lowered for hint in HINTS) and not head[1:5].isdigit():
        return Level.UNKNOWN
    for said in SAID.finditer(head):
        level = _level(said)
        if level:
            return level
    return Level.UNKNOWN


def _level(said: "re.Match[str]") -> Level:
    kind, text = said.lastgroup or "", said[said.lastgroup or 0]
    match kind:
        case "first" | "field" | "bracket":
            return NAMES[text.lower()]
        case "word":
            return NAMES[text.lower()] if text.isupper() else Level.UNKNOWN
        case "number":
            return PINO.get(int(text), Level.FATAL)
        case "klog":
            return KLOG.get(text, Level.UNKNOWN)
        case "status":
            return STATUS.get(text, Level.INFO)
        case "panic":
            return Level.FATAL
        case _:
            return Level.ERROR
