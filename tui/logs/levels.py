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
    "fail": Level.ERROR,
    "severe": Level.ERROR,
    "crit": Level.FATAL,
    "critical": Level.FATAL,
    "fatal": Level.FATAL,
    "alert": Level.FATAL,
    "emerg": Level.FATAL,
    "panic": Level.FATAL,
}
WORDS = "|".join(sorted(NAMES.keys() - {"fail"}, key=len, reverse=True))
FIRST = {name.upper(): level for name, level in NAMES.items() if name != "fail"}
"""Words that need no expression when they are a line's first: most lines with a level are so."""
COUNTING = frozenset("fF \t")
"""How the rest begins where such a word may only be counted: "ERROR found in none of them"."""
KLOG = {"I": Level.INFO, "W": Level.WARNING, "E": Level.ERROR, "F": Level.FATAL}
PINO = {1: Level.TRACE, 2: Level.DEBUG, 3: Level.INFO, 4: Level.WARNING, 5: Level.ERROR}

SAID = re.compile(
    rf"""
      \b(?:level(?:name)?|lvl|severity)["']?\s*[=:]\s*["']?(?:(?P<field>{WORDS})\b|(?P<number>[1-6])0\b)
    | ^\W{{0,3}}(?P<first>{WORDS}|fail)(?=:(?!//)|\s?[\])|]|\s?-\s)
    | (?:(?<!\w)[\[<(]|\|)\s*(?P<bracket>{WORDS})\s*(?:/\w+\s*)?[\]>)|]
    | ^(?P<klog>[IWEF])\d{{4}}\s\d\d:
    | (?:^\W{{0,3}}|[\d\]Z,)]\s+(?:\S+\s+)?|\s-\s|[:|]\s)(?P<word>{WORDS.upper()})\b(?![-_/=.]|\s+found)
    | (?P<traceback>^Traceback\s\(most\srecent)
    | ^(?P<panic>panic:|fatal:)
    | ^npm\s(?P<npm>ERR!)
    | HTTP/\d(?:\.\d)?"\s(?P<status>[1-5])\d\d\b
    | ^(?:\w+\.)*(?P<exception>[A-Z]\w*(?:Error|Exception))(?::|$)
    """,  # noqa: E501 - one way of saying it a line
    re.VERBOSE | re.IGNORECASE,
)
STATUS = {"4": Level.WARNING, "5": Level.ERROR}
FIELD = re.compile(r"""["']?(?:level(?:name)?|lvl|severity)["']?\s*[=:]""", re.IGNORECASE)

HINTS = (
    *(
        "info",
        "err",
        "warn",
        "debug",
        "http/",
        "level",
        "fatal",
        "crit",
        "trac",
        "exception",
        "fail",
    ),
    *("notice", "panic", "sever", "lvl", "dbg", "verbose", "alert", "emerg"),
)
"""One of these is in every line that says its level, but for klog's: a tenth of the expression's
time tells that most lines need not be looked at."""


def level_of(message: str) -> Level:
    """Return the level a line says it has, UNKNOWN when it says none.

    An access log's own INFO gives way to what the answer's status says.
    """
    word, _, rest = message.partition(" ")
    first = FIRST.get(word)
    if first is None or (rest[:1] in COUNTING and rest.lstrip()[:5].lower() == "found"):
        return _searched(message)
    if first is Level.INFO and "/" in message and "http/" in message[:HEAD].lower():
        return _searched(message)
    return first


def _searched(message: str) -> Level:
    """Return the level that an expression finds in a line."""
    head = message[:HEAD]
    if head.startswith("{") and (field := FIELD.search(message)) is not None:
        head = message[field.start() : field.start() + HEAD]
    lowered = head.lower()
    if not any(hint in lowered for hint in HINTS) and not head[1:5].isdigit():
        return Level.UNKNOWN
    said = Level.UNKNOWN
    for match in SAID.finditer(head):
        level = _level(match)
        if match.lastgroup == "status":
            return level if said in {Level.UNKNOWN, Level.INFO} else said
        if level and not said:
            said = level
        if said is not Level.UNKNOWN and (said is not Level.INFO or "http/" not in lowered):
            return said
    return said


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
