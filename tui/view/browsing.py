"""Browsing: opening the app's address, where there is a browser with a window of its own."""

import asyncio
import webbrowser
from collections.abc import Callable


async def browse(url: str, say: Callable[[str], None]) -> None:
    """Open the URL, and say so with the URL itself, for there may be no browser here."""
    opened = await asyncio.to_thread(_open, url)
    say(f"opened {url}" if opened else f"no browser to open here: the app is at {url}")


def _open(url: str) -> bool:
    """Open the URL in a browser with a window; one made of text would fight for the terminal."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if type(browser) is webbrowser.GenericBrowser:
        return False
    return browser.open(url)
