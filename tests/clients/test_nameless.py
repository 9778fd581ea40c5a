"""What a program reads from a file without a name."""

import os
import stat
import subprocess

from tui.clients.nameless import nameless_file


def test_a_program_reads_all_of_it_from_the_beginning() -> None:
    with nameless_file(b"x" * 200_000) as file:
        told = subprocess.run(["wc", "-c"], stdin=file, capture_output=True, check=True)
    assert told.stdout.strip() == b"200000"


def test_nobody_else_comes_to_it_by_a_name() -> None:
    with nameless_file(b"secret") as file:
        found = os.fstat(file.fileno())
    assert found.st_nlink == 0
    assert stat.S_IMODE(found.st_mode) & 0o077 == 0
