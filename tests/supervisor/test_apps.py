"""What apps do to those who run them, each with a real process."""

import os
import signal
import socket
from functools import partial

import pytest

from tests.keeping import SERVER, container_of
from tests.supervisor.stage import Stage, get, processes_of
from tui.clients.process.launcher import launch_supervisor
from tui.clients.process.supervisor import SupervisorClient
from tui.model.evidence import LINES_KEPT
from tui.model.rollouts import Container


def ended(container: Container) -> bool:
    return container.last is not None and not container.running


async def test_a_command_that_is_not_there_is_a_failed_start(stage: Stage) -> None:
    await stage.apply(stage.command(1, ("no-such-command",)))
    container = await stage.until_container(ended)
    assert container.last is not None
    assert (container.last.reason, container.last.exit_code) == ("StartError", 127)
    assert "no-such-command" in container.last.message
    assert container.waiting == "CrashLoopBackOff"


async def test_a_file_that_may_not_be_run_is_a_failed_start(stage: Stage) -> None:
    script = stage.folder / "script"
    script.write_text("#!/bin/sh\n")
    await stage.apply(stage.command(1, (str(script),)))
    container = await stage.until_container(ended)
    assert container.last is not None
    assert (container.last.reason, container.last.exit_code) == ("StartError", 126)
    assert "Permission denied" in container.last.message


async def test_a_command_the_shell_does_not_find_is_a_failed_start(stage: Stage) -> None:
    await stage.apply(stage.command(1, ("sh", "-c", "no-such-command --port $PORT")))
    container = await stage.until_container(ended)
    assert container.last is not None
    assert container.last.reason == "StartError"
    assert "no-such-command" in container.last.message


async def test_a_nul_in_an_argument_is_a_failed_start(stage: Stage) -> None:
    await stage.apply(stage.command(1, ("echo", "a\0b")))
    container = await stage.until_container(ended)
    assert container.last is not None
    assert container.last.reason == "StartError"


def backed_off(container: Container) -> bool:
    return ended(container) and container.retry_at > 0


async def test_a_crash_tells_code_and_last_lines_and_is_backed_off(stage: Stage) -> None:
    text = "import sys\nfor n in range(99): print('line', n)\nsys.exit('boom')"
    await stage.apply(stage.app(1, text))
    first = await stage.until_container(backed_off)
    assert first.last is not None
    assert (first.last.exit_code, first.last.reason) == (1, "Error")
    assert first.last.last_lines[-1] == "boom"
    assert len(first.last.last_lines) == LINES_KEPT
    second = await stage.until_container(lambda c: backed_off(c) and c.restarts == 1)
    assert second.retry_at > first.retry_at + 1


async def test_an_app_that_ends_well_is_started_again(stage: Stage) -> None:
    await stage.apply(stage.app(1, "print('done')", opens_port=False))
    container = await stage.until_container(lambda c: ended(c) and c.restarts == 1)
    assert container.last is not None
    assert (container.last.exit_code, container.last.reason) == (0, "Completed")


async def test_a_signal_is_told_by_number(stage: Stage) -> None:
    await stage.apply(stage.app(1, "import os; os.kill(os.getpid(), 9)"))
    container = await stage.until_container(ended)
    assert container.last is not None
    assert (container.last.exit_code, container.last.signal) == (None, signal.SIGKILL)


async def test_an_app_that_opens_no_port_says_what_the_probe_saw(stage: Stage) -> None:
    await stage.apply(stage.app(1, "import signal; signal.pause()"))
    rollout = await stage.until(lambda r: bool(r.pods and r.pods[0].containers[0].probe_message))
    port = rollout.pods[0].address.rpartition(":")[2]
    assert rollout.pods[0].containers[0].probe_message == f"connection refused on port {port}"
    assert rollout.serving == 0


async def test_what_another_program_answers_at_its_port_is_not_taken_for_the_app(
    stage: Stage,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as another:
        taken = another.getsockname()[1]
        module, env = "tests.supervisor.too_late", {"TAKEN": str(taken)}
        stage.client = SupervisorClient(
            stage.state, partial(launch_supervisor, module=module, env=env)
        )
        await stage.apply(stage.app(1))
        rollout = await stage.until_serving(1)
    assert container_of(rollout).restarts == 1
    assert container_of(rollout).last is not None
    assert await get(rollout.url) == "revision 1"


async def test_an_app_whose_port_a_process_of_another_session_opens_is_ready_after_a_while(
    stage: Stage,
) -> None:
    text = """
import subprocess, sys
if len(sys.argv) == 1:
    subprocess.run([sys.executable, __file__, "daemon"], start_new_session=True)
"""
    await stage.apply(stage.app(1, text + SERVER))
    rollout = await stage.until_serving(1)
    assert container_of(rollout).restarts == 0
    assert await get(rollout.url) == "revision 1"


async def test_an_app_that_opens_another_port_is_found_out(stage: Stage) -> None:
    text = """
import signal, socket, subprocess, sys
if len(sys.argv) == 1:
    subprocess.run([sys.executable, __file__, "child"])
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
signal.pause()
"""
    await stage.apply(stage.app(1, text))
    container = await stage.until_container(lambda c: bool(c.listening))
    assert [str(port) for port in container.listening] == stage.printed()
    assert not container.ready


async def test_a_probe_that_gets_an_error_is_not_ready(stage: Stage) -> None:
    await stage.apply(stage.app(1, probe_path="/healthz", env={"STATUS": "503"}))
    container = await stage.until_container(lambda c: "HTTP" in c.probe_message)
    assert container.probe_message == "HTTP 503 from /healthz"
    assert container.running
    assert not container.ready


async def test_a_probe_that_meets_no_http_says_so(stage: Stage) -> None:
    text = """
import os, socket
listening = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
while True:
    listening.accept()[0].sendall(b"220 mail.example ESMTP\\r\\n")
"""
    await stage.apply(stage.app(1, text, probe_path="/"))
    container = await stage.until_container(lambda c: "HTTP" in c.probe_message)
    assert container.probe_message == "what answers on / does not speak HTTP"


async def test_an_app_on_the_other_localhost_is_found(stage: Stage) -> None:
    if not has_ipv6():
        pytest.skip("this machine has no ::1")
    await stage.apply(
        stage.app(
            1,
            SERVER.replace("127.0.0.1", "::1")
            .replace("class Server(", "import socket\nclass Server(")
            .replace("daemon_threads", "address_family = socket.AF_INET6; daemon_threads"),
        )
    )
    rollout = await stage.until_serving(1)
    assert await get(rollout.url) == "revision 1"


async def test_a_worker_is_ready_when_it_stays_running(stage: Stage) -> None:
    await stage.apply(stage.app(1, "import signal; signal.pause()", opens_port=False))
    rollout = await stage.until_serving(1)
    assert rollout.url == ""
    assert rollout.pods[0].address == ""


async def test_an_app_that_ignores_sigterm_is_killed_after_its_grace(stage: Stage) -> None:
    stubborn = "import signal; signal.signal(15, signal.SIG_IGN)\n" + SERVER
    await stage.apply(stage.app(1, stubborn, stop_grace=0.3))
    await stage.until_serving(1)
    await stage.apply(stage.app(2))
    rollout = await stage.until(lambda r: r.serving == 2 and len(r.pods) == 1)
    assert rollout.pods[0].revision == 2


async def test_an_app_may_take_its_grace_to_end_well(stage: Stage) -> None:
    text = """
import signal, sys, time
def end(*args):
    time.sleep(0.5)
    print("bye")
    sys.exit()
signal.signal(signal.SIGTERM, end)
"""
    await stage.apply(
        stage.command(1, ("sh", "-c", f"{stage.app(1, text + SERVER).argv[0]} -u app-1.py; true"))
    )
    await stage.until_serving(1)
    await stage.client.stop()
    assert "bye" in stage.printed()


async def test_children_end_with_the_app(stage: Stage) -> None:
    text = "import subprocess; subprocess.Popen(['sleep', '1000'])\n"
    await stage.apply(stage.app(1, text + SERVER))
    await stage.until_serving(1)
    assert len(processes_of(stage)) == 2
    await stage.client.stop()
    assert processes_of(stage) == []


async def test_a_daemon_ends_with_the_process_that_left_it_behind(stage: Stage) -> None:
    text = "import os\nif os.fork(): os._exit(0)\nos.setsid()\nif os.fork(): os._exit(0)\n" + SERVER
    await stage.apply(stage.app(1, text))
    container = await stage.until_container(ended)
    assert container.last is not None
    assert container.last.reason == "Completed"
    await stage.client.stop()
    assert processes_of(stage) == []


async def test_a_megabyte_without_a_line_end_flows(stage: Stage) -> None:
    text = "import sys\nsys.stdout.write('x' * 1_000_000)\nsys.stdout.flush()\n"
    await stage.apply(stage.app(1, text + SERVER))
    await stage.until_serving(1)
    assert "".join(stage.printed()).count("x") >= 900_000


async def test_a_prompt_is_told_before_its_line_ends(stage: Stage) -> None:
    go_on = stage.folder / "go-on"
    text = (
        "import os, sys, time\n"
        "sys.stdout.write('Continue? ')\n"
        f"while not os.path.exists({str(go_on)!r}): time.sleep(0.02)\n"
        "print('\\nYes, more')\n"
    )
    await stage.apply(stage.app(1, text + SERVER))
    await stage.until_printed(["Continue? …"])
    go_on.touch()
    await stage.until_printed(["Continue? …", "Yes, more"])


async def test_any_bytes_are_kept_as_lines(stage: Stage) -> None:
    text = r"import os; os.write(1, b'nul \0\ninvalid \xff\xfe\n\x1b]0;title\x07\n')" + "\n"
    await stage.apply(stage.app(1, text + SERVER))
    await stage.until_serving(1)
    assert stage.printed() == ["nul \0", "invalid \ufffd\ufffd", "\x1b]0;title\x07"]


async def test_an_app_may_close_its_output(stage: Stage) -> None:
    await stage.apply(stage.app(1, "import os; os.close(1); os.close(2)\n" + SERVER))
    rollout = await stage.until_serving(1)
    assert await get(rollout.url) == "revision 1"


async def test_markers_tell_starts_and_ends_among_the_lines(stage: Stage) -> None:
    await stage.apply(stage.app(1, "print('hello')"))
    await stage.until_container(lambda c: ended(c) and c.restarts == 1)
    told = [r.message for r in stage.records() if r.restart == 0]
    assert told[0].startswith("app-1-1 started as process ")
    assert told[1:] == ["hello", "app-1-1 exited with code 0"]


async def test_the_app_sees_no_more_than_it_was_given(stage: Stage) -> None:
    await stage.apply(stage.app(1, "import os\nprint(*sorted(os.environ))\n" + SERVER))
    rollout = await stage.until_serving(1)
    names = set(stage.printed()[0].split()) - {"LC_CTYPE", "__CF_USER_TEXT_ENCODING"}
    assert names == {"PATH", "PORT", "REDRAFT_REPLICA", "SAYS"}
    assert rollout.pods[0].address.startswith("127.0.0.1:")


async def test_each_replica_has_a_port_of_its_own(stage: Stage) -> None:
    await stage.apply(stage.command(1, (*stage.app(1).argv, "{port}"), replicas=3))
    rollout = await stage.until_serving(1)
    assert len({pod.address for pod in rollout.pods}) == 3
    assert rollout.workloads[0].ready == 3


async def test_a_killed_replica_comes_back(stage: Stage) -> None:
    await stage.apply(stage.app(1, replicas=2))
    await stage.until_serving(1)
    os.kill(processes_of(stage)[0].pid, signal.SIGKILL)
    rollout = await stage.until(
        lambda r: sum(p.restarts for p in r.pods) == 1 and all(p.ready for p in r.pods)
    )
    assert rollout.serving == 1


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False
