"""What is set before the cockpit is loaded."""

import subprocess
import sys

PAINTS = """
from tui.cli import cockpit
cockpit._hurry()
import tui.view.cockpit
from textual.screen import UPDATE_PERIOD
print(round(1 / UPDATE_PERIOD) == cockpit.FRAMES)
"""


def test_a_paint_waits_no_longer_for_the_one_before_than_a_key_may() -> None:
    told = subprocess.run(
        [sys.executable, "-c", PAINTS], capture_output=True, text=True, check=True
    )
    assert told.stdout == "True\n"
