"""`make bench`: measure everything beside its baseline; names given measure only those."""

import os
import platform
import sys
import tempfile
from pathlib import Path

from tests.bench import (
    cluster_judging,
    cluster_looping,
    cluster_reading,
    flooding,
    looping,
    reading,
    starting,
)
from tests.bench.table import Measure, Row, present, write

MEASURES: dict[str, Measure] = {
    "paint": starting.first_paint,
    "version": starting.version,
    "seen": looping.change_seen,
    "anew": looping.answer_anew,
    "second-up": looping.second_up,
    "context-warm": looping.context_warm,
    "flood": flooding.flood,
    "million": reading.million_lines,
    "idle": reading.idle,
    "cluster-loop": cluster_looping.cluster_loop,
    "cluster-logs": cluster_reading.cluster_logs,
    "cluster-follow": cluster_reading.cluster_follow,
    "cluster-verdict": cluster_judging.cluster_verdict,
}


def main(names: list[str]) -> None:
    """Measure, print the table and write bench.json."""
    rows: list[Row] = []
    for name in names or list(MEASURES):
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="redraft-bench-") as folder:
            rows += MEASURES[name](Path(folder))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}\n")
    print(present(rows))
    write(rows, Path("bench.json"))


if __name__ == "__main__":
    main(sys.argv[1:])
