"""The recipe of an image: everything that decides what is in it, and the tag that follows. Pure."""

import hashlib
import json

from tui.clients.files.manifest import TAG_LENGTH, Manifest
from tui.config.environment import Environment
from tui.model.frozen import frozen

PLAIN = "Dockerfile"


@frozen
class Recipe:
    """A build context and how an image is made of it."""

    manifest: Manifest
    dockerfile: bytes
    """The Dockerfile's content, which .dockerignore may keep out of the context."""
    tag: str


def recipe_of(environment: Environment, manifest: Manifest, dockerfile: bytes) -> Recipe:
    """Return the recipe of an environment's image."""
    return Recipe(manifest, dockerfile, image_tag(environment, manifest, dockerfile))


def image_tag(environment: Environment, manifest: Manifest, dockerfile: bytes) -> str:
    """Return the image's tag: the context's own, unless more than the context decides the image.

    Secrets, caches and builders decide nothing: whatever they are, the image must be the same.
    """
    in_context = any(entry.path == PLAIN for entry in manifest.entries)
    more = {
        "dockerfile": "" if environment.dockerfile == PLAIN and in_context else _sha256(dockerfile),
        "args": sorted(environment.image_build_args.items()),
        "target": environment.target,
        "platforms": sorted(environment.platforms),
    }
    if not any(more.values()):
        return manifest.tag
    said = json.dumps([manifest.tag, more], sort_keys=True)
    return _sha256(said.encode())[:TAG_LENGTH]


def repository(environment: Environment) -> str:
    """Return the image's name without a tag: in the registry where one is named."""
    registry = environment.registry.removesuffix("/")
    return f"{registry}/{environment.name}" if registry else environment.name


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
