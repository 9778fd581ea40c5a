"""The rollout panel: the addresses, and the warning that they may bring with them."""

from dataclasses import replace

import pytest

from tests.view.situations import ENDPOINTS, REACHED
from tests.view.stage import staged
from tui.model.routes import Endpoint
from tui.view import browsing
from tui.view.panels.rollout import present_endpoint


@pytest.mark.parametrize(
    ("endpoint", "row"),
    [
        (ENDPOINTS[0], "✖ http://greeter.test HTTP 502 by 10.0.0.9 Ingress greeter"),
        (ENDPOINTS[1], "✔ http://127.0.0.1:30080 HTTP 200 NodePort greeter"),
        (
            replace(ENDPOINTS[1], reach="unknown", answer=""),
            "… http://127.0.0.1:30080 not answered yet NodePort greeter",
        ),
        (
            Endpoint("LoadBalancer", "greeter", "", "failing", "no address yet"),
            "✖ no address yet LoadBalancer greeter",
        ),
    ],
)
def test_an_address_has_its_answer(endpoint: Endpoint, row: str) -> None:
    assert " ".join(present_endpoint(endpoint, 80).plain.split()) == row


def test_an_address_from_outside_is_text_and_no_longer_than_the_panel() -> None:
    hostile = replace(ENDPOINTS[0], answer="HTTP 301 to [bold]x\x1b]0;boo\x07" + "y" * 200)
    row = present_endpoint(hostile, 60)
    assert row.cell_length <= 60
    assert "\x1b" not in row.plain


async def test_the_warning_and_the_addresses_are_on_the_screen_and_o_opens_the_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened = list[str]()

    async def browse(url: str, _: object) -> None:
        opened.append(url)

    monkeypatch.setattr(browsing, "browse", browse)
    async with staged(REACHED) as stage:
        await stage.shows(
            "ready, but HTTP 502", "http://127.0.0.1:30080  HTTP 200", "revision 15 ✔ ready"
        )
        await stage.press("o")
        await stage.until(lambda: opened)
    assert opened == ["http://127.0.0.1:30080"]
