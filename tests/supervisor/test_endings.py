import errno

from tui.supervisor.endings import ended, not_started, restart_pause


def test_pauses_double_up_to_a_minute() -> None:
    pauses = [restart_pause(crashes) for crashes in range(1, 9)]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert restart_pause(10_000) == 60


def test_an_exit_code_is_an_error_unless_it_is_zero() -> None:
    assert ended(3, ("boom",), 1.0, by_shell=False).reason == "Error"
    assert ended(0, (), 1.0, by_shell=False).reason == "Completed"


def test_a_signal_is_no_exit_code() -> None:
    told = ended(-11, (), 1.0, by_shell=False)
    assert (told.exit_code, told.signal, told.reason) == (None, 11, "Error")


def test_a_kill_from_outside_says_so() -> None:
    assert "from outside" in ended(-9, (), 1.0, by_shell=False).message


def test_a_shell_that_finds_no_command_is_a_failed_start() -> None:
    lines = ("sh: 1: flsk: not found",)
    told = ended(127, lines, 1.0, by_shell=True)
    assert (told.reason, told.message) == ("StartError", lines[0])
    assert ended(127, lines, 1.0, by_shell=False).reason == "Error"


def test_a_start_that_fails_names_what_was_to_be_started() -> None:
    error = FileNotFoundError(errno.ENOENT, "No such file or directory", "flsk")
    told = not_started(error, "flsk", 1.0)
    assert (told.exit_code, told.reason) == (127, "StartError")
    assert told.message == "flsk: No such file or directory"
