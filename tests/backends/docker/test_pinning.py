from pathlib import Path

import pytest

from tui.backends.docker.pinning import check_pin, pin
from tui.clients.docker.endpoint import Endpoint
from tui.model.faults import FaultError

HERE = Endpoint("unix:///var/run/docker.sock")


def test_any_engine_will_do_before_the_first_up(tmp_path: Path) -> None:
    check_pin(tmp_path / "state", HERE)


def test_an_environment_stays_on_its_engine(tmp_path: Path) -> None:
    pin(tmp_path, HERE)
    check_pin(tmp_path, HERE)
    with pytest.raises(FaultError) as refused:
        check_pin(tmp_path, Endpoint("unix:///run/user/1000/docker.sock"))
    assert refused.value.fault.code == "engine-moved"
