"""Previewing: what going from one release to another changes, as lines. Pure."""

from collections.abc import Iterator

from tui.model.images import FileDifference, ReleaseDifference

LONGEST = 100
"""Lines of one file's diff that are shown."""


def present_difference(difference: ReleaseDifference) -> tuple[str, ...]:
    """Return the settings and files that differ, files with their diffs."""
    settings = (
        f"  {one.key}: {one.old or 'not set'} → {one.new or 'not set'}"
        for one in difference.settings
    )
    files = (line for file in difference.files for line in _present_file(file))
    return (*settings, *files) or ("  nothing differs but the revision's number",)


def _present_file(file: FileDifference) -> Iterator[str]:
    yield f"{file.mark} {file.path} {file.kind}"
    rows = file.rows or ["binary or too large to compare"]
    yield from (f"  {row}" for row in rows[:LONGEST])
    if len(rows) > LONGEST:
        yield f"  … {len(rows) - LONGEST:,} more lines"
