"""Probing a registry: does it take from this engine and these credentials what is pushed.

Only a push tells: it goes the engine's way, by its proxies and its certificates. What is pushed is
an image of one empty layer, under a tag of its own that every further probe uses again.
"""

import io
import json
import tarfile
from contextlib import aclosing
from typing import TYPE_CHECKING

from tui.clients.docker.engine import Engine
from tui.clients.docker.push import push_image

if TYPE_CHECKING:
    from docker import APIClient

TAG = "redraft-doctor"


async def probe_push(engine: Engine, repository: str) -> None:
    """Push an empty image to `repository`, with the tag `TAG`; raises FaultError."""
    await engine.ask(lambda client: _make(client, repository))
    try:
        async with aclosing(push_image(engine, repository, TAG)) as progress:
            async for _ in progress:
                pass
    finally:
        await engine.ask(lambda client: _remove(client, f"{repository}:{TAG}"))


def _make(client: "APIClient", repository: str) -> None:
    """Import the image, then name it: Podman 4.3.1 takes no tag while it imports."""
    said = client.import_image_from_data(_empty_tar())
    client.tag(json.loads(said.splitlines()[-1])["status"], repository, TAG)


def _remove(client: "APIClient", reference: str) -> None:
    client.remove_image(reference, noprune=True)


def _empty_tar() -> bytes:
    """Return a tar archive of one empty folder: engines take no archive of nothing."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        folder = tarfile.TarInfo("redraft")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o755
        archive.addfile(folder)
    return content.getvalue()
