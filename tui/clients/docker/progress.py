"""Progress of a build, in BuildKit's terms; both builders tell it alike."""

from tui.model.frozen import frozen


@frozen
class Vertex:
    """A node of the build's graph, such as one instruction, as it is now.

    A vertex may be worked at in several intervals: it then starts again after it completed.
    """

    id: str
    name: str
    started: float = 0.0
    """Unix time in seconds; 0 before its start."""
    completed: float = 0.0
    cached: bool = False
    error: str = ""


@frozen
class Transfer:
    """How far something is that a vertex moves: the context, a layer."""

    vertex: str
    id: str
    """Of what is moved, unique in its vertex."""
    done: int
    """Bytes."""
    total: int
    """0 where it is not known."""


@frozen
class Printed:
    """Output of a vertex, cut anywhere."""

    vertex: str
    text: bytes


@frozen
class BuildWarning:
    """What the builder would have written otherwise."""

    vertex: str
    sentence: str
    details: tuple[str, ...] = ()
    line: int = 0
    """Of the Dockerfile; 0 where it is not said."""


@frozen
class Solved:
    """The build is done: the image has its names."""


@frozen
class Unsolved:
    """The build failed."""

    lines: tuple[str, ...]
    """What the builder says at its end."""
    line: int = 0
    """Of the Dockerfile, where the builder names it; else 0."""


Progress = Vertex | Transfer | Printed | BuildWarning | Solved | Unsolved
