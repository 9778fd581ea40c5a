"""The filter bar: chooses which lines are shown, live while it is typed in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Static

from tui.model.faults import FaultError
from tui.model.frozen import frozen
from tui.model.loglines import Level, LogFilter
from tui.view.logs.choice import Choice, Option
from tui.view.logs.heading import STREAMS
from tui.view.logs.keys import BAR_KEYS
from tui.view.logs.search import compiled

if TYPE_CHECKING:
    from textual.timer import Timer

PAUSE = 0.04
"""Seconds without a key before what was typed is applied: shorter than two keys lie apart."""
LEVELS = (Level.UNKNOWN, Level.DEBUG, Level.INFO, Level.WARNING, Level.ERROR)
LEVEL_OPTIONS: list[Option] = [(f"level ≥ {level.name.lower()}", level) for level in LEVELS[1:]]
STREAM_OPTIONS: list[Option] = [(f"stream {word}", stream) for stream, word in STREAMS.items()]
HINT = "regular expressions · tab next · enter or escape close · the filter stays"


@frozen
class Choices:
    """What can be chosen from."""

    pods: tuple[str, ...] = ()
    revisions: tuple[int, ...] = ()


class FilterBar(Vertical):
    """Include, exclude, level, pod, revision and stream."""

    DEFAULT_CSS = """
    FilterBar {
        height: 3; background: $boost; display: none;
        Horizontal { height: 1; }
        Label { color: $text-muted; margin-right: 1; }
        Input { width: 1fr; margin-right: 2; }
        .filter-bar--status { color: $text-muted; height: 1; }
        &.-invalid .filter-bar--status { color: $text-error; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*BAR_KEYS]

    @dataclass
    class Chosen(Message):
        """Another filter is wanted."""

        wanted: LogFilter

    @dataclass
    class Closed(Message):
        """The reader goes back to the lines."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._fault = ""
        self._wanted = LogFilter()
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Two rows of fields and one for what is wrong with them."""
        with Horizontal():
            yield Label("include")
            yield Input(id="include", compact=True, select_on_focus=False)
            yield Label("exclude")
            yield Input(id="exclude", compact=True, select_on_focus=False)
        with Horizontal():
            yield Choice("all levels", LEVEL_OPTIONS, id="level")
            yield Choice("all pods", id="pod")
            yield Choice("all revisions", id="revision")
            yield Choice("all streams", STREAM_OPTIONS, id="stream")
        yield Static(HINT, classes="filter-bar--status", markup=False)

    def show(self, wanted: LogFilter, choices: Choices) -> None:
        """Open with the filter as it is."""
        self.take(wanted, choices)
        self._tell("")
        self.display = True
        self._field("include").focus()

    def take(self, wanted: LogFilter, choices: Choices) -> None:
        """Say what the filter is now, whoever chose it."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._wanted = wanted
        with self.prevent(Input.Changed):
            self._field("include").value = wanted.include
            self._field("exclude").value = wanted.exclude
        self._choice("level").offer(LEVEL_OPTIONS, wanted.level or None)
        self._choice("stream").offer(STREAM_OPTIONS, _only(wanted.streams - {"marker"}))
        self._choice("pod").offer([(pod, pod) for pod in choices.pods], _only(wanted.pods))
        self._choice("revision").offer(
            [(f"revision {number}", number) for number in choices.revisions[::-1]],
            _only(wanted.revisions),
        )

    def _choice(self, name: str) -> Choice:
        return self.query_one(f"#{name}", Choice)

    def _field(self, name: str) -> Input:
        return self.query_one(f"#{name}", Input)

    @on(Input.Changed)
    @on(Choice.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE, self._apply)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_close()

    def action_close(self) -> None:
        """Hide the bar; the filter stays."""
        if self._timer is not None:
            self._timer.stop()
            self._apply()
        self.display = False
        self.post_message(self.Closed())

    def _apply(self) -> None:
        """Ask for what the fields say, unless an expression is none: then the last filter stays."""
        self._timer = None
        for name in ("include", "exclude"):
            fault = expression_fault(self._field(name).value)
            if fault:
                self._tell(f"✖ {name}: {fault}")
                return
        self._tell("")
        wanted = self._read()
        if wanted != self._wanted:
            self._wanted = wanted
            self.post_message(self.Chosen(wanted))

    def _read(self) -> LogFilter:
        chosen: dict[str, Any] = {choice.id or "": choice.value for choice in self.query(Choice)}
        pod, revision, stream = (chosen[name] for name in ("pod", "revision", "stream"))
        return LogFilter(
            include=self._field("include").value,
            exclude=self._field("exclude").value,
            level=chosen["level"] or Level.UNKNOWN,
            pods=frozenset({pod} if pod else ()),
            revisions=frozenset({revision} if revision else ()),
            streams=frozenset({stream, "marker"} if stream else ()),
        )

    def _tell(self, fault: str) -> None:
        if fault != self._fault:
            self._fault = fault
            self.set_class(bool(fault), "-invalid")
            self.query_one(".filter-bar--status", Static).update(Content(fault or HINT))


def _only(values: frozenset[Any]) -> Any:
    """Return the value chosen; None for none or, set from elsewhere, several."""
    return next(iter(values)) if len(values) == 1 else None


def expression_fault(expression: str) -> str:
    """Return what is wrong with a regular expression and where; empty when nothing is."""
    try:
        compiled(expression)
    except FaultError as error:
        words = getattr(error.__cause__, "msg", None)
        position = getattr(error.__cause__, "pos", None)
        if words is None or position is None:
            return error.fault.sentence
        return f"{words}, at character {position + 1}"
    return ""
