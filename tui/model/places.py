"""Places: where an environment runs, and whether its name must be typed before it is changed."""

from tui.model.frozen import frozen

PLACE_CHANGED = "place-changed"
"""The code of the fault that draft.toml names another place than the one that is open."""


@frozen
class Protection:
    """Nothing is changed in this place before its name has been typed."""

    name: str
    """What has to be typed."""
    reason: str
    """Why, as a sentence: draft.toml marks it as protected, or its context is not local."""


@frozen
class Place:
    """Where an environment runs, pinned: another current context changes nothing."""

    context: str
    """The kube context, the docker context, or this machine's name."""
    namespace: str = ""
    protection: Protection | None = None
