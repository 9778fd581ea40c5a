from hypothesis import given
from hypothesis import strategies as st

from tui.clients.docker.sockets import Listening, listening_sockets

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   2: 0100007F:1F90 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0        0 1 1
  sl  local_address                         remote_address                        st
   0: 00000000000000000000000001000000:270F 00000000000000000000000000000000:0000 0A 0:0
   1: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 0:0
"""


def test_listening_sockets_are_read_with_their_addresses() -> None:
    found = listening_sockets(TABLE)
    assert found == (
        Listening("0.0.0.0", 80),
        Listening("::", 443),
        Listening("127.0.0.1", 8080),
        Listening("::1", 9999),
    )
    assert [one.port for one in found if one.loopback] == [8080, 9999]


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert isinstance(listening_sockets(text), tuple)
