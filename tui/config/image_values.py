"""Checking the values of draft.toml that an image is built, named and pushed by; pure."""

import re
from itertools import permutations
from typing import Any

from tui.config.environment import BuildSecret
from tui.config.values import UnfitError, several, shown, text

# Patterns as texts: most files need few of them, and the first paint waits for this module.
TAG = r"(?a)\w[\w.-]{0,127}"
NAME = r"(?a)\w[\w.-]*"
PLATFORM = r"[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9]+)?"
REGISTRY = r"(?a)[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?(?:/[a-z0-9][a-z0-9._-]*)*/?"
KEY_PATH = r"[^\s.=]+(?:\.[^\s.=]+)*"
CACHE = r"[^\s-]\S*"


def tag(value: Any) -> str:
    """Check an image tag."""
    checked = text(value)
    if not re.fullmatch(TAG, checked):
        raise UnfitError(
            f"holds {shown(checked)}, no image tag", "use letters, digits, dots and dashes"
        )
    return checked


def registry(value: Any) -> str:
    """Check what an image's name begins with: a host or the hub's user, then folders."""
    checked = text(value)
    if checked and not re.fullmatch(REGISTRY, checked):
        remedy = 'write it like "registry.example.com/team", without "https://"'
        raise UnfitError(f"is {shown(checked)}, no registry", remedy)
    return checked


def plain_name(value: Any) -> str:
    """Check the name of a Dockerfile's stage or of a builder; empty stands for the default."""
    checked = text(value)
    if checked and not re.fullmatch(NAME, checked):
        raise UnfitError(f"is {shown(checked)}, no name", "use letters, digits, dots and dashes")
    return checked


def key_path(value: Any) -> str:
    """Check a path of keys in a chart's values."""
    checked = text(value)
    if not re.fullmatch(KEY_PATH, checked):
        raise UnfitError(f"holds {shown(checked)}, no path of keys", 'write it like "web.image"')
    return checked


def key_paths(value: Any) -> tuple[str, ...]:
    """Check paths of keys none of which may be within another: what is put there would go."""
    checked: tuple[str, ...] = several(key_path)(value)
    for outer, inner in permutations(checked, 2):
        if inner.startswith(f"{outer}."):
            problem = f"holds {shown(inner)}, which is in {shown(outer)}, another of its paths"
            raise UnfitError(problem, f'keep only "{outer}" or "{inner}"')
    return checked


def platform(value: Any) -> str:
    """Check a platform as images name them."""
    checked = text(value)
    if not re.fullmatch(PLATFORM, checked):
        remedy = 'write it like "linux/amd64" or "linux/arm/v7"'
        raise UnfitError(f"holds {shown(checked)}, no platform", remedy)
    return checked


def build_secret(value: Any) -> BuildSecret:
    """Check a build secret, written as `docker buildx build --secret` takes it."""
    checked = text(value)
    parts = dict(part.partition("=")[::2] for part in checked.split(","))
    name = parts.get("id", "")
    source = parts.get("src") or parts.get("env")
    if not re.fullmatch(NAME, name) or not source or len(parts) != 2:
        raise UnfitError(
            f"holds {shown(checked)}, no build secret",
            'write it like "id=npm,src=.npmrc" or "id=token,env=NPM_TOKEN"',
        )
    return BuildSecret(name, "file" if "src" in parts else "variable", source)


def cache(value: Any) -> str:
    """Check a cache as buildx names them: an image, or `type=...,...`."""
    checked = text(value)
    if not re.fullmatch(CACHE, checked):
        remedy = 'write it like "type=registry,ref=registry.example.com/greeter:cache"'
        raise UnfitError(f"holds {shown(checked)}, no cache", remedy)
    return checked
