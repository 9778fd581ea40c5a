from hypothesis import given

from tests.strategies import events
from tui.cli.narration import present_event
from tui.model import events as e
from tui.model.changes import Change
from tui.model.faults import Fault


@given(events)
def test_every_event_can_be_told(event: e.Event) -> None:
    assert all(isinstance(line, str) for line in present_event(event))


def test_a_failed_iteration_tells_sentence_evidence_and_remedy() -> None:
    fault = Fault("port-taken", "port 80 is taken", evidence=("by nginx",), remedy="free it")
    lines = present_event(e.IterationFinished(1, "failed", 1.0, fault=fault))
    assert lines == ("✖ port 80 is taken [port-taken]", "  | by nginx", "  → free it")


def test_an_unchanged_tree_is_told_as_such() -> None:
    lines = present_event(e.IterationFinished(2, "unchanged", 0.1, 7))
    assert lines == ("✔ nothing changed: revision 7 runs this tree already",)


def test_ignored_files_are_not_told() -> None:
    changes = (
        Change("a.py", "added"),
        Change("a.log", "added", ".dockerignore:1", in_context=False),
    )
    assert present_event(e.FilesChanged(changes)) == ("  changed a.py",)


def test_a_file_that_git_alone_ignores_is_told_to_be_in_the_next_build() -> None:
    (line,) = present_event(e.FilesChanged((Change("gen.js", "added", ".gitignore:1"),)))
    assert line.startswith("  gen.js goes with the next build: ignored by .gitignore:1")
