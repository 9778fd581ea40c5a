"""Names that redraft writes into a cluster: labels, and how its own objects are called."""

MANAGED_BY = "app.kubernetes.io/managed-by"
OURS = "redraft"
RELEASE = "redraft.dev/release"
"""Names the release that an object belongs to: the `name` of draft.toml."""
REVISION = "redraft.dev/revision"
PART = "redraft.dev/part"
"""What of a record a Secret holds: `release`, or `content`."""

ADOPTED = "redraft.dev/adopted"
"""Annotates what was there before the release and is never deleted with it."""


def release_labels(name: str) -> dict[str, str]:
    """Return the labels of everything that a release consists of."""
    return {MANAGED_BY: OURS, RELEASE: name}


def selector(**labels: str) -> dict[str, str]:
    """Return the query that selects by redraft's own labels, such as `release="greeter"`."""
    wanted = [f"redraft.dev/{key}={value}" for key, value in labels.items()]
    return {"labelSelector": ",".join(wanted)}
