"""Rows of the changes panel, and what becomes of them in the course of an iteration. Pure."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from tui.model.changes import Change
from tui.model.releases import Trigger
from tui.model.state import SeenChange

Rows = tuple[SeenChange, ...]


def row_of(change: Change, time: float) -> SeenChange:
    """Return the row of a change that was just seen."""
    if not change.ignored_by:
        return SeenChange(change, time, result="waiting")
    return SeenChange(change, time, result="next build" if change.in_context else "ignored")


def taken_up(rows: Rows, iteration: int, trigger: Trigger) -> Rows:
    """Return the rows after an iteration began: it builds all that waits, a rollback nothing.

    What was synced until then is no matter of what is synced after it.
    """
    rows = _mark(rows, _is_synced, "synced", iteration=iteration)
    if trigger == "rollback":
        return _mark(rows, lambda row: row.result == "waiting", "dropped", iteration=iteration)
    waits = {"waiting", "next build"}
    return _mark(rows, lambda row: row.result in waits, "building", iteration=iteration)


def let_go(rows: Rows) -> Rows:
    """Return the rows after the user left what waits unbuilt."""
    return _mark(rows, lambda row: row.result == "waiting", "dropped")


def syncing(rows: Rows, paths: Collection[str]) -> Rows:
    """Return the rows after a sync of these files began."""
    return _mark(rows, lambda row: _waits(row, paths), "syncing")


def synced(rows: Rows, seconds: float) -> Rows:
    """Return the rows after the sync ended well, so long after the save."""
    return _mark(rows, lambda row: row.result == "syncing", "synced", seconds=seconds)


def unsynced(rows: Rows) -> Rows:
    """Return the rows after what was synced turned out not to be there: it waits again."""
    return _mark(rows, lambda row: row.result == "syncing" or _is_synced(row), "waiting")


def _is_synced(row: SeenChange) -> bool:
    """Whether a file is in the containers and in no image yet."""
    return row.result == "synced" and not row.iteration


def _waits(row: SeenChange, paths: Collection[str]) -> bool:
    return row.result == "waiting" and row.change.path in paths


def built(rows: Rows, iteration: int, result: str) -> Rows:
    """Return the rows after an iteration ended."""
    mine = (iteration, "building")
    return _mark(rows, lambda row: (row.iteration, row.result) == mine, result)


def _mark(rows: Rows, wanted: Callable[[SeenChange], bool], result: str, **new: Any) -> Rows:
    return tuple(replace(row, result=result, **new) if wanted(row) else row for row in rows)
