"""Records situations: `python -m tests.situations NAME...`, with KUBECONFIG naming a cluster.

Each is made in a namespace of its own until redraft says of it what is expected, and what the API
server tells at that moment goes to `tests/fixtures/cluster`.
"""

import json
import sys
from contextlib import ExitStack

from tests.situations.around import AROUND
from tests.situations.cluster import Cluster, namespace
from tests.situations.expected import EXPECTED
from tests.situations.recordings import FOLDER
from tests.situations.table import BEFORE, NEXT, SITUATIONS

ALL = SITUATIONS | NEXT
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def trimmed(one: dict[str, object]) -> dict[str, object]:
    """Leave out what nobody reads."""
    metadata = one["metadata"]
    assert isinstance(metadata, dict)
    metadata.pop("managedFields", None)
    metadata.get("annotations", {}).pop(LAST_APPLIED, None)
    return one


def record(name: str, cluster: Cluster) -> None:
    """Make a situation, wait for it, write what is told of it."""
    with ExitStack() as around:
        if name in NEXT:
            cluster.apply(BEFORE[name]())
            cluster.until("ready", "")
        made = around.enter_context(AROUND[name](cluster)) if name in AROUND else ALL[name]()
        cluster.apply(made)
        cluster.until(EXPECTED[name].outcome, EXPECTED[name].cause)
        write(name, cluster)


def write(name: str, cluster: Cluster) -> None:
    """Record what is told now."""
    told = {
        kind: [trimmed(dict(one)) for one in ones.values()]
        for kind, ones in cluster.objects().by_kind.items()
        if ones
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(told, indent=1, sort_keys=True) + "\n")


for situation in sys.argv[1:]:
    with namespace() as made:
        record(situation, made)
    sys.stdout.write(f"recorded {situation}\n")
