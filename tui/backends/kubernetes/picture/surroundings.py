"""Surroundings: what every part of a picture is seen in."""

from tui.backends.kubernetes.objects import Objects
from tui.backends.kubernetes.picture.events import Warnings
from tui.backends.kubernetes.picture.wanted import Wanted
from tui.model.frozen import frozen


@frozen
class Surroundings:
    """All objects, the release they are looked at for, and the warnings put in order once."""

    objects: Objects
    wanted: Wanted
    warnings: Warnings
