import pytest

from tui.clients.docker.dockerfile_lines import line_of_base, line_of_step

TEXT = """\
# a comment
ARG VERSION=1
FROM --platform=linux/amd64 python:3.12-slim AS Dependencies
WORKDIR /app
ENV A=1
RUN python -m venv \\
  /venv
COPY requirements.txt .

FROM debian
COPY --from=dependencies /venv /venv
RUN <<END
FROM nowhere
END
CMD ["x"]
"""


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("[dependencies 1/4] FROM docker.io/library/python:3.12-slim", 3),
        ("[dependencies 2/4] WORKDIR /app", 4),
        ("[dependencies 3/4] RUN python -m venv   /venv", 6),
        ("[dependencies 4/4] COPY requirements.txt .", 8),
        ("[stage-1 2/3] COPY --from=dependencies /venv /venv", 11),
        ("[stage-1 3/3] RUN <<END (FROM nowhere)", 12),
        ("[linux/arm64 stage-1 3/3] RUN <<END", 12),
        ("[2/3] COPY --from=dependencies /venv /venv", 11),
        ("[stage-1 2/3] RUN something else", 0),
        ("[stage-1 9/9] RUN x", 0),
        ("[internal] load build context", 0),
        ("exporting to image", 0),
    ],
)
def test_a_step_is_found_by_stage_and_number(name: str, line: int) -> None:
    assert line_of_step(TEXT, name) == line


@pytest.mark.parametrize(
    ("image", "line"),
    [
        ("docker.io/library/python:3.12-slim", 3),
        ("docker.io/library/debian:latest", 10),
        ("docker.io/library/nowhere:latest", 0),
        ("127.0.0.1:5000/debian:latest", 0),
    ],
)
def test_a_base_image_is_found_as_buildkit_spells_it(image: str, line: int) -> None:
    assert line_of_base(TEXT, image) == line
