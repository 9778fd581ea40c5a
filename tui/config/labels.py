"""Names that clusters and hosts accept: DNS labels."""

import re
import unicodedata

LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
MADE_LENGTH = 53
"""What we make up is short enough for a Helm release, which adds suffixes of its own."""


def is_dns_label(text: str) -> bool:
    """Whether `text` is a DNS label: lower-case letters, digits and dashes, at most 63."""
    return LABEL.fullmatch(text) is not None


def is_release_name(text: str) -> bool:
    """Whether a Helm release and a Service can be called by this DNS label."""
    return len(text) <= MADE_LENGTH and not text[:1].isdigit()


def dns_label(text: str) -> str:
    """Make the nearest DNS label from any text; it begins with a letter, as Services demand."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    label = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if label and label[0].isdigit():
        label = f"app-{label}"
    return label[:MADE_LENGTH].strip("-") or "app"
