import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tui.model.masking import MASK, MOST_LINES, Mask, SecretValue, mask_of

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\nb0c1d2e3f4\n-----END PRIVATE KEY-----\n"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIB\n-----END CERTIFICATE-----\n"


def shown(text: str, **values: str) -> str:
    return mask_of(SecretValue(name, one.encode()) for name, one in values.items())(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("password is k9#Fq2!xLw", f"password is {MASK}"),
        ("xk9#Fq2!xLwx", f"x{MASK}x"),
        ("k9#Fq2!xLwk9#Fq2!xLw", f"{MASK}{MASK}"),
        ("k9#Fq2!xL", "k9#Fq2!xL"),
        ("postgres://app:k9%23Fq2%21xLw@db/app", f"postgres://app:{MASK}@db/app"),
        ("token=azkjRnEyIXhMdw==", f"token={MASK}"),
    ],
)
def test_a_value_is_masked_wherever_it_stands(text: str, masked: str) -> None:
    assert shown(text, value="k9#Fq2!xLw") == masked


@pytest.mark.parametrize(
    "name", ["username", "POSTGRES_USER", "dbName", "DB_HOST", "db", "sslMode"]
)
def test_a_single_word_that_names_something_is_no_secret(name: str) -> None:
    assert shown("postgres is ready", **{name: "postgres"}) == "postgres is ready"
    assert shown("postgres-9 is ready", **{name: "postgres-9"}) == f"{MASK} is ready"


def test_a_single_word_is_masked_where_it_stands_alone() -> None:
    assert shown("it is supersecret", key1="supersecret") == f"it is {MASK}"
    assert shown("postgres is ready", DB_USER_PASSWORD="postgres") == f"{MASK} is ready"
    assert shown("postgresql is ready", DB_PASSWORD="postgres") == "postgresql is ready"
    assert shown("qwertyuiopasdfgh", user="qwertyuiopasdfgh") == MASK


@pytest.mark.parametrize("name", ["password", "DB_PASS", "apiKey", "token", "passphrase", "PIN"])
def test_a_short_value_is_masked_as_a_word_where_its_name_looks_secret(name: str) -> None:
    assert shown("it is hunter2", **{name: "hunter2"}) == f"it is {MASK}"
    assert shown(r'{"a": "\nhunter2"}', **{name: "hunter2"}) == rf'{{"a": "\n{MASK}"}}'
    assert shown("it is hunter22", **{name: "hunter2"}) == "it is hunter22"
    assert shown("it is hunter2", user="hunter2") == "it is hunter2"


@pytest.mark.parametrize("before", ["\x1b[1;32m", r"\u001b[32m", r"\n", "%20", "=", '"', "\n"])
def test_what_ends_an_escape_is_no_part_of_a_word(before: str) -> None:
    assert shown(f"a{before}hunter2 b", password="hunter2") == f"a{before}{MASK} b"


@pytest.mark.parametrize("value", ["true", "False", "null", "abc", "", " \n "])
def test_what_would_garble_every_log_is_no_secret(value: str) -> None:
    assert shown(f"{value} true abc x", AUTH_TOKEN=value) == f"{value} true abc x"


@pytest.mark.parametrize("value", ['quo"te\\d', "ümläuts!", "<a>&b;c/d", "p@ss w:rd/1"])
def test_a_value_is_masked_as_it_stands_in_json_and_in_urls(value: str) -> None:
    for_html = json.dumps(value)
    for mark, escape in (("<", r"\u003c"), (">", r"\u003e"), ("&", r"\u0026")):
        for_html = for_html.replace(mark, escape)
    for text in (
        json.dumps({"password": value}),
        json.dumps({"password": value}, ensure_ascii=False),
        json.dumps({"password": value}).replace("/", r"\/"),
        f'{{"password": {for_html}}}',
    ):
        assert shown(text, value=value) == f'{{"password": "{MASK}"}}', text
    assert shown(f"https://me:{quote(value, safe='')}@x", value=value) == f"https://me:{MASK}@x"


@pytest.mark.parametrize("before", ["", "u", "us", "use", "user:"])
def test_a_value_is_masked_in_base64_with_others(before: str) -> None:
    value = "k9#Fq2!xLw"
    whole = base64.b64encode(f"{before}{value}".encode()).decode()
    left = shown(f"Authorization: Basic {whole}", value=value)
    aligned = len(before) == 3  # then the character before it, which is not of it, goes as well
    kept = whole[: len(before) * 4 // 3 - aligned]
    assert left == f"Authorization: Basic {kept}{MASK}"
    lines = base64.b64encode(f"{before}{value}\n{before}".encode()).decode()
    assert shown(f'"{lines}"', value=value).startswith(f'"{kept}{MASK}')


def test_a_value_that_is_no_text_is_masked_in_base64() -> None:
    content = b"\xff\xfe\x00\x01binary\xfb\xff\xbf"
    mask = mask_of([SecretValue("keystore", content)])
    assert mask(base64.b64encode(content).decode()) == MASK
    assert mask(base64.urlsafe_b64encode(content).decode()) == MASK


def test_a_value_of_many_lines_is_masked_line_by_line() -> None:
    lines = KEY.splitlines()
    expected = [lines[0], MASK, MASK, lines[3]]
    mask = mask_of([SecretValue("tls.key", KEY.encode())])
    assert list(mask.lines(lines)) == expected
    assert mask(json.dumps(KEY)) == json.dumps("\n".join((*expected, "")), ensure_ascii=False)


def test_a_certificate_is_public() -> None:
    assert shown(CERTIFICATE, tls=CERTIFICATE) == CERTIFICATE
    assert shown(KEY, tls=CERTIFICATE + KEY).count(MASK) == 2
    assert shown(KEY, tls=KEY + CERTIFICATE).count(MASK) == 2


@pytest.mark.parametrize(
    "value",
    [
        "postgres://app:s3cr3t@db:5432/app",
        "redis://:s3cr3t@cache",
        "amqp://app:s3%63r3t@queue",
        '{"auths": {"registry:5000": {"username": "me", "password": "s3cr3t"}}}',
        '[{"token": ["s3cr3t"]}]',
        "user: app\npassword: 's3cr3t'\n",
        "spring.datasource.password = s3cr3t",
        'export API_TOKEN="s3cr3t";',
    ],
)
def test_what_looks_secret_inside_of_a_value_is_masked_too(value: str) -> None:
    assert shown("it is s3cr3t", config=value).startswith(f"it is {MASK}")
    assert shown("app me 5432", config=value) == "app me 5432"


def test_a_key_inside_of_json_is_masked_as_the_lines_that_it_has() -> None:
    assert shown(KEY, credentials=json.dumps({"private_key": KEY})).count(MASK) == 2


def test_secrets_that_overlap_leave_nothing_of_each_other() -> None:
    values = {"a": "abcd-1234-", "b": "1234-efgh-", "c": "abcd-1234-efgh-5678"}
    assert shown("x abcd-1234-efgh- y", **values) == f"x {MASK} y"
    assert shown("x abcd-1234-efgh-5678 y", **values) == f"x {MASK} y"


def test_an_empty_mask_gives_the_very_lines_back() -> None:
    lines = ["a", "b"]
    assert Mask().lines(lines) is lines
    assert mask_of([]) == Mask()
    assert mask_of([SecretValue("a", b"k9#Fq2!xLw")]).lines(lines) is lines


def test_neither_a_value_nor_its_mask_shows_it() -> None:
    value = SecretValue("password", b"k9#Fq2!xLw")
    assert "k9" not in repr((value, mask_of([value])))


def test_of_a_value_of_very_many_lines_the_first_ones_are_looked_for() -> None:
    lines = [f"secret line {number}" for number in range(MOST_LINES + 1)]
    mask = mask_of([SecretValue("file", "\n".join(lines).encode())])
    assert mask(f"{lines[MOST_LINES - 1]}.") == f"{MASK}."
    assert len(mask.anywhere) < MOST_LINES * 4


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="•"), max_size=40)
VALUES = st.lists(st.builds(SecretValue, TEXTS, TEXTS.map(str.encode)), max_size=5)


@given(VALUES, st.lists(st.one_of(TEXTS, st.text("ab1\n", max_size=20)), max_size=8))
def test_lines_are_masked_together_as_each_by_itself(
    values: list[SecretValue], lines: list[str]
) -> None:
    mask = mask_of(values)
    assert list(mask.lines(lines)) == [mask(line) for line in lines]


@given(VALUES, st.data())
def test_no_secret_is_left_and_nothing_else_is_lost(
    values: list[SecretValue], data: st.DataObject
) -> None:
    mask = mask_of(values)
    secrets = sorted(mask.anywhere | mask.encoded) or [""]
    pieces = data.draw(st.lists(st.one_of(TEXTS, st.sampled_from(secrets)), max_size=8))
    text = "".join(pieces)
    left = mask(text)
    assert not any(secret in left for secret in secrets if secret)
    position = 0
    for piece in left.split(MASK):
        position = text.index(piece, position) + len(piece)
    assert mask.words or mask(left) == left  # what stood beside a word may be masked now


PRINTED = st.characters(codec="utf-8", exclude_categories=["C", "Z"])


@given(st.text(PRINTED, min_size=8, max_size=60), st.binary(max_size=9))
def test_a_value_never_gets_through_in_any_of_its_forms(value: str, before: bytes) -> None:
    assume(not value.startswith("-----"))
    mask = mask_of([SecretValue("value", value.encode())])
    encoded = base64.b64encode(before + value.encode()).decode()
    for form in (value, json.dumps(value)[1:-1], quote(value, safe=""), encoded):
        assert MASK in mask(f"<{form}>"), form
