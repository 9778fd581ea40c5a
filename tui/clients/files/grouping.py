"""Groups of changes: what a burst of file events comes to. Pure.

Events of one burst come in no order (watchfiles gives them as a set), and editors replace a file by
a new one of its name. So what happened to a path is told by whether it was there before and whether
it is there now, not by its events.
"""

from collections.abc import Collection, Mapping

from tui.model.changes import Change, ChangeKind

IGNORED_TOLD = 50
"""Ignored changes told in one group; more would only push the others off the screen."""


def present_group(
    paths: Collection[str],
    known: Collection[str],
    present: Mapping[str, float],
    rules: Mapping[str, str],
    outside: Collection[str] = (),
) -> tuple[Change, ...]:
    """Return the changes of a group by path, ignored ones last and not too many of them.

    `known` are the files that were there before, `present` those that are there now with the Unix
    time of their last change, `rules` what ignores a path, `outside` those that are in no build. A
    file that came and went within the group is none.
    """
    changes = [
        Change(path, kind, rules.get(path, ""), path not in outside, present.get(path, 0.0))
        for path in sorted(paths)
        if (kind := change_kind(path in known, path in present)) is not None
    ]
    counting = [change for change in changes if not change.ignored_by]
    ignored = [change for change in changes if change.ignored_by]
    return (*counting, *ignored[:IGNORED_TOLD])


def change_kind(was: bool, is_now: bool) -> ChangeKind | None:
    """Return what happened to a file that was and is there or not."""
    if is_now:
        return "modified" if was else "added"
    return "deleted" if was else None
