"""Recognising whose log the kubelet gave, where it may be ahead of the status that was seen.

A log does not say which incarnation it is of. But its first line came no sooner than its container
was started, which the status tells to the second, and no two logs begin with the same nanosecond.
While a container waits for its next start, the kubelet gives one log as the present one and as the
previous one. It waits from the second restart on (pkg/kubelet, doBackOff): so a first incarnation
that is not known to be waited after may have been followed by one that is over as well. These are
asked for after the log was opened: what they say of a kubelet that has not gone on since was true
then.
"""

from tui.backends.kubernetes.incarnations import Incarnation
from tui.clients.kube.loglines import SECOND
from tui.clients.kube.logs import LogReader


async def is_from_before(seen: Incarnation, reader: LogReader) -> bool:
    """Whether the log opened last, as the previous one, is of the incarnation before `seen`.

    It is of `seen` itself once that has ended and waits for the next start. Where times do not
    tell, since one ended and the next began in one second, the present log does.
    """
    second = reader.opened // SECOND
    if not seen.started or second < seen.started:
        return True
    return second == seen.started and await is_another(reader)


async def is_present(seen: Incarnation, reader: LogReader) -> bool:
    """Whether the log opened last, from its beginning as the present one, is that of `seen`.

    It is of the next incarnation once there is one: then the previous log is of `seen`. A container
    that was restarted before is restarted no sooner than in ten seconds, so that a previous log
    which begins in the second in which `seen` began is of the one before.
    """
    previous = await reader.first(previous=True)
    if previous is None:
        return True
    if previous == reader.opened:
        return seen.waits or seen.restart > 0
    if seen.restart:
        return not seen.started or previous // SECOND <= seen.started
    return 0 < previous // SECOND < seen.started


async def is_another(reader: LogReader) -> bool:
    """Whether the log opened last, as the previous one, is not given as the present one too."""
    return await reader.first() != reader.opened
