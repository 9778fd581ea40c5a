"""Charts: which one an environment is deployed by, and what is given to it."""

from functools import cache
from pathlib import Path
from typing import Any

from tui.backends.kubernetes.chart_images import (
    has_schema,
    image_values,
    known_at,
    put_at,
    see_tables,
    values_of,
)
from tui.clients.helm.verbs import ChartCall
from tui.config.deployed import CHARTS
from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.model.images import Image

IMAGE = "image"


def find_chart(project: Path, environment: Environment) -> Path:
    """Return the chart's folder: `chart` of draft.toml, else the first in charts/.

    Raises FaultError when there is none.
    """
    if environment.chart:
        return _checked(project / environment.chart, environment.chart)
    found = sorted(path.parent for path in (project / CHARTS).glob("*/Chart.yaml"))
    if not found:
        raise FaultError(
            Fault(
                "chart-missing",
                "there is no chart to deploy: charts/ has no folder with a Chart.yaml",
                kind="usage",
                place=f"{CHARTS}/",
                remedy="run `redraft create`, or set `chart` or `manifests` in draft.toml",
            )
        )
    return found[0]


def chart_call(
    project: Path, environment: Environment, image: Image, pull_secret: str = ""
) -> ChartCall:
    """Return the chart and its values; raises FaultError for a file that is not there.

    Blocking: of a chart that brings others in, the values are long.
    """
    chart = find_chart(project, environment)
    files = tuple(_checked(project / name, name) for name in environment.values)
    values, strict = chart_values(environment, pull_secret), has_schema(chart)
    read = cache(values_of)
    for path in environment.image_keys or (IMAGE,):
        keys = path.split(".")
        see_tables(keys, lambda above: known_at(chart, files, above, read))
        known = known_at(chart, files, keys, read)
        put_at(values, keys, image_values(image, known, strict=strict))
    return ChartCall(chart, files, values, environment.set, image)


def chart_values(environment: Environment, pull_secret: str = "") -> dict[str, Any]:
    """Return what is given besides the image; what draft.toml does not say is the chart's own."""
    values: dict[str, Any] = {}
    if environment.replicas:
        values["replicaCount"] = environment.replicas
    if environment.env:
        values["env"] = dict(environment.env)
    if environment.probe_path:
        values["probe"] = {"path": environment.probe_path}
    if pull_secret:
        values["imagePullSecrets"] = [{"name": pull_secret}]
    return values


def _checked(path: Path, written: str) -> Path:
    if path.exists():
        return path
    raise FaultError(
        Fault(
            "file-missing",
            f"{written}, which draft.toml names, is not there",
            kind="usage",
            place=written,
            remedy="correct the path in draft.toml, or add the file",
        )
    )
