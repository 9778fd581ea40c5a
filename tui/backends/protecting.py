"""Protecting: what draft.toml alone says of it, on whatever backend."""

from tui.config.environment import Environment
from tui.model.places import Protection


def marked(environment: Environment) -> Protection | None:
    """Return what must be typed where draft.toml marks the environment as protected."""
    if not environment.protected:
        return None
    name = environment.environment
    return Protection(name, f"draft.toml marks the environment {name} as protected")
