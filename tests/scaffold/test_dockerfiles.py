import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.scaffold.dockerfiles import last_stage, local_command, local_env


def command(*lines: str) -> str:
    return local_command(last_stage("\n".join(("FROM base", *lines))))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['CMD ["python", "app.py"]'], "python app.py"),
        (["CMD python app.py"], "python app.py"),
        (['ENTRYPOINT ["python"]', 'CMD ["app.py"]'], "python app.py"),
        (["ENTRYPOINT python app.py", 'CMD ["ignored"]'], "python app.py"),
        (['ENTRYPOINT ["run"]', "CMD echo hi"], "run sh -c 'echo hi'"),
        (['CMD ["sh", "-c", "a && b"]'], "a && b"),
        (['CMD ["one"]', 'CMD ["two"]'], "two"),
        (["cmd two words"], "two words"),
        (['CMD ["echo", "a b;c"]'], "echo 'a b;c'"),
        (['CMD ["echo", ""]'], "echo ''"),
        (["RUN true"], ""),
        (["WORKDIR /srv", 'CMD ["/srv/run", "/srvx"]'], "./run /srvx"),
        (["WORKDIR /srv/", "CMD /srv/run"], "./run"),
        (["EXPOSE 5000", "CMD serve 0.0.0.0:5000"], "serve 127.0.0.1:$PORT"),
        (["EXPOSE 5000", 'CMD ["s", "--port=5000"]'], 's --port="$PORT"'),
        (["EXPOSE 5000", 'CMD ["s", "15000"]'], "s 15000"),
        (["EXPOSE 5000/tcp", "CMD s ${PORT:-5000}"], "s ${PORT:-$PORT}"),
        (["ENV PORT=7000", "EXPOSE $PORT", "CMD s 7000"], "s $PORT"),
        (["CMD a \\", "  # a comment", "  b"], "a    b"),
        (["RUN <<END", "CMD hidden", "END", "CMD shown"], "shown"),
    ],
)
def test_what_the_container_would_start_is_started_here(lines: list[str], expected: str) -> None:
    assert command(*lines).split() == expected.split()


def test_a_stage_takes_over_what_its_base_says() -> None:
    stage = last_stage(
        "FROM x AS base\nENV A=1\nCMD base\nFROM y\nCMD other\n"
        "FROM --platform=p base\nENV B=$A${C:-3}\n"
    )
    assert (stage.cmd, stage.env) == ("base", {"A": "1", "B": "13"})


def test_variables_that_mean_the_container_stay_there() -> None:
    stage = last_stage('FROM x\nENV PATH=/v:$PATH PORT=1 A="b c"\nENV OLD some text\n')
    assert local_env(stage) == {"A": "b c", "OLD": "some text"}


words = st.sampled_from(
    [
        *("FROM", "ENV", "EXPOSE", "CMD", "ENTRYPOINT", "WORKDIR", "ARG", "x", "AS"),
        *("=", "$A", "${", "[", '"a"', "]", "\\", "\n", " ", "'", '"', "#", "<<E"),
        *("99999", "0"),
    ]
)


@given(st.lists(words).map("".join) | st.text())
def test_no_text_makes_reading_a_dockerfile_fail(text: str) -> None:
    stage = last_stage(text)
    assert isinstance(local_command(stage), str)
    assert 0 <= stage.exposed < 65536
