"""Where a chart keeps the app's image, and what is put there.

A chart's values are its author's: the repository may be a `name`, the registry may stand apart, all
of it may be one text, and a schema may allow no other key. So it is given what it has itself, and
else the keys of Draft's and `helm create`'s charts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tui.backends.kubernetes.documents import read_values
from tui.model.images import Image

HUB, OFFICIAL = "docker.io", "library"
"""What an image's name stands for that names no registry, and no folder there either."""


def known_at(chart: Path, files: Iterable[Path], keys: Sequence[str]) -> Any:
    """Return what is known below these keys before anything is given; None for nothing.

    Blocking. The files win over the chart's own values, and those over its sub-charts'. What cannot
    be read counts as nothing: helm tells what is wrong with it.
    """
    found: Any = None
    for value in (*_by_chart(chart, keys), *(_below(_read(file), keys) for file in files)):
        if isinstance(found, dict) and isinstance(value, dict):
            found = {**found, **value}
        elif value is not None:
            found = value
    return found


def image_values(image: Image, known: Any) -> Any:
    """Return what a chart is given for its image, by what is `known` in its place.

    The digest decides where a chart knows it, and elsewhere the tag does, which is a hash of the
    content.
    """
    if isinstance(known, str) and known:
        return image.pulled
    table = known if isinstance(known, dict) else {}
    name = "name" if "name" in table and "repository" not in table else "repository"
    registry, path = _split(image.name)
    apart = "registry" in table
    return {
        **({"registry": registry} if apart else {}),
        name: path if apart else image.name,
        "tag": image.tag,
        **({"digest": image.digest} if "digest" in table else {}),
    }


def _by_chart(chart: Path, keys: Sequence[str]) -> Iterator[Any]:
    """Yield what a chart has below these keys, its sub-charts' values first."""
    below = chart / "charts" / keys[0]
    if len(keys) > 1 and below.is_dir():
        yield from _by_chart(below, keys[1:])
    yield _below(_read(chart / "values.yaml"), keys)


def _below(value: Any, keys: Iterable[str]) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _read(path: Path) -> Any:
    try:
        return read_values(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None


def _split(name: str) -> tuple[str, str]:
    """Part an image's name into registry and path, as docker does."""
    host, slash, path = name.partition("/")
    if slash and (host == "localhost" or "." in host or ":" in host):
        return host, path
    return HUB, name if slash else f"{OFFICIAL}/{name}"
