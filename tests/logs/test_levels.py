import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.logs.levels import _searched, level_of
from tui.model.loglines import Level

LINES = [
    ("INFO ready", Level.INFO),
    ("2026-01-02 10:00:00,123 ERROR orders failed", Level.ERROR),
    ("2026-01-02T10:00:00Z WARN slow", Level.WARNING),
    ("10:00:00 [main] DEBUG c.e.App - hi", Level.DEBUG),
    ("[ERROR] boom", Level.ERROR),
    ("<warning> disk", Level.WARNING),
    ("W0102 10:00:00.1 pod.go:3] late", Level.WARNING),
    ('{"level":"error","msg":"x"}', Level.ERROR),
    ('{"severity": "CRITICAL"}', Level.FATAL),
    ('{"level":30,"msg":"x"}', Level.INFO),
    ('{"level":60}', Level.FATAL),
    ("time=1 level=warn msg=late", Level.WARNING),
    ("Traceback (most recent call last):", Level.ERROR),
    ("ValueError: no such order", Level.ERROR),
    ("django.db.utils.OperationalError: gone", Level.ERROR),
    ("panic: runtime error", Level.FATAL),
    ("npm ERR! missing script", Level.ERROR),
    ('127.0.0.1 - - [x] "GET / HTTP/1.1" 503 -', Level.ERROR),
    ('127.0.0.1 - - [x] "GET / HTTP/1.1" 404 -', Level.WARNING),
    ('127.0.0.1 - - [x] "GET / HTTP/1.1" 200 -', Level.INFO),
    ("INFO:     Started server process", Level.INFO),
    ("2026-01-02 10:00 - app - ERROR - boom", Level.ERROR),
    ("12:00:01 ERR database down", Level.ERROR),
    ("fail: Microsoft.Hosting[0]", Level.ERROR),
    ('{"msg":"saw [ERROR] there","level":"info"}', Level.INFO),
    ('{"asctime":"x","levelname":"WARNING"}', Level.WARNING),
    ('INFO:     127.0.0.1:1 - "GET / HTTP/1.1" 500 Internal Server Error', Level.ERROR),
    ("Alert sent to user", Level.UNKNOWN),
    ("Error handling is done elsewhere", Level.UNKNOWN),
    ("no errors found", Level.UNKNOWN),
    ("error_count=0", Level.UNKNOWN),
    ("GET /errors/ 200", Level.UNKNOWN),
    ("info-panel loaded", Level.UNKNOWN),
    ("    ctx.pop(error)", Level.UNKNOWN),
    ("    count = self.seen[error]", Level.UNKNOWN),
    ("2026-01-02 10:00:00|ERROR|orders failed", Level.ERROR),
    ("worker (error) gone", Level.ERROR),
    ("hello", Level.UNKNOWN),
    ("", Level.UNKNOWN),
]


@pytest.mark.parametrize(("message", "level"), LINES)
def test_the_level_is_the_one_the_line_says(message: str, level: Level) -> None:
    assert level_of(message) is level


@given(st.text())
def test_any_text_has_a_level(text: str) -> None:
    assert level_of(text) in Level


WORDS = (
    "INFO ERROR WARN FAIL info found Found FOUND - : [INFO] level=error HTTP/1.1 no errors TRACE "
    "INFO: FATAL"
)
words = st.sampled_from([*WORDS.split(), "  ", '"GET / HTTP/1.1" 500', '"get / Http/1.1" 404'])


@given(st.lists(words, max_size=6).map(" ".join))
@example('INFO "get / http/1.1" 500')
@example("ERROR  FOUND none")
def test_the_short_way_finds_what_the_expression_finds(message: str) -> None:
    assert level_of(message) == _searched(message)
