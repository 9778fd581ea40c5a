"""What the history keeps of a release on the local backend."""

from dataclasses import dataclass

from tui.backends.history import Entry
from tui.model.recipes import LocalRecipe


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalEntry(Entry):
    """A release with how it was built."""

    recipe: LocalRecipe
    dependencies: str = ""
    """The key of its dependency folder; empty when it needs none."""
