"""What of a superseded build the next one may want; the names are those that BuildKit gives."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.backends.images.sharing import CONTEXT, Vertices, instruction, still_wanted, waited_for
from tui.clients.docker.progress import Progress, Transfer, Vertex

INSTALL = Vertex("old", "[4/5] RUN pip install", 10.0)
LATER = replace(INSTALL, id="new", name="[4/6] RUN pip install", started=0.0)
"""The same step of the next build, as it is announced: by a digest of its own."""
METADATA = Vertex("m", "[internal] load metadata for busybox", 1.0)


def vertices(*told: Progress) -> Vertices:
    one = Vertices()
    one.take(told)
    return one


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("[4/5] RUN make", ("", "RUN make")),
        ("[build 2/4] RUN make", ("build ", "RUN make")),
        ("[linux/arm64 build 2/4] RUN a\nb", ("linux/arm64 build ", "RUN a\nb")),
        (
            "[1/2] FROM docker.io/library/busybox:latest",
            ("", "FROM docker.io/library/busybox:latest"),
        ),
        ("[internal] load build context", None),
        ("[auth] library/busybox:pull token for registry-1.docker.io", None),
        ("exporting to image", None),
    ],
)
def test_an_instruction_is_known_by_its_stage_and_text(
    name: str, found: tuple[str, str] | None
) -> None:
    assert instruction(name) == found


@pytest.mark.parametrize(
    "next_one",
    [
        (),
        (METADATA,),
        (LATER,),
        (LATER, replace(LATER, id="before", name="[3/6] COPY requirements.txt .", started=2.0)),
        (LATER, INSTALL),
    ],
)
def test_a_step_is_wanted_while_the_next_build_may_come_to_it(next_one: tuple[Vertex, ...]) -> None:
    assert still_wanted(vertices(INSTALL), vertices(*next_one))


@pytest.mark.parametrize(
    "next_one",
    [
        (replace(LATER, started=20.0),),
        (replace(LATER, started=20.0, completed=20.0, cached=True),),
        (replace(LATER, name="[4/5] RUN pip install flask"),),
        (replace(LATER, name="[base 4/5] RUN pip install"),),
    ],
)
def test_a_step_is_not_wanted_that_the_next_build_does_or_has_by_itself_or_lacks(
    next_one: tuple[Vertex, ...],
) -> None:
    assert not still_wanted(vertices(INSTALL), vertices(METADATA, *next_one))


def test_a_step_is_wanted_that_the_next_build_found_failed_to_be_told_why() -> None:
    failed = replace(LATER, started=20.0, completed=21.0, error="exit code: 1")
    assert still_wanted(vertices(INSTALL), vertices(METADATA, failed))


def test_one_wanted_step_of_several_is_enough() -> None:
    older = vertices(INSTALL, replace(INSTALL, id="web", name="[web 2/3] RUN npm ci"))
    assert still_wanted(older, vertices(LATER, Vertex("own", "[web 2/3] RUN npm ci", 20.0)))


def test_what_the_builder_does_for_itself_is_wanted_by_nobody() -> None:
    older = vertices(
        METADATA, replace(INSTALL, completed=11.0), Vertex("e", "exporting to image", 12.0)
    )
    assert not still_wanted(older, None)


def test_the_context_is_there_once_what_was_moved_of_it_is_told_complete() -> None:
    context = Vertex("c", CONTEXT)
    one = vertices(context)
    told = (
        replace(context, started=1.0),
        replace(context, started=1.0, completed=1.0),
        replace(context, started=1.1),
        Transfer("c", "transferring context:", 0, 0),
    )
    for progress in told:
        one.take([progress])
        assert not one.has_context
    one.take([replace(context, started=1.1, completed=1.2)])
    assert one.has_context


def test_a_build_without_a_context_needs_none() -> None:
    assert vertices(INSTALL).has_context


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        ((LATER,), True),
        ((METADATA,), False),
        ((LATER, METADATA), False),
        ((LATER, Vertex("c", CONTEXT)), False),
        ((LATER, replace(METADATA, completed=2.0)), True),
        ((LATER, INSTALL), False),
        ((LATER, replace(INSTALL, completed=2.0)), False),
        ((replace(LATER, started=20.0),), False),
    ],
)
def test_a_build_waits_for_a_step_while_nothing_is_told_of_its_own(
    told: tuple[Vertex, ...], waits: bool
) -> None:
    for step in (INSTALL, replace(INSTALL, completed=11.0, error="exit code: 1")):
        older = vertices(step)
        assert waited_for(older, vertices(*told)) == ((step,) if waits else ())
    assert waited_for(vertices(replace(INSTALL, completed=11.0)), vertices(*told)) == ()


times = st.sampled_from([0.0, 1.0, 2.0])
some_vertices = st.builds(
    Vertex,
    id=st.sampled_from(["a", "b", "c", "d"]),
    name=st.sampled_from(
        [INSTALL.name, LATER.name, "[2/5] RUN apt", "[web 1/2] RUN npm ci", CONTEXT]
    ),
    started=times,
    completed=times,
)
progress = st.one_of(
    some_vertices, st.builds(Transfer, st.sampled_from("abc"), st.just("t"), times, times)
)


@given(st.lists(progress), st.lists(progress), st.sampled_from(["done", "alone"]))
def test_whatever_was_told_nothing_is_wanted_once_the_next_build_met_all_of_it(
    before: list[Progress], after: list[Progress], how: str
) -> None:
    older, newer = vertices(*before), vertices(*after)
    assert not (still_wanted(older, newer) and not still_wanted(older, None))
    assert still_wanted(older, None) == bool(older.under_way)
    for number, step in enumerate(older.under_way):
        completed = 9.0 if how == "done" else 0.0
        newer.take([Vertex(f"own {number}", step.name, 8.0, completed)])
    assert not still_wanted(older, newer)
