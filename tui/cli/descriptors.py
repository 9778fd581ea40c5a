"""Writing lines to file descriptors. Imports next to nothing: the quickest `up` uses it as well."""

import os


def write_line(descriptor: int, line: str) -> None:
    """Write a line and its end; raises OSError when the reader went away."""
    data = f"{line}\n".encode(errors="backslashreplace")
    while data:
        data = data[os.write(descriptor, data) :]
