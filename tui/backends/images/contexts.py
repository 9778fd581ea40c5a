"""Build contexts: what is hashed is what is kept is what is sent.

A build reads the context folder, not the project, so that files may change while it runs. The
Dockerfile lies beside it with an ignore file that ignores nothing: what is ignored has been left
out already, by the rules that the hash was made by, and no builder may apply others.
"""

import contextlib
import hashlib
import os
from collections.abc import Collection
from pathlib import Path

from tui.backends.images.recipe import Recipe, recipe_of
from tui.clients.disk import disk_faults
from tui.clients.files.context import HashCache, scan_context
from tui.clients.files.context_folder import ContextFolder
from tui.clients.files.manifest import Manifest
from tui.clients.files.snapshots import Snapshots
from tui.config.environment import Environment
from tui.model.changes import CONTEXT_CHANGED
from tui.model.faults import Fault, FaultError
from tui.model.images import FileDifference

IGNORES_NOTHING = "# What is ignored has been left out of the context already.\n"


class Contexts:
    """The build contexts of one environment, below its state folder. Blocking."""

    def __init__(self, project: Path, state: Path) -> None:
        self._project = project
        self._hashes = HashCache(state / "hashes")
        self._snapshots = Snapshots(state)
        self._build = state / "build"
        self._folder = ContextFolder(self._build / "context", self._snapshots)
        self._images = state / "images"

    def take(self, environment: Environment) -> Recipe:
        """Look at the tree and keep it; raises FaultError."""
        manifest = scan_context(self._project, self._hashes, environment.dockerfile)
        dockerfile = self._dockerfile(environment.dockerfile, manifest)
        self._snapshots.add(self._project, manifest)
        recipe = recipe_of(environment, manifest, dockerfile)
        with disk_faults("keeping the image's files", self._images):
            self._images.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._images / recipe.tag).write_text(manifest.tag)
        return recipe

    def lay_out(self, recipe: Recipe) -> tuple[Path, Path]:
        """Return the context's folder and the Dockerfile's path, both as the recipe has them.

        Raises FaultError.
        """
        self._folder.hold(recipe.manifest)
        dockerfile = self._build / "Dockerfile"
        with disk_faults("laying out the Dockerfile", dockerfile):
            dockerfile.write_bytes(recipe.dockerfile)
            dockerfile.with_name("Dockerfile.dockerignore").write_text(IGNORES_NOTHING)
        return self._folder.path, dockerfile

    def files(self, tag: str) -> dict[str, str]:
        """Return the files of an image's context by path, each with its content's SHA-256.

        Raises FaultError when its snapshot is not kept any more.
        """
        entries = self._snapshots.manifest(self._context_tag(tag)).entries
        return {entry.path: entry.sha256 for entry in entries}

    def changed(self, old_tag: str, new_tag: str) -> tuple[str, ...]:
        """Return the files in which the contexts differ; none when one is not kept any more."""
        tags = (self._context_tag(old_tag), self._context_tag(new_tag))
        return self._snapshots.changed(*tags) if all(map(self._snapshots.has, tags)) else ()

    def difference(self, old_tag: str, new_tag: str) -> tuple[FileDifference, ...]:
        """Return how the contexts of two images differ; nothing when one is not kept any more."""
        tags = (self._context_tag(old_tag), self._context_tag(new_tag))
        return self._snapshots.difference(*tags) if all(map(self._snapshots.has, tags)) else ()

    def prune(self, keep: Collection[str]) -> tuple[tuple[str, ...], int]:
        """Delete all snapshots but those of these images; return image tags and bytes freed."""
        doomed = [file for file in self._listed() if file.name not in keep]
        _, freed = self._snapshots.prune({self._context_tag(tag) for tag in keep})
        for file in doomed:
            file.unlink(missing_ok=True)
        return tuple(sorted(file.name for file in doomed)), freed

    def size(self) -> int:
        """Return the bytes that all snapshots take together."""
        return self._snapshots.size()

    def _dockerfile(self, name: str, manifest: Manifest) -> bytes:
        """Return the very content that was hashed; a Dockerfile out of the context is read once."""
        entry = manifest.by_path().get(name)
        try:
            content = (self._project / name).read_bytes()
        except FileNotFoundError as error:
            raise FaultError(_missing(name)) from error
        except OSError as error:
            raise FaultError(_unreadable(name, os.strerror(error.errno or 0))) from error
        if (
            entry is not None
            and not entry.link
            and entry.sha256 != hashlib.sha256(content).hexdigest()
        ):
            raise FaultError(_changed(name))
        return content

    def _context_tag(self, tag: str) -> str:
        with contextlib.suppress(OSError):
            return (self._images / tag).read_text()
        return tag

    def _listed(self) -> list[Path]:
        return list(self._images.iterdir()) if self._images.is_dir() else []


def _missing(name: str) -> Fault:
    return Fault(
        "dockerfile-missing",
        f"there is no {name} in the project",
        "usage",
        place=name,
        remedy="write one with `redraft create`, or name yours: `dockerfile` in draft.toml",
    )


def _unreadable(name: str, why: str) -> Fault:
    return Fault(
        "dockerfile-unreadable",
        f"{name} cannot be read: {why}",
        "usage",
        place=name,
        remedy="make it a readable file",
    )


def _changed(name: str) -> Fault:
    return Fault(
        CONTEXT_CHANGED,
        f"{name} changed while it was read",
        remedy="save again, or wait until what writes it is done",
    )
