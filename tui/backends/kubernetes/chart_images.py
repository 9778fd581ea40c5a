"""Where a chart keeps the app's image, and what is put there.

A chart's values are its author's: the repository may be a `name`, the registry may stand apart, all
of it may be one text, and a schema may allow no other key. So it is given what it has itself, and
else the keys of Draft's charts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tui.backends.kubernetes.documents import Document, read_values
from tui.backends.kubernetes.manifests import images_of
from tui.model.faults import Fault, FaultError
from tui.model.images import Image

SCHEMA = "values.schema.json"
HUB, OFFICIAL = "docker.io", "library"
"""What an image's name stands for that names no registry, and no folder there either."""

Read = Callable[[Path], Any]
"""Returns what a file of values holds."""


def values_of(file: Path) -> Any:
    """Return what a file of values holds. Blocking.

    What cannot be read counts as nothing: helm tells what is wrong with it.
    """
    try:
        return read_values(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None


def known_at(chart: Path, files: Iterable[Path], keys: Sequence[str], read: Read) -> Any:
    """Return what is known below these keys before anything is given; None for nothing.

    The files win over the chart's own values, and those over its sub-charts'.
    """
    found: Any = None
    for value in (*_by_chart(chart, keys, read), *(_below(read(file), keys) for file in files)):
        if isinstance(found, dict) and isinstance(value, dict):
            found = {**found, **value}
        elif value is not None:
            found = value
    return found


def has_schema(chart: Path) -> bool:
    """Whether a schema, the chart's or a sub-chart's, may allow no other keys. Blocking."""
    return (chart / SCHEMA).is_file() or any(map(has_schema, (chart / "charts").glob("*")))


def image_values(image: Image, known: Any, *, strict: bool = False) -> Any:
    """Return what a chart is given for its image, by what is `known` in its place.

    Not in its values may be the digest, which its templates may look for all the same: it is left
    out only where a schema may forbid it (`strict`). The tag is a hash of the content as well.
    """
    if isinstance(known, str):
        return image.pulled
    table = known if isinstance(known, dict) else {}
    name = "name" if "name" in table and "repository" not in table else "repository"
    registry, path = _split(image.name)
    apart = "registry" in table
    return {
        **({"registry": registry} if apart else {}),
        name: path if apart else image.name,
        "tag": image.tag,
        **({} if strict and "digest" not in table else {"digest": image.digest}),
    }


def put_at(values: dict[str, Any], keys: Sequence[str], value: Any) -> None:
    """Put a value below these keys, beside what is there.

    Raises FaultError where that is no table, such as a number that draft.toml gives.
    """
    for at, key in enumerate(keys[:-1], start=1):
        below = values.setdefault(key, {})
        if not isinstance(below, dict):
            raise FaultError(_no_table(keys, ".".join(keys[:at])))
        values = below
    values[keys[-1]] = value


def see_tables(keys: Sequence[str], known: Callable[[Sequence[str]], Any]) -> None:
    """Raise FaultError where a value stands in the way of these keys: helm would drop it.

    Nothing, and a switch that is off, may stand where a table goes.
    """
    for at in range(1, len(keys)):
        if (value := known(keys[:at])) and not isinstance(value, dict):
            raise FaultError(_no_table(keys, ".".join(keys[:at])))


def places(chart: Path) -> tuple[str, ...]:
    """Return where a chart's values, and its sub-charts', seem to have images, as paths of keys."""
    subs = sorted((chart / "charts").glob("*/values.yaml"))
    below = (f"{sub.parent.name}.{place}" for sub in subs for place in places(sub.parent))
    return tuple(dict.fromkeys((*_places(values_of(chart / "values.yaml")), *below)))


def unused(image: Image, rendered: str, documents: Sequence[Document]) -> tuple[str, ...]:
    """Return the images that run where a chart has none of its containers run this one.

    Its tag, or its digest, is in what is rendered wherever it is used, in kinds unknown to us too.
    A chart without any container is not judged.
    """
    if image.tag in rendered or (image.digest and image.digest in rendered):
        return ()
    return tuple(dict.fromkeys(one for doc in documents for one in images_of(doc.object)))


def image_unused(image: Image, chart: Path, images: Sequence[str]) -> Fault:
    """Return the fault of a chart that would deploy something else than what was built."""
    found = places(chart)
    such = ", ".join(f'"{place}"' for place in found[:5]) or '"web.image"'
    return Fault(
        "image-unused",
        f"no container of the chart {chart.name} runs the app's image {image.name}",
        kind="usage",
        evidence=tuple(f"image: {one}" for one in images),
        place=f"{chart.name}/values.yaml",
        remedy="say in draft.toml where the chart's values have it: "
        f"`image-keys = [...]` with {'one of ' if len(found) > 1 else ''}{such}",
    )


def _no_table(keys: Sequence[str], above: str) -> Fault:
    return Fault(
        "image-keys-unfit",
        f"`image-keys` has {'.'.join(keys)}, but {above} is no table",
        kind="usage",
        place="draft.toml",
        remedy="name keys of the chart's values that lead through tables only",
    )


def _places(values: Any, above: str = "") -> Iterator[str]:
    for key, value in values.items() if isinstance(values, dict) else ():
        path = f"{above}{key}"
        if isinstance(value, dict):
            if "repository" in value or {"name", "tag"} <= value.keys():
                yield path
            yield from _places(value, f"{path}.")
        elif key == "image" and isinstance(value, str):
            yield path


def _by_chart(chart: Path, keys: Sequence[str], read: Read) -> Iterator[Any]:
    """Yield what a chart has below these keys, its sub-charts' values first."""
    below = chart / "charts" / keys[0]
    if len(keys) > 1 and below.is_dir():
        yield from _by_chart(below, keys[1:], read)
    yield _below(read(chart / "values.yaml"), keys)


def _below(value: Any, keys: Iterable[str]) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _split(name: str) -> tuple[str, str]:
    """Part an image's name into registry and path, as docker does."""
    host, slash, path = name.partition("/")
    if slash and (host == "localhost" or "." in host or ":" in host):
        return host, path
    return HUB, name if slash else f"{OFFICIAL}/{name}"
