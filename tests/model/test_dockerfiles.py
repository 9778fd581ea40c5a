from hypothesis import example, given
from hypothesis import strategies as st

from tui.model.dockerfiles import Instruction, instructions

TEXT = """\
# syntax=x
FROM a \\
  # a comment inside
  AS b

run <<END cat
COPY hidden
END
ENV
COPY . /app
"""


def test_instructions_stand_on_the_line_they_begin_on() -> None:
    assert list(instructions(TEXT)) == [
        Instruction(2, "FROM", "a    AS b"),
        Instruction(6, "RUN", "<<END cat"),
        Instruction(10, "COPY", ". /app"),
    ]


@given(st.text("FROM EV\\\n#<=a\"'"))
@example("ENV\\")
def test_every_instruction_has_arguments_and_a_line_of_the_text(text: str) -> None:
    for one in instructions(text):
        assert one.rest
        assert 1 <= one.line <= len(text.splitlines())
