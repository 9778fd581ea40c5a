import pytest

from tui.cli.confirming import require_name
from tui.model.faults import FaultError
from tui.model.places import Protection

PROTECTION = Protection("prod-eu", "context prod-eu is not local")


def test_the_name_given_is_enough() -> None:
    require_name(PROTECTION, "prod-eu")


@pytest.mark.parametrize("given", ["", "prod-us"])
def test_without_the_right_name_nothing_goes_on(given: str) -> None:
    with pytest.raises(FaultError) as error:
        require_name(PROTECTION, given)
    assert error.value.fault.code == "name-not-confirmed"
    assert error.value.fault.exit_code == 2
    assert error.value.fault.remedy == "add --confirm prod-eu"
