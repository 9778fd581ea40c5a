"""Groups of changes: what a burst of file events comes to. Pure."""

from collections.abc import Iterable

from tui.model.changes import Change, ChangeKind

IGNORED_TOLD = 50
"""Ignored changes told in one group; more would only push the others off the screen."""

NET: dict[tuple[ChangeKind, ChangeKind], ChangeKind | None] = {
    ("added", "added"): "added",
    ("added", "modified"): "added",
    ("added", "deleted"): None,
    ("modified", "added"): "modified",
    ("modified", "modified"): "modified",
    ("modified", "deleted"): "deleted",
    ("deleted", "added"): "modified",
    ("deleted", "modified"): "modified",
    ("deleted", "deleted"): "deleted",
}


def coalesce(
    before: dict[str, ChangeKind], events: Iterable[tuple[str, ChangeKind]]
) -> dict[str, ChangeKind]:
    """Return what a group comes to after more events; a file that came and went is dropped."""
    group = dict(before)
    for path, kind in events:
        net = NET[group[path], kind] if path in group else kind
        if net is None:
            del group[path]
        else:
            group[path] = net
    return group


def present_group(
    group: dict[str, ChangeKind], known: set[str], ignored_by: dict[str, str]
) -> tuple[Change, ...]:
    """Return the changes of a group by path, ignored ones last and not too many of them.

    Editors replace a file by a new one of its name: what was `known` before counts as modified.
    """
    changes = [
        Change(path, _seen(path, kind, known), ignored_by.get(path, ""))
        for path, kind in sorted(group.items())
    ]
    counting = [change for change in changes if not change.ignored_by]
    ignored = [change for change in changes if change.ignored_by]
    return (*counting, *ignored[:IGNORED_TOLD])


def _seen(path: str, kind: ChangeKind, known: set[str]) -> ChangeKind:
    return "modified" if kind == "added" and path in known else kind
