"""Hammering an address: one request after the other, each on a connection of its own."""

import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hammered(url: str, hands: int = 4) -> Iterator[list[str]]:
    """Ask for as long as the block lasts; yield the answers, failures as `failed: ...`."""
    answers: list[str] = []
    ending = threading.Event()

    def hammer() -> None:
        while not ending.is_set():
            try:
                with urllib.request.urlopen(url, timeout=20) as response:
                    answers.append(response.read().decode())
            except OSError as error:
                answers.append(f"failed: {error}")

    threads = [threading.Thread(target=hammer) for _ in range(hands)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        ending.set()
        for thread in threads:
            thread.join()
