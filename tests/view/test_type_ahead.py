"""Keys that come faster than what they do: over a slow line, or pasted."""

import pytest
from textual.events import Key, Paste
from textual.widgets import Input

from tests.view import situations
from tests.view.stage import MISSING, Stage, staged
from tui.view.logs.filter_bar import FilterBar
from tui.view.screens.create import CreateScreen
from tui.view.type_ahead import Passed

NAMED = {"/": "slash", "\t": "tab", "\r": "enter", "?": "question_mark"}


def type_at_once(stage: Stage, text: str) -> None:
    """Put all keys into the app's queue before it sees the first."""
    for letter in text:
        named = NAMED.get(letter)
        stage.app.post_message(Key(named or letter, letter if letter.isprintable() else None))


async def test_what_is_typed_behind_a_key_goes_where_that_leads() -> None:
    async with staged(situations.BUILDING) as stage:
        type_at_once(stage, "/quit")
        await stage.shows("/quit/")
        assert stage.find(FilterBar).query_one("#include", Input).value == "quit"
        assert stage.engine.submitted == []


async def test_a_key_behind_the_text_of_a_field_is_a_key_again() -> None:
    async with staged(situations.BUILDING) as stage:
        type_at_once(stage, "/quit\r?")
        await stage.shows("Help")


async def test_what_is_pasted_behind_a_key_goes_where_that_leads() -> None:
    async with staged(situations.BUILDING) as stage:
        type_at_once(stage, "/")
        stage.app.post_message(Paste("quit"))
        await stage.shows("/quit/")


async def test_text_between_tabs_goes_into_one_field_each() -> None:
    async with staged(None, fault=MISSING) as stage:
        await stage.press("c")
        await stage.until(lambda: isinstance(stage.app.screen, CreateScreen))
        stage.app.screen.query_one("#context", Input).focus()
        await stage.pilot.pause()
        type_at_once(stage, "here\tteam\thost")
        fields = stage.app.screen.query(Input)
        await stage.until(lambda: "host" in [field.value for field in fields])
        values = {field.id: field.value for field in fields}
        assert (values["context"], values["namespace"]) == ("here", "team")


async def test_letters_stay_in_their_order() -> None:
    text = "".join(chr(ord("a") + number % 26) for number in range(100))
    async with staged(situations.BUILDING) as stage:
        type_at_once(stage, f"/{text}")
        field = stage.app.screen_stack[0].query_one("#include", Input)
        await stage.until(lambda: len(field.value) == len(text))
        assert field.value == text


async def test_a_key_whose_widget_is_taken_away_does_not_keep_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with staged(situations.BUILDING) as stage:
        monkeypatch.setattr(Passed, "bubble", False)
        type_at_once(stage, "/ab")
        await stage.shows("/ab/")
