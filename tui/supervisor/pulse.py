"""A pulse: wakes everyone who waits for news; what happens while nobody looks counts as one."""

import asyncio


class Pulse:
    """Counts changes and wakes those who saw fewer."""

    def __init__(self) -> None:
        self._count = 1
        self._waiting: set[asyncio.Future[None]] = set()

    def strike(self) -> None:
        """Something changed."""
        self._count += 1
        waiting, self._waiting = self._waiting, set()
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def after(self, seen: int) -> int:
        """Wait until more than `seen` changes were counted; return how many."""
        while self._count <= seen:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(waiter)
            try:
                await waiter
            finally:
                self._waiting.discard(waiter)
        return self._count
