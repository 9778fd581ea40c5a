"""The desktop around the terminal: a browser for the app's address, a folder for pictures."""

import asyncio
import webbrowser
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_downloads_path


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


def downloads() -> Path:
    """Return the user's folder for downloads, or the home folder where there is none."""
    folder = user_downloads_path()
    return folder if folder.is_dir() else Path.home()
