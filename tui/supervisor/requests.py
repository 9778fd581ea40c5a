"""Requests of HTTP/1: where a kept-alive connection may go on with another server. Pure."""

import re

REQUEST = re.compile(rb"[A-Z]+ [^\r\n ]+ HTTP/1\.[01]\r\n")


def begins_request(content: bytes) -> bool:
    """Whether these bytes begin with the whole first line of a request."""
    return REQUEST.match(content) is not None
